use larkspur::Syntax;

const NAME: &str = "[a-z]+";

#[derive(Syntax)]
#[syntax(pattern = NAME)]
struct Name(String);

fn main() {}
