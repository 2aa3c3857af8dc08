use larkspur::Syntax;

enum Level {
    Low,
    High,
}

fn read(text: &str) -> Option<Level> {
    Level::parse(text).ok()
}

fn main() {}
