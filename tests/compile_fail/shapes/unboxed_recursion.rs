use larkspur::Syntax;

#[derive(Syntax)]
enum Filter {
    All,
    #[syntax(infix = "and", precedence = 1)]
    And(Filter, Filter),
}

fn main() {}
