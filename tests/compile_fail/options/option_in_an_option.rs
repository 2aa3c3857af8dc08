use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("set {value}")]
struct Update {
    value: Option<Option<u32>>,
}

fn main() {}
