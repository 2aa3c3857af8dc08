use larkspur::Partial;

#[derive(Partial)]
#[serde(remote = "std::time::Duration")]
struct Duration {
    secs: u64,
}

fn main() {}
