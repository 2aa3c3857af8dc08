use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(crate = "my grammar")]
struct Id(u32);

fn main() {}
