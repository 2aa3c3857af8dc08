use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = 0.5..=1)]
struct Share(u8);

fn main() {}
