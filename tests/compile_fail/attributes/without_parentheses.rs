use larkspur::Syntax;

#[derive(Syntax)]
#[syntax = "star"]
struct Star;

fn main() {}
