use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{left} and {right}")]
struct Both<T> {
    left: T,
    right: T,
}

struct Name;

fn read(text: &str) {
    let _ = Both::<Name>::parse(text);
}

fn main() {}
