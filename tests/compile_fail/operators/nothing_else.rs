use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    #[syntax(prefix = "-", precedence = 1)]
    Negative(Box<Sum>),
}

fn main() {}
