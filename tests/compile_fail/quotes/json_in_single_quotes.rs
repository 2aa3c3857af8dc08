use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "'", escape = "json")]
struct Text(String);

fn main() {}
