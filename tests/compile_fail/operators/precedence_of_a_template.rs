use larkspur::Syntax;

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax("({0})", precedence = 9, associativity = "left")]
    Group(Box<Sum>),
}

fn main() {}
