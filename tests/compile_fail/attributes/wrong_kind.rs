use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(group = '(')]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = "low")]
    Plus(Box<Sum>, Box<Sum>),
    #[syntax(infix, precedence = 2)]
    Times(Box<Sum>, Box<Sum>),
}

fn main() {}
