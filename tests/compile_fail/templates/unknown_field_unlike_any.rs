use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{left} = {right} {comment}")]
struct Assignment {
    left: u8,
    right: bool,
}

fn main() {}
