use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(blank = 0..=4, ignore_case, ignore_case)]
enum Status {
    #[syntax("in  review")]
    InReview,
}

fn main() {}
