use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(prefix = "-", precedence = 1)]
    Negative(Box<Sum>, Box<Sum>),
}

fn main() {}
