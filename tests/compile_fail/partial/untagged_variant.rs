use larkspur::Partial;

#[derive(Partial)]
enum Answer {
    Number { number: u32 },
    #[serde(untagged)]
    Other(String),
}

fn main() {}
