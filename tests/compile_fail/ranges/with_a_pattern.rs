use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 1..=12, pattern = "[0-9]{2}")]
struct Month(u8);

fn main() {}
