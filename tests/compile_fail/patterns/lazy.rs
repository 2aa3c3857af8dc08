use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "<.+?>")]
struct Tag(String);

fn main() {}
