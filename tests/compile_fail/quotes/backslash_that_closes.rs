use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "/\\", escape = "backslash")]
struct Text(String);

fn main() {}
