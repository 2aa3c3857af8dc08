use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z&&0-9]")]
struct Name(String);

fn main() {}
