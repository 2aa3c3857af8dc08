use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(pattern = "[a-z]+")]
enum Word {
    Short(String),
    Number(u32),
}

fn main() {}
