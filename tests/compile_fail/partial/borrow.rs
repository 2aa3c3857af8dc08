use larkspur::Partial;

#[derive(Partial)]
struct Name<'t> {
    name: &'t str,
}

fn main() {}
