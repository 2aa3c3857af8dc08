//! A regex as a grammar of one terminal.

use super::{ImportError, Imported};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::grammar::{GrammarBuilder, RegexPattern, Semantics};
use crate::limits::Limits;
use crate::regex::{Source, parse};

pub(super) fn read(text: &str, limits: &Limits) -> Result<Imported, ImportError> {
    if text.len() > limits.max_bytes {
        let message = format!(
            "{} bytes of regex, the limit is {}",
            text.len(),
            limits.max_bytes
        );
        return Err(ImportError::new(vec![Diagnostic::error("limit", message)]));
    }
    let (hir, findings) = parse(whole(text), Dialect::llguidance());
    let Some(hir) = hir else {
        return Err(ImportError::new(findings));
    };
    let mut builder = GrammarBuilder::with_limits(Semantics::Scannerless, limits.clone());
    let start = builder.rule("start");
    let terminal = builder.regex(RegexPattern::new(text, "", hir));
    builder.define_rule(start, terminal);
    let grammar = builder.build(start);
    grammar
        .map(Imported::exact)
        .map_err(|error| ImportError::new(error.into_diagnostics()))
}

pub(super) fn check(text: &str, dialect: &'static Dialect) -> Vec<Diagnostic> {
    match read(text, &Limits::default()) {
        Err(error) => error.into_diagnostics(),
        Ok(_) => parse(whole(text), dialect).1,
    }
}

fn whole(text: &str) -> Source<'_> {
    Source {
        text,
        flags: "",
        at: Some(0),
    }
}
