use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{0}")]
enum Value {
    Number(f64),
    Text(String),
}

fn main() {}
