use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{0}%")]
struct Share(#[syntax(range = 0..=100)] f32);

fn main() {}
