use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "")]
struct Code(String);

fn main() {}
