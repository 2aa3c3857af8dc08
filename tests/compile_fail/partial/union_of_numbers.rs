use larkspur::Partial;

#[derive(Partial)]
union Number {
    whole: u32,
    single: f32,
}

fn main() {}
