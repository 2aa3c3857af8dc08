use larkspur::Syntax;

#[derive(Syntax)]
struct Name(&'static str);

fn main() {}
