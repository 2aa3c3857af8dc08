use larkspur::Syntax;

#[derive(Syntax)]
struct Statements(#[syntax(separator = "", trailing)] Vec<String>);

fn main() {}
