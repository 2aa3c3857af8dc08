use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(precedence = 1)]
enum Sum {
    Number(u32),
    #[syntax(group = "({})")]
    Flag(#[syntax(infix = "+")] bool),
}

fn main() {}
