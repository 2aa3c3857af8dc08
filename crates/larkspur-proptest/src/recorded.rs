//! Texts that models have written.

use larkspur_grammar::Grammar;
use larkspur_output::Record;
use proptest::test_runner::Config;

use crate::disagreement::{Disagreement, Parts, short};
use crate::language::Language;
use crate::source::{Check, TextSource, refused, sealed};

/// Recorded answers, for the same [laws](crate::laws) as drawn texts: every one is tried, and of those on which a law does
/// not hold the shortest is told.
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
/// use larkspur_output::Record;
/// use larkspur_proptest::{Recorded, laws};
///
/// let lines = r#"
/// {"text": "12", "model": "gpt-5.2"}
/// {"text": "1 200", "model": "gpt-5.2-mini"}
/// {"text": "90000"}
/// "#;
/// let grammar = lark::compile("start: /[0-9]{1,6}/\n", Dialect::openai())?;
/// let records = Record::read_all(lines)?;
///
/// let wrong = laws::reader_accepts_sentences(Recorded::sentences_of(&grammar, &records), |text| text.parse::<u16>());
/// assert_eq!(wrong.unwrap_err().text(), "90000");
/// laws::rejects_near_misses(Recorded::others_than(&grammar, &records), |text| text.parse::<u16>())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorded {
    /// With the number of each record, counted from 1.
    records: Vec<(usize, Record)>,
    grammar: Option<Grammar>,
    /// Why the records could not be chosen from.
    unusable: Option<String>,
}

impl Recorded {
    /// All of them.
    pub fn new(records: &[Record]) -> Self {
        Self {
            records: (1..).zip(records.iter().cloned()).collect(),
            grammar: None,
            unusable: None,
        }
    }

    /// Those that `grammar` accepts.
    pub fn sentences_of(grammar: &Grammar, records: &[Record]) -> Self {
        Self::chosen(grammar, records, true)
    }

    /// Those that `grammar` refuses.
    pub fn others_than(grammar: &Grammar, records: &[Record]) -> Self {
        Self::chosen(grammar, records, false)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none; a law holds for none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn chosen(grammar: &Grammar, records: &[Record], accepted: bool) -> Self {
        let all = Self {
            grammar: Some(grammar.clone()),
            ..Self::new(records)
        };
        match Language::new(grammar) {
            Ok(language) => Self {
                records: all
                    .records
                    .into_iter()
                    .filter(|(_, record)| language.accepts(&record.text) == Some(accepted))
                    .collect(),
                ..all
            },
            Err(why) => Self {
                records: Vec::new(),
                unusable: Some(why),
                ..all
            },
        }
    }
}

impl sealed::Sealed for Recorded {}

impl TextSource for Recorded {
    fn try_on(self, _: &Config, check: &Check<'_>) -> Result<(), Disagreement> {
        if let Some(why) = &self.unusable {
            return Err(Disagreement::untried(why.clone()));
        }
        let verdicts = self.records.iter().map(|(number, record)| {
            let told = (check.holds)(&record.text).err();
            told.map(|told| (number, record, told))
        });
        let wrong: Vec<_> = verdicts.flatten().collect();
        let shortest = wrong.iter().min_by_key(|(_, record, _)| record.text.len());
        let Some((number, record, told)) = shortest else {
            return Ok(());
        };
        let language = self
            .grammar
            .as_ref()
            .and_then(|one| Language::new(one).ok());
        let rejection = language.and_then(|language| language.rejection(&record.text));
        let (span, place, hint) = rejection
            .map(|rejection| refused(&record.text, &rejection))
            .unwrap_or_default();
        let model = record.model.as_ref().map(|model| format!(" by {model}"));
        let found = format!(
            "record {number}{}; the law fails for {} of {} records",
            model.unwrap_or_default(),
            wrong.len(),
            self.records.len()
        );
        Err(Disagreement::new(Parts {
            what: check.what,
            text: record.text.clone(),
            span,
            place,
            told: short(told),
            hint,
            found,
        }))
    }
}
