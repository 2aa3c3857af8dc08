use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(escape = "backslash")]
struct Text(String);

fn main() {}
