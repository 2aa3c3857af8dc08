use larkspur::Partial;

#[derive(Partial)]
#[serde(rename_all = "camelcase")]
struct Name {
    first_name: String,
}

fn main() {}
