use larkspur::Syntax;

#[derive(Syntax)]
enum Type {
    #[syntax("Vec<{0}> }")]
    Vec(u8),
}

fn main() {}
