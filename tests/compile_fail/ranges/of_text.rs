use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 1..=12)]
struct Month(String);

fn main() {}
