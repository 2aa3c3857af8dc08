use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z]+", blank = 0..=4)]
struct Word(String);

fn main() {}
