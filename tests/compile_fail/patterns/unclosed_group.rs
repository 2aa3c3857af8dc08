use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = r"v(\d+(\.\d+)?")]
struct Version(String);

fn main() {}
