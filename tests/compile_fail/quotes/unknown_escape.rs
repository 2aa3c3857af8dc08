use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "'", escape = "double")]
struct Text(String);

fn main() {}
