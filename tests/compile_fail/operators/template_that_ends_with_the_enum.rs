use larkspur::Syntax;

#[derive(Syntax)]
enum Filter {
    All,
    #[syntax("not {0}")]
    Not(Box<Filter>),
    #[syntax(infix = "and", precedence = 1)]
    And(Box<Filter>, Box<Filter>),
}

fn main() {}
