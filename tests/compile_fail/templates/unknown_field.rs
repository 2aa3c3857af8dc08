use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{colum} = {value}")]
struct Assignment {
    column: u8,
    value: bool,
}

fn main() {}
