use larkspur::Syntax;

#[derive(Syntax)]
enum Filter<T> {
    Value(T),
    #[syntax(infix = "=", precedence = 1)]
    Equal(Box<Self>, T),
}

fn main() {}
