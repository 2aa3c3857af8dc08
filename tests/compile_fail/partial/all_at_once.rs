use larkspur::Partial;

#[derive(Partial)]
#[partial(names = "NameSoFar")]
#[serde(remote = "Other")]
struct Name<'t, T> {
    #[partial(half)]
    name: &'t T,
}

fn main() {}
