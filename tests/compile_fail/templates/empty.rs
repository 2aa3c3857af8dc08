use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("")]
struct Nothing;

fn main() {}
