use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("${0}", pattern = "[a-z]+")]
struct Variable(String);

fn main() {}
