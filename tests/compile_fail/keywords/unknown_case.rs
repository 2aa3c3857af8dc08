use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(rename_all = "snakecase")]
enum Status {
    InReview,
}

fn main() {}
