use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 1..=366)]
struct Day(u8);

fn main() {}
