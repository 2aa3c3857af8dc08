//! What the model is told.

use super::Rejection;
use crate::{Violation, wording};

/// Most violations told at once: a model mends few things better than many.
const TOLD: usize = 12;

/// Most bytes of one violation's lines. Its parts are bounded, but there can be many of them.
const LONGEST: usize = 600;

pub(super) fn message(rejection: &Rejection) -> String {
    let opening = if rejection.is_truncated() {
        "Your answer is cut off. Send the whole answer again, shorter:"
    } else {
        "Your answer does not have the required form. Correct this and send the whole answer again:"
    };
    let violations = rejection.violations();
    let mut lines = vec![opening.to_owned()];
    lines.extend(
        violations
            .iter()
            .take(TOLD)
            .map(|violation| format!("- {}", told(rejection, violation))),
    );
    match violations
        .len()
        .saturating_sub(TOLD)
        .saturating_add(rejection.omitted())
    {
        0 => {}
        more => lines.push(format!("- and {more} more")),
    }
    lines.join("\n")
}

fn told(rejection: &Rejection, violation: &Violation) -> String {
    let mut told = match &violation.pointer {
        Some(pointer) if !pointer.is_root() => {
            format!("at {}: ", wording::quoted(pointer.as_str()))
        }
        Some(_) => String::new(),
        None => place(rejection, violation).unwrap_or_default(),
    };
    told.push_str(&violation.message);
    if let Some(hint) = &violation.hint {
        told.push_str("; ");
        told.push_str(hint);
    }
    if told.len() > LONGEST {
        let end = (0..=LONGEST)
            .rev()
            .find(|end| told.is_char_boundary(*end))
            .unwrap_or_default();
        told.truncate(end);
        told.push('…');
    }
    told
}

/// Where in a text without fields something is wrong: behind which words of the model.
fn place(rejection: &Rejection, violation: &Violation) -> Option<String> {
    /// Most characters of the words before.
    const WORDS: usize = 30;
    let before = rejection.text().get(..violation.span?.start)?;
    if before.is_empty() {
        return Some("at the beginning: ".to_owned());
    }
    let cut = before.char_indices().rev().nth(WORDS - 1);
    let (start, cut) = cut.map_or((0, ""), |(at, _)| (at, if at > 0 { "…" } else { "" }));
    let words = wording::quoted(before.get(start..)?);
    Some(format!("after {cut}{words}: "))
}
