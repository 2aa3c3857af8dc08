use larkspur::Partial;

#[derive(Partial)]
#[serde(transparent)]
struct Name {
    name: String,
    length: usize,
}

fn main() {}
