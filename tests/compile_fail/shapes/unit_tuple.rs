use larkspur::Syntax;

#[derive(Syntax)]
struct Marker();

fn main() {}
