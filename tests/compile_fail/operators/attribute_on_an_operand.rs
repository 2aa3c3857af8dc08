use larkspur::Syntax;

#[derive(Syntax)]
enum Filter {
    All,
    #[syntax(prefix = "not", precedence = 1)]
    Not(#[syntax(some = "({})")] Box<Filter>),
}

fn main() {}
