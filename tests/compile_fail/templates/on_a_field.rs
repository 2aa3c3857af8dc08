use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{name}{limit}")]
struct Query {
    name: bool,
    #[syntax(" limit {0}")]
    limit: Option<u32>,
}

fn main() {}
