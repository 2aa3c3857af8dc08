use larkspur::Partial;

#[derive(Partial)]
#[serde(try_from = "String", rename_all = "camelCase")]
struct Name(String);

fn main() {}
