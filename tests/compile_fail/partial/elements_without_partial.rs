use larkspur::Partial;

#[derive(Partial)]
struct Calendar {
    days: Vec<Option<Date>>,
}

struct Date;

fn main() {}
