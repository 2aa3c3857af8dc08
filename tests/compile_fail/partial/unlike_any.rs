use larkspur::Partial;

#[derive(Partial)]
#[partial(strict)]
struct Name {
    #[partial(done)]
    name: String,
}

fn main() {}
