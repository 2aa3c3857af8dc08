//! What was probably meant.

/// The name that is closest to `word`: one that it begins, or one a few letters away. The first of several.
pub(crate) fn near<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let begins = |name: &str| word.len() > 2 && name.starts_with(word);
    let nearest = names
        .into_iter()
        .map(|name| (if begins(name) { 1 } else { edits(word, name) }, name));
    nearest
        .filter(|(edits, name)| name.len() > 2 && *edits <= name.len().div_ceil(4))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// Letters to be put in, left out, replaced or swapped with their neighbour (optimal string alignment).
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut this = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let mut best = at(&last, column).saturating_add(usize::from(letter != other));
            best = best.min(at(&last, column + 1).saturating_add(1));
            best = best.min(at(&this, column).saturating_add(1));
            let swapped = row > 0
                && column > 0
                && from.get(row - 1) == Some(other)
                && to.get(column - 1) == Some(letter);
            if swapped {
                best = best.min(at(&before_last, column - 1).saturating_add(1));
            }
            this.push(best);
        }
        before_last = std::mem::replace(&mut last, this);
    }
    last.last().copied().unwrap_or_default()
}
