use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(infix = "+")]
    Plus(Box<Sum>, Box<Sum>),
}

fn main() {}
