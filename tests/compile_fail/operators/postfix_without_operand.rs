use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(postfix = "!", precedence = 1)]
    Factorial,
}

fn main() {}
