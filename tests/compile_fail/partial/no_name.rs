use larkspur::Partial;

#[derive(Partial)]
#[partial(name = "Name so far", crate = "no path")]
struct Name {
    name: String,
}

fn main() {}
