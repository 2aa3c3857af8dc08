use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("f{arguments}")]
struct Call {
    #[syntax(some = "({})", min = 1)]
    arguments: Vec<u32>,
}

fn main() {}
