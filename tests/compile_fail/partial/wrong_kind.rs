use larkspur::Partial;

#[derive(Partial)]
#[partial(name, crate = 1, derive = "PartialEq", whole = true)]
struct Name {
    #[partial(whole(yes))]
    name: String,
}

fn main() {}
