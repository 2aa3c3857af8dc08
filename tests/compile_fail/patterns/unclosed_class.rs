use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z")]
struct Name(String);

fn main() {}
