use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = 1)]
    Plus(Box<Sum>),
}

fn main() {}
