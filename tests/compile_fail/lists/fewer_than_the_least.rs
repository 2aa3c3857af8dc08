use larkspur::Syntax;

#[derive(Syntax)]
struct Octets(#[syntax(separator = ".", min = 4, max = 3)] Vec<u8>);

fn main() {}
