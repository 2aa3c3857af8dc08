use larkspur::Partial;

#[derive(Partial)]
struct Name(#[partial(whole)] String);

fn main() {}
