use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z]+")]
struct Pair(String, String);

fn main() {}
