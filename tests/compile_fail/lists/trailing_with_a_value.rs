use larkspur::Syntax;

#[derive(Syntax)]
struct Names(#[syntax(separator = ";", trailing = true)] Vec<String>);

fn main() {}
