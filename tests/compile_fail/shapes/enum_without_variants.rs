use larkspur::Syntax;

#[derive(Syntax)]
enum Never {}

fn main() {}
