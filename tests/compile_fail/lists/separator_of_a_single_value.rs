use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("({names})")]
struct Names {
    #[syntax(separator = ", ")]
    names: String,
}

fn main() {}
