use larkspur::Partial;

#[derive(Partial)]
struct Page<T, const N: usize> {
    items: [T; N],
}

fn main() {}
