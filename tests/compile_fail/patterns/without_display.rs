use larkspur::Syntax;

struct Colour;

impl std::str::FromStr for Colour {
    type Err = std::fmt::Error;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Ok(Self)
    }
}

#[derive(Syntax)]
#[syntax(pattern = "#[0-9a-f]{6}")]
struct Fill(Colour);

fn main() {}
