use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(ignore_case)]
enum Status {
    Open,
    #[syntax("OPEN")]
    Shouted,
}

fn main() {}
