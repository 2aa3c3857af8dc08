use larkspur::Syntax;

struct Column(String);

#[derive(Syntax)]
#[syntax("select {columns}")]
struct Select {
    #[syntax(separator = ", ", min = 1)]
    columns: Vec<Column>,
}

fn main() {}
