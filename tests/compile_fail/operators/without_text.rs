use larkspur::Syntax;

#[derive(Syntax)]
enum Term {
    Name(String),
    #[syntax(infix = "", precedence = 1)]
    Apply(Box<Term>, Box<Term>),
}

fn main() {}
