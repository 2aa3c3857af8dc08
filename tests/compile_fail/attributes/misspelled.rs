use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(patern = "[a-z]+")]
struct Name(String);

#[derive(Syntax)]
enum Sum {
    Number(u32),
    #[syntax(infix = "+", precedence = 1, assoc = "left")]
    Plus(Box<Sum>, Box<Sum>),
}

#[derive(Syntax)]
struct Numbers(#[syntax(seperator = ";")] Vec<u32>);

fn main() {}
