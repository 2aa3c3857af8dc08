use larkspur::Syntax;

#[derive(Syntax)]
struct Name(#[syntax(regex = "[a-z]+")] String);

fn main() {}
