use larkspur::Syntax;

struct Colour;

#[derive(Syntax)]
#[syntax("fill {0}")]
struct Fill(#[syntax(pattern = "#[0-9a-f]{6}")] Colour);

fn main() {}
