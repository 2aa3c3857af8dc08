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
            .map(|violation| format!("- {}", told(violation))),
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

fn told(violation: &Violation) -> String {
    let mut told = match &violation.pointer {
        Some(pointer) if !pointer.is_root() => {
            format!("at {}: ", wording::quoted(pointer.as_str()))
        }
        _ => String::new(),
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
