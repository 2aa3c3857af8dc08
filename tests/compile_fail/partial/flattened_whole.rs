use larkspur::Partial;

#[derive(Partial)]
struct Page {
    title: String,
    #[serde(flatten)]
    #[partial(whole)]
    rest: std::collections::HashMap<String, String>,
}

fn main() {}
