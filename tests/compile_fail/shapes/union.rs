use larkspur::Syntax;

#[derive(Syntax)]
union Bits {
    int: u32,
    float: f32,
}

fn main() {}
