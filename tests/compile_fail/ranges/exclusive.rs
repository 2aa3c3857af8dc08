use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 0..24)]
struct Hour(u8);

fn main() {}
