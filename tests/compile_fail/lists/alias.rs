use larkspur::Syntax;

type Names = Vec<String>;

#[derive(Syntax)]
#[syntax("({names})")]
struct Tuple {
    #[syntax(min = 1)]
    names: Names,
}

fn main() {}
