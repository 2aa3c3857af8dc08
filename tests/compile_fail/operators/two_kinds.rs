use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(prefix = "+", infix = "+", precedence = 1)]
    Plus(Box<Sum>, Box<Sum>),
}

fn main() {}
