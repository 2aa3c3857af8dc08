use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
    #[syntax("asc")]
    Ascending,
}

fn main() {}
