//! Names without quotes, as a regex.

use std::collections::BTreeSet;

/// What may follow in a name.
const REST: &str = "[0-9A-Za-z_]*";

/// A regex of all names of ASCII letters, digits and `_` that are none of these words, in whatever case.
///
/// It follows the words letter by letter, and says at each what may go on otherwise, for a regex cannot say "but not".
pub(crate) fn names_but<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: BTreeSet<String> = words.into_iter().map(str::to_ascii_lowercase).collect();
    let words: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
    behind(&words, 0)
}

/// What may stand behind so many letters, which all of these words begin with.
fn behind(words: &[&[u8]], so_far: usize) -> String {
    let next: BTreeSet<u8> = words
        .iter()
        .filter_map(|word| word.get(so_far).copied())
        .collect();
    let is_word = words.iter().any(|word| word.len() == so_far);
    let mut ways = vec![format!("{}{REST}", others(&next, so_far == 0))];
    for letter in next {
        let on: Vec<&[u8]> = words
            .iter()
            .copied()
            .filter(|word| word.get(so_far) == Some(&letter))
            .collect();
        let (small, large) = (char::from(letter), char::from(letter.to_ascii_uppercase()));
        let letter = if small == large {
            small.to_string()
        } else {
            format!("[{large}{small}]")
        };
        ways.push(format!("{letter}{}", behind(&on, so_far + 1)));
    }
    let may_end = so_far > 0 && !is_word;
    format!("({}){}", ways.join("|"), if may_end { "?" } else { "" })
}

/// One character of a name that is none of these letters.
fn others(letters: &BTreeSet<u8>, is_first: bool) -> String {
    let mut class = String::new();
    let digits = if is_first { b'0'..b'0' } else { b'0'..b'9' + 1 };
    for run in [digits, b'A'..b'Z' + 1, b'_'..b'_' + 1, b'a'..b'z' + 1] {
        let mut from = run.start;
        for byte in run.start..=run.end {
            let ends = byte == run.end || letters.contains(&byte.to_ascii_lowercase());
            if ends {
                if from < byte {
                    let (first, last) = (char::from(from), char::from(byte - 1));
                    class.push(first);
                    if first != last {
                        class.extend(['-', last]);
                    }
                }
                from = byte + 1;
            }
        }
    }
    format!("[{class}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_but_some() {
        let check = |words: &[&str], expected: &str| {
            assert_eq!(names_but(words.iter().copied()), expected, "{words:?}");
        };
        check(&[], "([A-Z_a-z][0-9A-Za-z_]*)");
        check(
            &["as"],
            "([B-Z_b-z][0-9A-Za-z_]*|[Aa]([0-9A-RT-Z_a-rt-z][0-9A-Za-z_]*|[Ss]([0-9A-Z_a-z][0-9A-Za-z_]*))?)",
        );
        check(
            &["Z", "zz"],
            "([A-Y_a-y][0-9A-Za-z_]*|[Zz]([0-9A-Y_a-y][0-9A-Za-z_]*|[Zz]([0-9A-Z_a-z][0-9A-Za-z_]*)))",
        );
    }
}
