use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(group = "({}")]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = 1)]
    Plus(Box<Sum>, Box<Sum>),
}

fn main() {}
