use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(rename_all = "title")]
enum Status {
    InReview,
}

fn main() {}
