use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = r"\bid\b")]
struct Name(String);

fn main() {}
