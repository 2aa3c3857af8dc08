use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = -1..=9)]
struct Level(u32);

fn main() {}
