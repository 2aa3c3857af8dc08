//! The reader of `.pest` files.
//!
//! 1. [`read`](mod@read): the text becomes a tree with spans; [`valid`] asks what pest itself asks of it;
//! 2. [`form`]: rules become forms, once for each way they are used (blanks between their parts, or not);
//! 3. [`ahead`]: lookahead is folded into what follows it, where that is regular;
//! 4. [`differ`]: where ordered choice, greed and lookahead still make a difference is found out;
//! 5. [`build`]: forms become a grammar.

mod ahead;
mod build;
mod builtin;
mod differ;
mod form;
mod pattern;
mod read;
mod valid;

use super::{ImportError, Imported};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

pub(super) fn read(
    text: &str,
    start: Option<&str>,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let rules = read::read(text, limits).map_err(ImportError::new)?;
    let start = match start {
        Some(name) => rules.iter().position(|rule| rule.name == name),
        None => rules.iter().position(|rule| !form::is_skip(&rule.name)),
    };
    let Some(start) = start else {
        let finding = Diagnostic::error("no-start", "there is no such rule to start from");
        return Err(ImportError::new(vec![finding]));
    };
    let mut forms = form::forms(&rules, start).map_err(ImportError::new)?;
    let mut losses = std::mem::take(&mut forms.losses);
    losses.extend(ahead::resolve(&mut forms));
    losses.extend(differ::differences(&forms));
    losses.sort_by_key(|loss| (loss.span, loss.code));
    losses.dedup();
    let grammar = build::grammar(&forms, limits)
        .map_err(|error| ImportError::new(error.into_diagnostics()))?;
    Ok(Imported { grammar, losses })
}
