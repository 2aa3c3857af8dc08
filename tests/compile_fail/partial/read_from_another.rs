use larkspur::Partial;

#[derive(Partial)]
#[serde(from = "String")]
struct Name {
    name: String,
}

fn main() {}
