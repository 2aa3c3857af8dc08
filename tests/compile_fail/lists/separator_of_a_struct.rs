use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("({0})", separator = ", ")]
struct Names(Vec<String>);

fn main() {}
