use larkspur::Partial;

#[derive(Partial)]
enum Answer {
    #[serde(with = "numbers")]
    Number(u32),
    #[serde(deserialize_with = "numbers::deserialize")]
    Other(u32),
}

fn main() {}
