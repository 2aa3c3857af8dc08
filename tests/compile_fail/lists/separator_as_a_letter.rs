use larkspur::Syntax;

#[derive(Syntax)]
struct Names(#[syntax(separator = ',')] Vec<String>);

fn main() {}
