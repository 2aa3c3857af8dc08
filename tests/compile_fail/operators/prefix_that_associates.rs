use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(prefix = "-", precedence = 1, associativity = "right")]
    Negative(Box<Sum>),
}

fn main() {}
