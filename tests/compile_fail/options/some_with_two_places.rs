use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("all{limit}")]
struct Query {
    #[syntax(some = " from {} to {}")]
    limit: Option<u32>,
}

fn main() {}
