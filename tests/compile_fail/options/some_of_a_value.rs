use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("all{limit}")]
struct Query {
    #[syntax(some = " limit {}")]
    limit: u32,
}

fn main() {}
