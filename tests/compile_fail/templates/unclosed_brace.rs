use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{ {body")]
struct Block {
    body: String,
}

fn main() {}
