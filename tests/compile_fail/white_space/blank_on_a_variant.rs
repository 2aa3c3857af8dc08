use larkspur::Syntax;

#[derive(Syntax)]
enum Value {
    #[syntax("not {0}", blank = 0..=4)]
    Not(bool),
}

fn main() {}
