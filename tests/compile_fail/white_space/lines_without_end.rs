use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{first}\n{second}", lines)]
struct Lines {
    first: u8,
    second: u8,
}

fn main() {}
