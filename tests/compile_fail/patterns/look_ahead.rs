use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "(?!if)[a-z]+")]
struct Name(String);

fn main() {}
