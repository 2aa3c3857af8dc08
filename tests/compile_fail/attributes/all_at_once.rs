use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(groop = "({})")]
enum Filter {
    #[syntax("{field} is {value")]
    Is { field: Field, value: Value },
    #[syntax(infix = "and")]
    And(Box<Filter>, Box<Filter>),
}

#[derive(Syntax)]
#[syntax(pattern = "[a-z")]
struct Field(String);

#[derive(Syntax)]
struct Value(#[syntax(range = 1..=300)] u8);

fn read(text: &str) -> Option<Filter> {
    Filter::parse(text).ok()
}

fn main() {}
