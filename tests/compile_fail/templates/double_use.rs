use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{0}..{0}")]
struct Range(u8);

fn main() {}
