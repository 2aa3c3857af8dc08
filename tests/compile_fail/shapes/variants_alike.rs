use larkspur::Syntax;

#[derive(Syntax)]
enum Value {
    Width(u32),
    Height(u32),
}

fn main() {}
