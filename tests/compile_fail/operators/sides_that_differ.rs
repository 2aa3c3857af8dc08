use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = 1)]
    Plus(Box<Sum>, Box<Sum>),
    #[syntax(infix = "^", precedence = 1, associativity = "right")]
    Power(Box<Sum>, Box<Sum>),
}

fn main() {}
