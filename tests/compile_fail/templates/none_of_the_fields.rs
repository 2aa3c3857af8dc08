use larkspur::Syntax;

#[derive(Syntax)]
enum Value {
    #[syntax("{value}")]
    Null,
}

fn main() {}
