use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "'", pattern = "[a-z]+", escape = "doubled")]
struct Text(String);

fn main() {}
