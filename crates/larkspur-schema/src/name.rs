//! Names that a server takes.

/// Makes a name that matches `^[a-zA-Z0-9_-]{1,64}$` of any text.
///
/// A name that matches already is kept. In others, runs of characters outside the set become one `_`, and eight
/// hexadecimal digits of a hash of the whole text follow, so that different texts keep different names: `Page<Item>` and
/// `Page(Item)` are both read as `Page_Item`, with different endings.
///
/// ```
/// use larkspur_schema::mangle_name;
///
/// assert_eq!(mangle_name("Invoice"), "Invoice");
/// assert!(mangle_name("Page<Item>").starts_with("Page_Item_"));
/// assert_ne!(mangle_name("Page<Item>"), mangle_name("Page(Item)"));
/// ```
pub fn mangle_name(name: &str) -> String {
    const LONGEST: usize = 64;
    const HASH: usize = 8;
    if (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_allowed) {
        return name.to_owned();
    }
    let mut readable = String::new();
    for character in name.chars() {
        if character.is_ascii() && is_allowed(character as u8) {
            readable.push(character);
        } else if !readable.is_empty() && !readable.ends_with('_') {
            readable.push('_');
        }
        if readable.len() >= LONGEST - HASH - 1 {
            break;
        }
    }
    let readable = readable.trim_end_matches('_');
    let separator = if readable.is_empty() { "" } else { "_" };
    format!("{readable}{separator}{:08x}", fnv1a(name))
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// FNV-1a, folded to 32 bits: the same on every machine and in every release, which `std`'s hasher does not promise.
fn fnv1a(text: &str) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    #[expect(
        clippy::cast_possible_truncation,
        reason = "both halves are folded into one"
    )]
    let folded = (hash ^ (hash >> 32)) as u32;
    folded
}
