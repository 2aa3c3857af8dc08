use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("limit {count}")]
struct Limit {
    count: u32,
    offset: u32,
}

fn main() {}
