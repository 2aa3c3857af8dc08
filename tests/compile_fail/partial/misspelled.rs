use larkspur::Partial;

#[derive(Partial)]
#[partial(nam = "NameSoFar")]
struct Name {
    #[partial(hole)]
    name: String,
}

fn main() {}
