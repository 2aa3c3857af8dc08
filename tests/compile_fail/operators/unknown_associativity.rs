use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = 1, associativity = "both")]
    Plus(Box<Sum>, Box<Sum>),
}

fn main() {}
