use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = r"(a|b)\1")]
struct Twice(String);

fn main() {}
