use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 12)]
struct Month(u8);

fn main() {}
