//! Bodies of terminals to patterns.

use super::Lowering;
use super::instances::Environment;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Feature, Support};
use crate::grammar::{Pattern, Semantics};
use crate::lark::params;
use crate::lark::scope::{Scope, SymbolKind, names_in_body};
use crate::lark::syntax::{
    Alternative, Atom, AtomKind, Body, Definition, Name, Number, Piece, QuantifierKind, Sequence,
};
use crate::span::Span;

/// A checked repetition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
}

/// What matches nothing: what stands for a part that could not be lowered.
const NOTHING: Pattern = Pattern::Alt(Vec::new());

impl Scope<'_> {
    /// The terminals that a terminal is made of, as indices of symbols.
    pub(super) fn terminal_edges(&self, definition: &Definition, extra: &[&Body]) -> Vec<usize> {
        let mut names = Vec::new();
        for body in extra.iter().chain(&[&definition.body]) {
            names_in_body(body, &mut names);
        }
        names
            .iter()
            .filter_map(|name| self.symbols.get_index_of(*name))
            .collect()
    }
}

impl<'f> Lowering<'f> {
    pub(super) fn terminal(&mut self, definition: &'f Definition, extra: &[&'f Body]) -> Pattern {
        if definition.template.is_some() {
            // Reported already; its parameters are no names of this grammar.
            return NOTHING;
        }
        let mut parts: Vec<Pattern> = extra.iter().map(|body| self.pattern(body)).collect();
        parts.push(self.pattern(&definition.body));
        let circular = self.circular.contains(definition.name.text.as_str());
        if circular {
            NOTHING
        } else {
            one_or(parts, Pattern::Alt)
        }
    }

    /// Alternatives as one pattern.
    pub(super) fn pattern(&mut self, body: &'f Body) -> Pattern {
        if !self.enter(body.span) {
            return NOTHING;
        }
        let parts = body
            .alternatives
            .iter()
            .map(|alternative| self.pattern_alternative(alternative))
            .collect();
        self.leave();
        one_or(parts, Pattern::Alt)
    }

    fn pattern_alternative(&mut self, alternative: &'f Alternative) -> Pattern {
        if let Some(alias) = &alternative.alias {
            let refused = self.dialect.semantics() == Semantics::Lark;
            let message = "an alias names a node of the tree, and a terminal has none inside";
            let finding = Diagnostic::error("alias-in-terminal", message)
                .at(alias.span)
                .hint("leave it out");
            if refused {
                self.report(finding);
            }
        }
        if let Some(condition) = &alternative.condition
            && params::condition(condition) != Ok(params::Condition::True)
        {
            let finding = Diagnostic::error("condition", "`%if` stands in rules only");
            self.report(finding.at(condition.span));
        }
        if alternative.conjuncts.len() > 1 {
            self.require(Feature::Intersection, alternative.span);
        }
        let parts = alternative
            .conjuncts
            .iter()
            .map(|sequence| self.pattern_sequence(sequence))
            .collect();
        one_or(parts, Pattern::And)
    }

    pub(super) fn pattern_sequence(&mut self, sequence: &'f Sequence) -> Pattern {
        let parts: Vec<Pattern> = sequence
            .pieces
            .iter()
            .map(|piece| self.pattern_piece(piece))
            .collect();
        if parts.is_empty() {
            Pattern::empty()
        } else {
            one_or(parts, Pattern::Concat)
        }
    }

    fn pattern_piece(&mut self, piece: &'f Piece) -> Pattern {
        let inner = self.pattern_atom(&piece.atom);
        if !piece.complements.is_empty() {
            self.require(Feature::Complement, piece.span);
        }
        let mut pattern = self.complement(inner, &piece.complements);
        for count in self.quantifiers(piece) {
            pattern = Pattern::Repeat {
                pattern: Box::new(pattern),
                min: count.min,
                max: count.max,
            };
        }
        pattern
    }

    pub(super) fn complement(&mut self, pattern: Pattern, signs: &[Span]) -> Pattern {
        if let Some(second) = signs.get(1) {
            let finding =
                Diagnostic::error("complement", "a complement of a complement needs brackets")
                    .at(*second);
            self.report_always(finding.hint("`~(~x)` is `x`"));
        }
        // A second one is refused already, and thousands must not nest.
        signs
            .iter()
            .take(2)
            .fold(pattern, |pattern, _| Pattern::Not(Box::new(pattern)))
    }

    pub(super) fn pattern_atom(&mut self, atom: &'f Atom) -> Pattern {
        let refuse = |what: &str| {
            Diagnostic::error(
                "rule-in-terminal",
                format!("{what} cannot be part of a terminal"),
            )
            .at(atom.span)
        };
        match &atom.kind {
            AtomKind::Group(body) => self.pattern(body),
            AtomKind::Optional(body) => {
                let pattern = Box::new(self.pattern(body));
                Pattern::Repeat {
                    pattern,
                    min: 0,
                    max: Some(1),
                }
            }
            AtomKind::Name(name) => self.pattern_name(name),
            AtomKind::Modified(modifiers, name) => {
                self.modified(modifiers, name);
                NOTHING
            }
            AtomKind::String(string) => self.string(string).unwrap_or(NOTHING),
            AtomKind::Range(first, last) => self.range(first, last, atom.span).unwrap_or(NOTHING),
            AtomKind::Regex(regex) => self.regex(regex).unwrap_or(NOTHING),
            AtomKind::RegexExtension(json) => self.substring(json).unwrap_or(NOTHING),
            AtomKind::Template { name, .. } => {
                self.require(Feature::TemplateUse, atom.span);
                self.report(refuse(&format!("the template `{}`", name.text)));
                NOTHING
            }
            AtomKind::Parametric { name, .. } => {
                self.report(refuse(&format!("`{}` with a parameter", name.text)));
                NOTHING
            }
            AtomKind::Json(_) => self.refused_in_terminal(refuse("`%json`")),
            AtomKind::Nested(_) => self.refused_in_terminal(refuse("`%lark`")),
            AtomKind::SpecialToken(text) => {
                self.refused_in_terminal(refuse(&format!("the special token `{text}`")))
            }
            AtomKind::GrammarRef(text) => {
                self.refused_in_terminal(refuse(&format!("the grammar `{text}`")))
            }
            AtomKind::Error => NOTHING,
        }
    }

    fn refused_in_terminal(&mut self, finding: Diagnostic) -> Pattern {
        self.report(finding.hint("use it in a rule"));
        NOTHING
    }

    fn pattern_name(&mut self, name: &'f Name) -> Pattern {
        let Some(symbol) = self.scope.get(&name.text) else {
            self.unknown(name, &Environment::default());
            return NOTHING;
        };
        match &symbol.kind {
            SymbolKind::Rule(..) | SymbolKind::Elsewhere { terminal: false } => {
                let defined = symbol.span;
                let finding = Diagnostic::error(
                    "rule-in-terminal",
                    format!("the rule `{}` cannot be part of a terminal", name.text),
                );
                let finding = finding.at(name.span).related(defined, "defined here");
                self.report(finding.hint("make the outer one a rule, in lower case, or the inner one a terminal, in upper case"));
                NOTHING
            }
            _ if self.circular.contains(name.text.as_str()) => NOTHING,
            _ => Pattern::Terminal(self.builder.terminal(&name.text)),
        }
    }

    /// The repetitions of a piece, from the inside out.
    pub(super) fn quantifiers(&mut self, piece: &'f Piece) -> Vec<Count> {
        if let Some(second) = piece.quantifiers.get(1) {
            let finding =
                Diagnostic::error("double-quantifier", "a piece is repeated twice").at(second.span);
            let inner = Span::new(piece.span.start, second.span.start);
            self.report_always(finding.hint(format!(
                "write `({}){}`",
                inner.text(self.source),
                second.span.text(self.source)
            )));
        }
        let mut counts: Vec<(Count, Span)> = Vec::new();
        // A second one is refused already, and thousands must not nest.
        for quantifier in piece.quantifiers.iter().take(2) {
            let count = match &quantifier.kind {
                QuantifierKind::Sign('?') => Some(Count {
                    min: 0,
                    max: Some(1),
                }),
                QuantifierKind::Sign('*') => Some(Count { min: 0, max: None }),
                QuantifierKind::Sign(_) => Some(Count { min: 1, max: None }),
                QuantifierKind::Braces { min, comma, max } => {
                    self.braces(min.as_ref(), *comma, max.as_ref(), quantifier.span)
                }
                QuantifierKind::Tilde { min, max } => {
                    if is_glued(piece, quantifier.span, min, max.as_ref()) {
                        self.require(Feature::GluedRange, quantifier.span);
                    }
                    self.tilde(min, max.as_ref(), quantifier.span)
                }
            };
            counts.extend(count.map(|count| (count, quantifier.span)));
        }
        if let [(count, span)] = counts.as_slice() {
            self.lost_bound(piece, *count, *span);
        }
        counts.into_iter().map(|(count, _)| count).collect()
    }

    fn braces(
        &mut self,
        min: Option<&Number>,
        comma: bool,
        max: Option<&Number>,
        span: Span,
    ) -> Option<Count> {
        self.require(Feature::BraceRepeat, span);
        if min.is_none() && !comma {
            self.report_always(
                Diagnostic::error("repeat", "this repetition holds no count")
                    .at(span)
                    .hint("for example `{3}` or `{1,5}`"),
            );
            return None;
        }
        let least = min.map_or(Some(0), |min| self.number(min))?;
        let most = match (comma, max) {
            (false, _) => Some(least),
            (true, Some(max)) => Some(self.number(max)?),
            (true, None) => None,
        };
        if most == Some(0) {
            self.require(Feature::ZeroRepeat, span);
        }
        self.ordered(least, most, span)
    }

    fn tilde(&mut self, min: &Number, max: Option<&Number>, span: Span) -> Option<Count> {
        let least = self.number(min)?;
        let most = match max {
            Some(max) => self.number(max)?,
            None => least,
        };
        self.ordered(least, Some(most), span)
    }

    fn ordered(&mut self, min: u32, max: Option<u32>, span: Span) -> Option<Count> {
        match max {
            Some(max) if max < min => {
                self.report(
                    Diagnostic::error(
                        "repeat",
                        format!("the repetition goes from {min} down to {max}"),
                    )
                    .at(span),
                );
                None
            }
            _ => Some(Count { min, max }),
        }
    }

    fn number(&mut self, number: &Number) -> Option<u32> {
        let text = number.text.as_str();
        let most = self.limits.max_repeat;
        let finding = match text.parse::<i64>() {
            Ok(value) if value < 0 => {
                Diagnostic::error("repeat", format!("a piece cannot stand {text} times"))
            }
            Ok(value) if value > i64::from(most) => Diagnostic::error(
                "limit",
                format!("a repetition of {text}, the limit is {most}"),
            ),
            Ok(value) => return u32::try_from(value).ok(),
            Err(_)
                if text
                    .trim_start_matches(['+', '-'])
                    .bytes()
                    .all(|b| b.is_ascii_digit()) =>
            {
                Diagnostic::error(
                    "limit",
                    format!("a repetition of {text}, the limit is {most}"),
                )
            }
            Err(_) => Diagnostic::error("repeat", format!("`{text}` is no whole number")),
        };
        self.report_always(finding.at(number.span));
        None
    }

    /// `("a"{0,10})*`: the outer repetition undoes the inner bound.
    fn lost_bound(&mut self, piece: &'f Piece, outer: Count, span: Span) {
        if outer.max.is_some() || self.dialect.support(Feature::LostBound) != Support::Trap {
            return;
        }
        let bound = match &piece.atom.kind {
            AtomKind::Group(body) => single_bound(body),
            AtomKind::Regex(regex) => {
                trailing_bound(&regex.source).map(|bound| (bound, regex.span))
            }
            _ => None,
        };
        if let Some((bound, inner)) = bound {
            let row = Feature::LostBound.capability();
            let message = format!(
                "`{}` repeats what `{bound}` bounds: together they have no bound",
                span.text(self.source)
            );
            let finding = Diagnostic::warning(row.code, message)
                .at(piece.span)
                .hint(row.hint);
            self.report(finding.suggest(piece.span, inner.text(self.source)));
        }
    }
}

/// `"x"i~2..5` without a blank: llguidance's lexer (`split_compact_repeat_ranges` in `lark/lexer.rs`) does not find the dots
/// behind a token that ends without looking at the next character.
fn is_glued(piece: &Piece, span: Span, min: &Number, max: Option<&Number>) -> bool {
    let ends_alone = match &piece.atom.kind {
        AtomKind::String(string) => string.ignore_case,
        AtomKind::SpecialToken(_) | AtomKind::Json(_) | AtomKind::RegexExtension(_) => true,
        _ => false,
    };
    let touches = piece.atom.span.end == span.start && span.start + 1 == min.span.start;
    ends_alone && touches && max.is_some_and(|max| min.span.end + 2 == max.span.start)
}

/// The bound of a group that holds one bounded piece, from 0 or 1.
fn single_bound(body: &Body) -> Option<(String, Span)> {
    let [alternative] = body.alternatives.as_slice() else {
        return None;
    };
    let [sequence] = alternative.conjuncts.as_slice() else {
        return None;
    };
    let [piece] = sequence.pieces.as_slice() else {
        return None;
    };
    let [quantifier] = piece.quantifiers.as_slice() else {
        return None;
    };
    let (min, max) = match &quantifier.kind {
        QuantifierKind::Braces {
            min,
            max: Some(max),
            ..
        } => (min.as_ref(), max),
        QuantifierKind::Tilde {
            min,
            max: Some(max),
        } => (Some(min), max),
        _ => return None,
    };
    let loose = min.is_none_or(|min| matches!(min.text.as_str(), "0" | "1"));
    loose.then(|| {
        (
            format!("{{{},{}}}", min.map_or("", |min| &min.text), max.text),
            piece.span,
        )
    })
}

/// The bound of a regex that is one class with `{0,10}` or `{1,10}`.
fn trailing_bound(source: &str) -> Option<String> {
    let class_end = match source.chars().next()? {
        '[' => source.find(']')? + 1,
        '.' => 1,
        _ => return None,
    };
    let bound = source.get(class_end..)?;
    let (min, max) = bound
        .strip_prefix('{')?
        .strip_suffix('}')?
        .split_once(',')?;
    let bounded =
        matches!(min, "0" | "1") && !max.is_empty() && max.bytes().all(|b| b.is_ascii_digit());
    bounded.then(|| bound.to_owned())
}

fn one_or(mut parts: Vec<Pattern>, many: fn(Vec<Pattern>) -> Pattern) -> Pattern {
    if parts.len() == 1 {
        parts.pop().unwrap_or(NOTHING)
    } else {
        many(parts)
    }
}
