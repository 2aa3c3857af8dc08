//! "Did you mean": the nearest of the names that exist.

/// The candidate nearest to `name`, if it is near enough to be a slip: by edit distance with transpositions, at most a third
/// of the length; a different case alone always counts.
pub(crate) fn closest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let most = (name.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let folded = candidate.eq_ignore_ascii_case(name);
        let distance = if folded {
            0
        } else {
            distance(name, candidate, most)
        };
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The optimal string alignment distance, or `most + 1` where it is greater; names longer than 64 are never near.
fn distance(left: &str, right: &str, most: usize) -> usize {
    let left: Vec<char> = left.chars().take(65).collect();
    let right: Vec<char> = right.chars().take(65).collect();
    if left.len().abs_diff(right.len()) > most || left.len() > 64 || right.len() > 64 {
        return most + 1;
    }
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    for (row, &l) in left.iter().enumerate() {
        let mut here = vec![row + 1; width];
        for (column, &r) in right.iter().enumerate() {
            let cost = usize::from(l != r);
            let [substitute, insert, delete] = [
                get(&above, column) + cost,
                get(&here, column) + 1,
                get(&above, column + 1) + 1,
            ];
            let mut least = substitute.min(insert).min(delete);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(&r)
                && right.get(column - 1) == Some(&l);
            if swapped {
                least = least.min(get(&before, column - 1) + 1);
            }
            if let Some(cell) = here.get_mut(column + 1) {
                *cell = least;
            }
        }
        before = std::mem::replace(&mut above, here);
    }
    get(&above, right.len())
}

fn get(row: &[usize], at: usize) -> usize {
    row.get(at).copied().unwrap_or(usize::MAX / 2)
}
