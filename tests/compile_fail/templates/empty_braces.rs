use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("#{}")]
struct Issue(u32);

#[derive(Syntax)]
#[syntax("{}..{}")]
struct Range(u32, u32);

fn main() {}
