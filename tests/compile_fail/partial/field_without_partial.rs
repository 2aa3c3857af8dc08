use larkspur::Partial;

#[derive(Partial)]
struct Event {
    title: String,
    start: Date,
}

struct Date;

fn main() {}
