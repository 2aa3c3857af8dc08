//! Regular expressions as output types.

use std::ops::Range;
use std::sync::Arc;

use larkspur_grammar::{Grammar, Limits, diagnostic::render_all, import};
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures as Slots;
use regex_syntax::hir::{Hir, Look};

use crate::grammar::Said;
use crate::{
    Carrier, GrammarReader, GrammarSyntax, Output, OutputType, PrepareError, Rejection, Target,
    Violation,
};

/// Asks for a text that a regular expression matches as a whole, in the syntax of the Rust `regex` crate.
///
/// # Errors
/// Where the pattern is none, or has look-around; the message shows the place.
///
/// ```
/// use larkspur_output::{OutputType, Target, regex};
///
/// let output = regex(r"(?<unit>[a-z]{1,3})-(?<number>[0-9]{1,4})")?.prepare(Target::openai())?;
/// let matched = output.read("gpt-52")?;
/// assert_eq!(matched.get("unit"), Some("gpt"));
/// assert_eq!(matched.group(2), Some("52"));
/// assert!(output.read("gpt-52!").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regex(pattern: &str) -> Result<RegexOutput, PrepareError> {
    let imported = import::regex(pattern, &Limits::default())
        .map_err(|error| PrepareError::new(render_all(error.diagnostics(), pattern)))?;
    let whole = |error: &dyn std::fmt::Display| PrepareError::new(error.to_string());
    let hir = regex_syntax::parse(pattern).map_err(|error| whole(&error))?;
    let hir = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    let regex = Regex::builder()
        .build_from_hir(&hir)
        .map_err(|error| whole(&error))?;
    Ok(RegexOutput {
        pattern: pattern.to_owned(),
        grammar: imported.grammar,
        regex: Arc::new(regex),
    })
}

/// The output type of a regular expression: what [`regex`](fn@regex) gives.
#[derive(Clone, Debug)]
pub struct RegexOutput {
    pattern: String,
    grammar: Grammar,
    regex: Arc<Regex>,
}

impl OutputType for RegexOutput {
    type Value = Matched;

    fn prepare(&self, target: Target) -> Result<Output<Matched>, PrepareError> {
        let carrier = target.carrier();
        let said = match carrier {
            Carrier::CustomTool | Carrier::Description => {
                Said::written(GrammarSyntax::Regex, &self.pattern, carrier)
            }
            _ => Said::of(&self.grammar, None, carrier),
        };
        let reader = GrammarReader::new(&self.grammar)?;
        let regex = Arc::clone(&self.regex);
        Ok(said.output(move |text| {
            // Says where and what was expected, which a regex engine does not.
            reader.accept(text)?;
            Matched::of(&regex, text).ok_or_else(|| {
                let found = "a text that only the grammar of the regex takes";
                Rejection::new(text, vec![Violation::expected("a match", found)])
            })
        }))
    }
}

/// A text that a regular expression matches as a whole, and what its groups matched.
#[derive(Clone, Debug)]
pub struct Matched {
    text: String,
    slots: Slots,
}

impl Matched {
    fn of(regex: &Regex, text: &str) -> Option<Self> {
        let mut slots = regex.create_captures();
        regex.captures(text, &mut slots);
        slots.is_match().then(|| Self {
            text: text.to_owned(),
            slots,
        })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a group matched, by number from the left; 0 is the whole text. `None` where it took no part.
    pub fn group(&self, number: usize) -> Option<&str> {
        self.at(number).and_then(|range| self.text.get(range))
    }

    /// What the group of this name matched; `None` where it took no part or there is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let span = self.slots.get_group_by_name(name)?;
        self.text.get(span.range())
    }

    /// The bytes that a group matched.
    pub fn at(&self, number: usize) -> Option<Range<usize>> {
        self.slots.get_group(number).map(|span| span.range())
    }

    /// How many groups there are, the whole text counted.
    pub fn groups(&self) -> usize {
        self.slots.group_len()
    }
}
