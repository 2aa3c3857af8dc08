use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(quote = "'", pattern = "[^;]+")]
struct Text(String);

fn main() {}
