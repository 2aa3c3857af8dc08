use larkspur::Syntax;

#[derive(Syntax)]
struct Point {
    x: i32,
    y: i32,
}

fn main() {}
