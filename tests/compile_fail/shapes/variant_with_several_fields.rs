use larkspur::Syntax;

#[derive(Syntax)]
enum Condition {
    Always,
    Compare { field: String, value: i64 },
}

fn main() {}
