use larkspur::Partial;

#[derive(Partial)]
#[partial(crate = "::larkspur::partial")]
enum Name {
    #[partial(whole)]
    Short {
        #[partial(name = "NameSoFar")]
        name: String,
    },
}

fn main() {}
