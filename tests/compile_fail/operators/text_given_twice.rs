use larkspur::Syntax;

#[derive(Syntax)]
enum Filter {
    All,
    #[syntax(infix = "|", precedence = 1)]
    Or(Box<Filter>, Box<Filter>),
    #[syntax(infix = "|", precedence = 2)]
    Either(Box<Filter>, Box<Filter>),
}

fn main() {}
