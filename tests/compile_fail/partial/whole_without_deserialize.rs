use larkspur::Partial;

#[derive(Partial)]
struct Event {
    #[partial(whole)]
    start: Date,
}

#[derive(Clone, Debug)]
struct Date;

fn main() {}
