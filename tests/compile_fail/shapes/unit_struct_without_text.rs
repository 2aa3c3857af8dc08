use larkspur::Syntax;

#[derive(Syntax)]
struct Star;

fn main() {}
