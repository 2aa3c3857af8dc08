use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(crate = "larkspur_gramar")]
struct Id(u32);

fn main() {}
