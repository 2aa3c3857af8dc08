use larkspur::Syntax;

#[derive(Syntax)]
struct Nobody(#[syntax(max = 0)] Vec<String>);

fn main() {}
