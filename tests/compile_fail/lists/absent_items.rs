use larkspur::Syntax;

#[derive(Syntax)]
struct Row(#[syntax(separator = ",")] Vec<Option<u32>>);

#[derive(Syntax)]
struct Gaps(#[syntax(separator = "", min = 1)] Vec<Option<u32>>);

fn main() {}
