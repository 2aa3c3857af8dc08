use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z]+", ignore_case)]
struct Word(String);

fn main() {}
