//! Reading what is almost what was asked for: which value of the text it is, and whether there are two that it could be.

#[cfg(feature = "validate")]
mod align;
mod duplicates;
#[cfg(feature = "validate")]
mod plain;

use larkspur_json::{Node, Repair, RepairKind, Span};
use serde::de::DeserializeOwned;

use super::{
    JsonReader,
    candidates::{self, Candidate, Candidates, Tier},
    not_json, refusal,
};
use crate::{Doubt, Reading, Rejection, Violation, wording};

impl JsonReader {
    /// Reads a text into a type as far as the text has one meaning, and says what had to be repaired.
    ///
    /// The text is first read strictly. What passes is what [`JsonReader::read`] gives, untouched. Only then:
    ///
    /// 1. *Where the value is.* The whole text, else a code block, else an object or array in prose, else one that is common in
    ///    prose (`[1]`, `[see below]`, `{}`). Of the first of these steps in which a value fits the schema, it is taken. **Where two
    ///    values of one step fit and differ, the text is rejected and both are named**; where all are the same, it is taken.
    ///    Thoughts in `<think>` tags at the beginning are passed over. For a schema of an array, several values that fit as its
    ///    elements are its elements.
    /// 2. *What it says.* Every [kind](larkspur_json::RepairKind) of repair leaves one meaning; where there are two, the text is
    ///    rejected. A key that is there twice with one value is taken once; with two, it is rejected.
    /// 3. *Which form it has* (feature `validate`). Where the schema forbids what was written and allows another form that
    ///    says the same, that is taken: `"12"` or `"1,200"` for a number, `"true"` for a boolean, `12` for a string, JSON text in a
    ///    string for an object or array, one value for an array of one and the other way round, a value for an object whose only
    ///    property it is, a constant in other case or between blanks and punctuation. A schema of nothing but strings takes a text
    ///    without JSON as it is; one of constants takes the only constant that the text names, if the text denies nothing.
    ///
    /// A required property that is missing is never made up, an unknown one never left out, an element never dropped. Every step is
    /// a [`Repair`] with its place in the text.
    ///
    /// Takes time linear in the text, within the [`Limits`](larkspur_json::Limits) of the reader.
    ///
    /// ```
    /// use larkspur_output::JsonReader;
    /// use serde_json::json;
    ///
    /// let reader = JsonReader::new(&json!({"type": "array", "items": {"type": "integer"}}))?;
    /// let reading = reader.read_lenient::<Vec<u8>>("The numbers are [1, 2, \"3\",] as you asked.")?;
    /// assert_eq!(reading.value, [1, 2, 3]);
    ///
    /// let rejection = reader.read_lenient::<Vec<u8>>("Either [1, 2] or [3, 4].").unwrap_err();
    /// assert_eq!(rejection.message(), "two values of the text fit and differ: bytes 7..13 and bytes 17..23 (and 1 more)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the text has no reading that keeps every rule, or has two.
    pub fn read_lenient<T: DeserializeOwned>(&self, text: &str) -> Result<Reading<T>, Rejection> {
        self.read_in_doubt(text, Doubt::Reject)
    }

    /// As [`JsonReader::read_lenient`], and says what is done where the text has several readings.
    ///
    /// # Errors
    /// Where the text has no reading that keeps every rule, or has two and the doubt does not say which.
    pub fn read_in_doubt<T: DeserializeOwned>(
        &self,
        text: &str,
        doubt: Doubt,
    ) -> Result<Reading<T>, Rejection> {
        self.read_node_in_doubt(text, doubt)?.try_map(|node| {
            let refused = |error| Rejection::new(text, vec![refusal::of_type(&node, &error)]);
            node.deserialize().map_err(refused)
        })
    }

    /// Reads a text leniently into nodes: nothing is lost, numbers keep their text and everything its place.
    ///
    /// # Errors
    /// As [`JsonReader::read_lenient`], before the Rust type.
    pub fn read_node_lenient<'t>(&self, text: &'t str) -> Result<Reading<Node<'t>>, Rejection> {
        self.read_node_in_doubt(text, Doubt::Reject)
    }

    /// As [`JsonReader::read_node_lenient`], and says what is done where the text has several readings.
    ///
    /// # Errors
    /// As [`JsonReader::read_in_doubt`], before the Rust type.
    pub fn read_node_in_doubt<'t>(
        &self,
        text: &'t str,
        doubt: Doubt,
    ) -> Result<Reading<Node<'t>>, Rejection> {
        let strict = match self.read_node(text) {
            Ok(node) => return Ok(Reading::exact(node)),
            Err(strict) => strict,
        };
        let Candidates { found, broken } =
            candidates::find(text, &self.limits).map_err(|error| not_json(text, &error))?;
        let told = match self.choose(text, &found, doubt) {
            Ok(reading) => return Ok(reading),
            Err(told) => told,
        };
        if told.is_none()
            && let Some(reading) = self.without_json(text, doubt)
        {
            return Ok(reading);
        }
        Err(match (told, broken) {
            (Some(two), _) => two,
            (None, broken) => match (found.into_iter().next_back(), broken) {
                (Some(candidate), _) => self.why_not(text, candidate, strict),
                (None, Some(broken)) => not_json(text, &broken.into_error(text)),
                (None, None) => strict,
            },
        })
    }

    /// The candidate that is the value; an error where there are two.
    fn choose<'t>(
        &self,
        text: &str,
        found: &[Candidate<'t>],
        doubt: Doubt,
    ) -> Result<Reading<Node<'t>>, Option<Rejection>> {
        for tier in [Tier::Whole, Tier::Fenced, Tier::Prose, Tier::Weak] {
            let of_tier = || found.iter().filter(|candidate| candidate.tier == tier);
            if let Some(reading) = one_of(text, doubt, of_tier(), |candidate| self.fits(candidate))?
            {
                return Ok(reading);
            }
            if let Some(elements) = self.as_elements(text, of_tier()) {
                return Ok(elements);
            }
            let other_form = |candidate: &Candidate<'t>| self.fits_in_other_form(candidate);
            if let Some(reading) = one_of(text, doubt, of_tier(), other_form)? {
                return Ok(reading);
            }
        }
        Err(None)
    }

    /// The candidate as it is, where it keeps every rule.
    fn fits<'t>(&self, candidate: &Candidate<'t>) -> Option<(Node<'t>, Vec<Repair>)> {
        let mut node = candidate.read.node.clone();
        let repairs = duplicates::merge(&mut node)?;
        let node = self.lifted(node)?;
        self.is_valid(&node).then_some((node, repairs))
    }

    fn lifted<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        match &self.lift {
            Some(lift) => lift.lift(node).ok(),
            None => Some(node),
        }
    }

    /// Several values as the elements of the array that the schema asks for.
    fn as_elements<'a, 't: 'a>(
        &self,
        text: &str,
        candidates: impl Iterator<Item = &'a Candidate<'t>>,
    ) -> Option<Reading<Node<'t>>> {
        let candidates: Vec<_> = candidates.collect();
        let (first, last) = (candidates.first()?, candidates.last()?);
        if candidates.len() < 2 {
            return None;
        }
        let mut elements = Vec::new();
        let mut repairs = Vec::new();
        let mut truncated = false;
        for candidate in &candidates {
            elements.push(candidate.read.node.clone());
            repairs.extend(candidate.read.repairs.iter().cloned());
            truncated |= candidate.read.truncated;
        }
        let span = Span::new(first.read.span.start, last.read.span.end);
        let mut node = Node::new(span, larkspur_json::Kind::Array(elements));
        repairs.extend(duplicates::merge(&mut node)?);
        let node = self.lifted(node)?;
        self.is_array_schema().then_some(())?;
        self.is_valid(&node).then_some(())?;
        let several = "read several values as the elements of one array";
        repairs.push(Repair::new(RepairKind::Form, span.start, span.end).saying(several));
        repairs.extend(candidates::surroundings(text, span));
        repairs.sort_by_key(|repair| repair.span.start);
        Some(Reading {
            value: node,
            repairs,
            truncated,
        })
    }

    /// Why a candidate does not fit, told as the strict reader would.
    fn why_not(&self, text: &str, candidate: Candidate<'_>, strict: Rejection) -> Rejection {
        let Candidate { read, .. } = candidate;
        match self.judge(text, read.node) {
            Err(rejection) if read.truncated => rejection.truncated(),
            Err(rejection) => rejection,
            Ok(_) => strict,
        }
    }

    #[cfg(not(feature = "validate"))]
    #[expect(
        clippy::unused_self,
        reason = "the other feature has a validator in there"
    )]
    fn is_valid(&self, _node: &Node<'_>) -> bool {
        true
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unused_self, reason = "the other feature knows the schema")]
    fn is_array_schema(&self) -> bool {
        false
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unused_self, reason = "the other feature knows the schema")]
    fn fits_in_other_form<'t>(&self, _: &Candidate<'t>) -> Option<(Node<'t>, Vec<Repair>)> {
        None
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unused_self, reason = "the other feature knows the schema")]
    fn without_json<'t>(&self, _: &'t str, _: Doubt) -> Option<Reading<Node<'t>>> {
        None
    }
}

/// The only candidate that fits; where there are two, an error, or the first of them.
fn one_of<'a, 't: 'a>(
    text: &str,
    doubt: Doubt,
    candidates: impl Iterator<Item = &'a Candidate<'t>>,
    fit: impl Fn(&Candidate<'t>) -> Option<(Node<'t>, Vec<Repair>)>,
) -> Result<Option<Reading<Node<'t>>>, Option<Rejection>> {
    let fitting = candidates.filter_map(|candidate| {
        let (node, repairs) = fit(candidate)?;
        Some((candidate, node, repairs))
    });
    let mut fitting: Vec<_> = fitting.collect();
    let Some(other) = another(&fitting) else {
        let last = fitting.pop();
        return Ok(last.map(|(candidate, node, repairs)| reading(text, candidate, node, repairs)));
    };
    let is_list = fitting
        .iter()
        .any(|(candidate, ..)| candidate.follows_comma);
    let count = fitting.len();
    match fitting.into_iter().next() {
        Some((first, node, mut repairs)) if doubt == Doubt::TakeFirst && !is_list => {
            let told = format!("took the first of {count} values that fit and differ");
            repairs.push(
                Repair::new(
                    RepairKind::Choice,
                    other.read.span.start,
                    other.read.span.end,
                )
                .saying(told),
            );
            Ok(Some(reading(text, first, node, repairs)))
        }
        first => Err(first.map(|(first, ..)| two_that_differ(text, first, other))),
    }
}

type Fitting<'a, 't> = (&'a Candidate<'t>, Node<'t>, Vec<Repair>);

/// The first of those that fit which is not the same value again.
fn another<'a, 't>(fitting: &[Fitting<'a, 't>]) -> Option<&'a Candidate<'t>> {
    let ((_, first, _), others) = fitting.split_first()?;
    let said = if others.is_empty() {
        String::new()
    } else {
        first.to_string()
    };
    let other = others
        .iter()
        .find(|(candidate, other, _)| candidate.follows_comma || other.to_string() != said);
    other.map(|(candidate, ..)| *candidate)
}
/// The rejection that names two values that fit and differ.
fn two_that_differ(text: &str, first: &Candidate<'_>, other: &Candidate<'_>) -> Rejection {
    let (one, two) = (first.read.span, other.read.span);
    let place = |span: Span| format!("bytes {}..{}", span.start, span.end);
    let message = format!(
        "two values of the text fit and differ: {} and {}",
        place(one),
        place(two)
    );
    let named = |candidate: &Candidate<'_>, which: &str| {
        Violation::new(message.clone())
            .masked_as(message.clone())
            .within(candidate.read.span)
            .hint(format!(
                "this is the {which} of them: {}; answer with one value",
                wording::found(&candidate.read.node)
            ))
    };
    Rejection::new(text, vec![named(first, "first"), named(other, "second")])
}

/// The reading of a candidate, with all that was done to get there.
fn reading<'t>(
    text: &str,
    candidate: &Candidate<'t>,
    value: Node<'t>,
    forms: Vec<Repair>,
) -> Reading<Node<'t>> {
    let mut repairs = candidate.read.repairs.clone();
    if candidate.tier != Tier::Whole {
        repairs.extend(candidates::surroundings(text, candidate.read.span));
    }
    repairs.extend(forms);
    repairs.sort_by_key(|repair| repair.span.start);
    Reading {
        value,
        repairs,
        truncated: candidate.read.truncated,
    }
}
