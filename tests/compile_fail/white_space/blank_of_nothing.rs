use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{first} {second}", blank = 4..=1)]
struct Pair {
    first: u8,
    second: u8,
}

fn main() {}
