use larkspur::Syntax;

#[derive(Syntax)]
struct Name<'t>(&'t str);

fn main() {}
