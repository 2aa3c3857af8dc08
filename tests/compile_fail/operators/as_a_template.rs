use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax("{0} + {1}")]
    Plus(Box<Sum>, Box<Sum>),
}

fn main() {}
