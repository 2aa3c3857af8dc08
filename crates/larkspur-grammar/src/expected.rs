//! What can follow, and where a text left its grammar.

use std::fmt;

use serde::Serialize;

use crate::engine::bnf::TermId;
use crate::engine::lexer::LexState;
use crate::engine::run::{Run, Tables};
use crate::error::Exceeded;
use crate::grammar::{Pattern, TerminalId};

/// What could stand at a place of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Expected {
    /// Terminals that could go on or begin here, in the order of the grammar.
    pub terminals: Vec<ExpectedTerminal>,
    /// Whether the text could end here.
    pub end: bool,
}

/// A terminal that could go on or begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExpectedTerminal {
    /// Which.
    #[serde(skip)]
    pub id: TerminalId,
    /// Its name in the grammar; a made one if the author gave none.
    pub name: String,
    /// How a person would write it: a string in quotes, a regex in slashes, else the name.
    pub label: String,
    /// The shortest text that completes it from here, if it was found with little effort and is UTF-8; with ignored text in
    /// front where a lexeme before it would else take it for more of itself.
    pub example: Option<String>,
    /// Whether a lexeme that has begun before this place could go on as it.
    pub goes_on: bool,
}

impl Expected {
    /// Asks a reading.
    pub(crate) fn of(run: &mut Run, tables: &mut Tables<'_>) -> Result<Self, Exceeded> {
        let mut expected = Self {
            end: run.is_complete(tables)?,
            ..Self::default()
        };
        let lexemes = run.lexemes();
        for &(lex, goes_on) in &lexemes {
            expected.collect(lex, tables, None, goes_on)?;
        }
        if let Some((before, _)) = lexemes.into_iter().find(|(_, goes_on)| *goes_on) {
            let mark = run.mark();
            if run.flush(tables)? {
                expected.collect(run.lex(), tables, Some(before), false)?;
            }
            run.back_to(&mark);
            run.leave(&mark);
        }
        expected
            .terminals
            .sort_by_key(|terminal| (terminal.id, !terminal.goes_on));
        expected.terminals.dedup_by_key(|terminal| terminal.id);
        Ok(expected)
    }

    /// Adds what may come next. `before` is the state of a lexeme that ends here, unless what comes next goes on with it.
    fn collect(
        &mut self,
        lex: LexState,
        tables: &mut Tables<'_>,
        before: Option<LexState>,
        goes_on: bool,
    ) -> Result<(), Exceeded> {
        let terms: Vec<_> = tables.cache.lexer.possible(lex).collect();
        for term in &terms {
            let Some(id) = tables.spec.terminal(*term) else {
                continue;
            };
            let terminal = tables.spec.grammar.terminal(id);
            let example = match before {
                Some(before) => apart(lex, tables, before, *term, &terms)?,
                None => shortest(lex, tables, *term),
            };
            self.terminals.push(ExpectedTerminal {
                id,
                name: terminal.name.clone(),
                label: label(&terminal.name, &terminal.pattern, terminal.named),
                example: example.and_then(|bytes| String::from_utf8(bytes).ok()),
                goes_on,
            });
        }
        Ok(())
    }
}

fn shortest(lex: LexState, tables: &mut Tables<'_>, term: TermId) -> Option<Vec<u8>> {
    let Tables { spec, cache } = tables;
    cache.lexer.example(&spec.lexer, lex, term)
}

/// An example that the lexeme in `before` does not take for more of itself: with ignored text in front where it would.
fn apart(
    lex: LexState,
    tables: &mut Tables<'_>,
    before: LexState,
    term: TermId,
    terms: &[TermId],
) -> Result<Option<Vec<u8>>, Exceeded> {
    let ends = |tables: &mut Tables<'_>, text: &[u8]| match text.first() {
        Some(&byte) => {
            let to = tables.cache.lexer.next(&tables.spec.lexer, before, byte)?;
            Ok(to == LexState::DEAD)
        }
        None => Ok(false),
    };
    let Some(example) = shortest(lex, tables, term) else {
        return Ok(None);
    };
    if ends(tables, &example)? {
        return Ok(Some(example));
    }
    let skip = tables.spec.lexer.any_ignored();
    let skip = skip.filter(|skip| terms.contains(skip));
    let Some(mut blank) = skip.and_then(|skip| shortest(lex, tables, skip)) else {
        return Ok(None);
    };
    Ok(ends(tables, &blank)?.then(|| {
        blank.extend(example);
        blank
    }))
}

fn label(name: &str, pattern: &Pattern, named: bool) -> String {
    match pattern {
        Pattern::Literal { text, .. } => format!("{text:?}"),
        Pattern::Regex(regex) if !named => format!("/{}/{}", regex.source, regex.flags),
        _ => name.to_owned(),
    }
}

/// At most so many things are listed in a message.
const SHOWN: usize = 8;

/// For messages: `"(", NUMBER or the end of the text`.
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<&str> = self
            .terminals
            .iter()
            .map(|terminal| terminal.label.as_str())
            .collect();
        let more = parts.len().saturating_sub(SHOWN);
        parts.truncate(SHOWN);
        let rest = format!("{more} more");
        if more > 0 {
            parts.push(&rest);
        }
        if self.end {
            parts.push("the end of the text");
        }
        match parts.split_last() {
            None => f.write_str("nothing"),
            Some((last, [])) => f.write_str(last),
            Some((last, firsts)) => write!(f, "{} or {last}", firsts.join(", ")),
        }
    }
}

/// Where a text left its grammar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rejection {
    /// The byte that no sentence has here; the length of the text if it is only the start of a sentence.
    pub offset: usize,
    /// The byte; `None` at the end of the text.
    pub found: Option<u8>,
    /// What could have stood here.
    pub expected: Expected,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            offset, expected, ..
        } = self;
        match self.found {
            None => write!(f, "the text ends at byte {offset}, expected {expected}"),
            Some(byte) if byte.is_ascii_graphic() || byte == b' ' => write!(
                f,
                "unexpected `{}` at byte {offset}, expected {expected}",
                char::from(byte)
            ),
            Some(byte) => write!(
                f,
                "unexpected byte 0x{byte:02x} at byte {offset}, expected {expected}"
            ),
        }
    }
}

impl std::error::Error for Rejection {}
