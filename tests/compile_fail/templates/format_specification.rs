use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{name:?}")]
struct Quoted {
    name: String,
}

fn main() {}
