use larkspur::Syntax;

#[derive(Syntax)]
enum Tree {
    Leaf,
    Node(Box<Tree>),
}

fn main() {}
