//! What holds of a parser and its grammar, each in one line of a test.
//!
//! ```
//! use larkspur_grammar::{Dialect, lark};
//! use larkspur_proptest::{laws, near_misses, sentences};
//!
//! // A list of numbers, and a parser that has forgotten that it may be empty.
//! let grammar = lark::compile("start: \"[\" (INT (\", \" INT)*)? \"]\"\nINT: /0|[1-9][0-9]{0,4}/\n", Dialect::openai())?;
//! let parse = |text: &str| -> Result<Vec<u32>, String> {
//!     let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).ok_or("no brackets")?;
//!     inner.split(", ").map(|number| number.parse().map_err(|_| format!("{number:?} is no number"))).collect()
//! };
//!
//! let wrong = laws::reader_accepts_sentences(sentences(&grammar), parse).unwrap_err();
//! assert_eq!(wrong.text(), "[]");
//! assert_eq!(wrong.told(), "\"\" is no number");
//!
//! let wrong = laws::rejects_near_misses(near_misses(&grammar), parse).unwrap_err();
//! assert_eq!(wrong.text().len(), 4); // `[00]` or `[+0]`
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each law runs proptest's `TestRunner` on a [`TextSource`] and fails with a [`Disagreement`]: the smallest text, the place
//! in it, what the parser told, and a hint. The functions of this module run as many cases as proptest's own default says
//! (256, or `PROPTEST_CASES`); [`Laws`] has the same laws with a configuration.

use std::cell::Cell;
use std::fmt::{Debug, Display};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use crate::disagreement::{Disagreement, Parts, differing, short, shown};
use crate::source::{Check, TextSource};

/// The laws with a configuration of proptest: how many cases, where failures are kept.
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
/// use larkspur_proptest::{Laws, sentences};
/// use proptest::test_runner::Config;
///
/// let grammar = lark::compile("start: /[0-9]{1,3}/\n", Dialect::openai())?;
/// let laws = Laws::with(Config { cases: 2_000, ..Config::with_source_file(file!()) });
/// laws.reader_accepts_sentences(sentences(&grammar), |text| text.parse::<u16>())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Laws {
    config: Config,
}

/// Texts that are tried to make one smaller, where the configuration does not say how many.
const MAX_SHRINK_ITERS: u32 = 1 << 14;

impl Default for Laws {
    fn default() -> Self {
        Self::with(Config::default())
    }
}

impl Laws {
    /// With a configuration. Failures are kept where [`Config::source_file`] is set, as by `Config::with_source_file(file!())`.
    pub fn with(config: Config) -> Self {
        let mut config = config;
        if config.max_shrink_iters == u32::MAX {
            config.max_shrink_iters = MAX_SHRINK_ITERS;
        }
        if config.source_file.is_none() {
            config.failure_persistence = None;
        }
        Self { config }
    }

    fn check(
        &self,
        texts: impl TextSource,
        what: &'static str,
        holds: impl Fn(&str) -> Result<(), String>,
    ) -> Result<(), Disagreement> {
        let check = Check {
            what,
            holds: &holds,
        };
        texts.try_on(&self.config, &check)
    }

    /// See [`reader_accepts_sentences`].
    ///
    /// # Errors
    /// If it does not hold.
    pub fn reader_accepts_sentences<V, E: Display>(
        &self,
        sentences: impl TextSource,
        read: impl Fn(&str) -> Result<V, E>,
    ) -> Result<(), Disagreement> {
        let what = "the reader refuses a sentence of the grammar";
        self.check(sentences, what, |text| {
            read(text).map(drop).map_err(|error| error.to_string())
        })
    }

    /// See [`rejects_near_misses`].
    ///
    /// # Errors
    /// If it does not hold.
    pub fn rejects_near_misses<V, E: Display>(
        &self,
        near_misses: impl TextSource,
        read: impl Fn(&str) -> Result<V, E>,
    ) -> Result<(), Disagreement> {
        let what = "the reader takes a text that the grammar refuses";
        self.check(near_misses, what, |text| match read(text) {
            Ok(_) => Err("it was read".to_owned()),
            Err(_) => Ok(()),
        })
    }

    /// See [`parsers_agree`].
    ///
    /// # Errors
    /// If it does not hold.
    pub fn parsers_agree<V: PartialEq + Debug, E: Display, F: Display>(
        &self,
        texts: impl TextSource,
        first: impl Fn(&str) -> Result<V, E>,
        second: impl Fn(&str) -> Result<V, F>,
    ) -> Result<(), Disagreement> {
        self.check(texts, "two parsers do not agree", |text| {
            match (first(text), second(text)) {
                (Ok(one), Ok(other)) if one == other => Ok(()),
                (Err(_), Err(_)) => Ok(()),
                (Ok(one), Ok(other)) => {
                    let (one, other) = differing(&one, &other);
                    Err(format!("the first reads {one}, the second {other}"))
                }
                (Ok(_), Err(error)) => Err(format!("only the second refuses it: {error}")),
                (Err(error), Ok(_)) => Err(format!("only the first refuses it: {error}")),
            }
        })
    }

    /// See [`print_parse_identity`].
    ///
    /// # Errors
    /// If it does not hold.
    pub fn print_parse_identity<V: PartialEq + Debug, E: Display>(
        &self,
        texts: impl TextSource,
        parse: impl Fn(&str) -> Result<V, E>,
        print: impl Fn(&V) -> String,
    ) -> Result<(), Disagreement> {
        let read = Cell::new(false);
        self.check(
            texts,
            "what was printed is not read as what it was",
            |text| {
                let Ok(value) = parse(text) else {
                    return Ok(());
                };
                read.set(true);
                let printed = print(&value);
                let fault = match parse(&printed) {
                    Ok(again) if again == value => return Ok(()),
                    Ok(again) => {
                        let (value, again) = differing(&value, &again);
                        format!("which is read as {again}, not as {value}")
                    }
                    Err(error) => format!("which is refused: {error}"),
                };
                Err(format!("it is printed as {}, {fault}", shown(&printed)))
            },
        )?;
        if read.get() {
            Ok(())
        } else {
            Err(Disagreement::untried("the parser refuses every text"))
        }
    }

    /// See [`lower_lift_identity`].
    ///
    /// # Errors
    /// If it does not hold.
    pub fn lower_lift_identity<S, L, E: Display, F: Display>(
        &self,
        values: S,
        lower: impl Fn(&S::Value) -> Result<L, E>,
        lift: impl Fn(L) -> Result<S::Value, F>,
    ) -> Result<(), Disagreement>
    where
        S: Strategy,
        S::Value: PartialEq,
    {
        let there_and_back = |value: S::Value| {
            let lowered = lower(&value)
                .map_err(|error| TestCaseError::fail(format!("it cannot be lowered: {error}")))?;
            let lifted = lift(lowered).map_err(|error| {
                TestCaseError::fail(format!("what it was lowered to cannot be lifted: {error}"))
            })?;
            if lifted == value {
                return Ok(());
            }
            let told = format!("it comes back as {}", shown(&lifted));
            Err(TestCaseError::fail(told))
        };
        match TestRunner::new(self.config.clone()).run(&values, there_and_back) {
            Ok(()) => Ok(()),
            Err(TestError::Abort(reason)) => Err(Disagreement::untried(reason.message())),
            Err(TestError::Fail(reason, value)) => Err(Disagreement::new(Parts {
                what: "what is lowered and lifted is not what it was",
                text: format!("{value:?}"),
                span: None,
                place: String::new(),
                told: short(reason.message()),
                hint: String::new(),
                found: String::new(),
            })),
        }
    }
}

/// The reader takes every sentence: it knows all that the grammar allows.
///
/// # Errors
/// If it refuses one, or there are none.
pub fn reader_accepts_sentences<V, E: Display>(
    sentences: impl TextSource,
    read: impl Fn(&str) -> Result<V, E>,
) -> Result<(), Disagreement> {
    Laws::default().reader_accepts_sentences(sentences, read)
}

/// The reader takes no text that the grammar refuses: it does not let through what it does not understand.
///
/// # Errors
/// If it takes one, or there are none.
pub fn rejects_near_misses<V, E: Display>(
    near_misses: impl TextSource,
    read: impl Fn(&str) -> Result<V, E>,
) -> Result<(), Disagreement> {
    Laws::default().rejects_near_misses(near_misses, read)
}

/// Two parsers read every text as the same value, or both refuse it. Of parsers whose values cannot be compared, compare
/// `()`: `|text| parse(text).map(drop)`.
///
/// # Errors
/// If they differ on one, or there are none.
pub fn parsers_agree<V: PartialEq + Debug, E: Display, F: Display>(
    texts: impl TextSource,
    first: impl Fn(&str) -> Result<V, E>,
    second: impl Fn(&str) -> Result<V, F>,
) -> Result<(), Disagreement> {
    Laws::default().parsers_agree(texts, first, second)
}

/// What the parser reads, printed and read again, is the same value. Texts that the parser refuses are passed over.
///
/// # Errors
/// If it does not hold for one text, or the parser refuses all of them.
pub fn print_parse_identity<V: PartialEq + Debug, E: Display>(
    texts: impl TextSource,
    parse: impl Fn(&str) -> Result<V, E>,
    print: impl Fn(&V) -> String,
) -> Result<(), Disagreement> {
    Laws::default().print_parse_identity(texts, parse, print)
}

/// Every value comes back from another representation as it was: a lowering and its lift, an encoder and its decoder.
///
/// ```
/// use larkspur_proptest::laws;
/// use proptest::prelude::*;
///
/// let wrong = laws::lower_lift_identity(any::<f32>().prop_map(f64::from), |value| Ok::<_, String>(value.to_string()), |text| text.parse());
/// assert!(wrong.is_ok());
/// let wrong = laws::lower_lift_identity(0_u32..1000, |value| u8::try_from(*value), |byte| Ok::<_, String>(byte.into()));
/// assert_eq!(wrong.unwrap_err().text(), "256");
/// ```
///
/// # Errors
/// If it does not hold for one value, or there are none.
pub fn lower_lift_identity<S, L, E: Display, F: Display>(
    values: S,
    lower: impl Fn(&S::Value) -> Result<L, E>,
    lift: impl Fn(L) -> Result<S::Value, F>,
) -> Result<(), Disagreement>
where
    S: Strategy,
    S::Value: PartialEq,
{
    Laws::default().lower_lift_identity(values, lower, lift)
}
