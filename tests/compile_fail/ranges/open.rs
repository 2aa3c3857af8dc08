use larkspur::Syntax;

#[derive(Syntax)]
#[syntax(range = ..=24)]
struct Hour(u8);

#[derive(Syntax)]
#[syntax(range = 1..)]
struct Count(u32);

fn main() {}
