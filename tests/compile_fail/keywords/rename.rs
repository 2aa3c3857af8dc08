use larkspur::Syntax;

#[derive(Syntax)]
enum Status {
    #[syntax(rename = "in review")]
    InReview,
}

fn main() {}
