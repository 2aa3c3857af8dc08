use larkspur::Syntax;

#[derive(Syntax)]
enum Direction {
    #[syntax("asc", "ascending")]
    Up,
}

fn main() {}
