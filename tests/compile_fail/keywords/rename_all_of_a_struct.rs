use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{first} {second}", rename_all = "lowercase")]
struct Pair {
    first: u8,
    second: u8,
}

fn main() {}
