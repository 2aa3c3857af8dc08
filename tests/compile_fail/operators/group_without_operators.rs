use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(group = "({})")]
enum Value {
    Number(u32),
    Flag(bool),
}

fn main() {}
