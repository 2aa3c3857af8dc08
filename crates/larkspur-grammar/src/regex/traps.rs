//! What is accepted and means something else than it seems to.

use regex_syntax::ast::{
    self, Ast, ClassPerl, ClassPerlKind, GroupKind, RepetitionKind, RepetitionOp, RepetitionRange,
};

use super::Source;
use super::python::Translated;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Support};

pub(super) fn check(
    ast: &Ast,
    source: Source<'_>,
    translated: &Translated,
    dialect: &Dialect,
    findings: &mut Vec<Diagnostic>,
) {
    let walk = Walk {
        source,
        translated,
        dialect,
        findings: Vec::new(),
        ascii: source.flags.is_empty() && translated.text.starts_with("(?-u)"),
    };
    findings.extend(ast::visit(ast, walk).unwrap_or_else(|never| match never {}));
}

struct Walk<'a> {
    source: Source<'a>,
    translated: &'a Translated,
    dialect: &'a Dialect,
    findings: Vec<Diagnostic>,
    /// Unicode is switched off for the whole regex.
    ascii: bool,
}

impl ast::Visitor for Walk<'_> {
    type Output = Vec<Diagnostic>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.findings)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::Repetition(repetition) => {
                if !repetition.greedy {
                    self.lazy(repetition);
                }
                self.lost_bound(repetition);
            }
            Ast::ClassPerl(class) => self.perl(class, false),
            Ast::Group(group) => {
                if let GroupKind::CaptureName { name, .. } = &group.kind
                    && name.name == "stop"
                {
                    self.trap(
                        Feature::StopGroup,
                        name.span,
                        "the group is named `stop`".to_owned(),
                        None,
                    );
                }
            }
            Ast::Concat(concat) => self.lazy_before_neighbour(concat),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), Self::Err> {
        if let ast::ClassSetItem::Perl(class) = item {
            self.perl(class, true);
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn text(&self, span: ast::Span) -> &str {
        self.translated
            .text
            .get(span.start.offset..span.end.offset)
            .unwrap_or_default()
    }

    fn trap(
        &mut self,
        feature: Feature,
        span: ast::Span,
        message: String,
        replacement: Option<String>,
    ) {
        if self.dialect.support(feature) != Support::Trap {
            return;
        }
        let row = feature.capability();
        let place = self
            .translated
            .span(self.source, span.start.offset, span.end.offset);
        let finding = Diagnostic::warning(row.code, message)
            .at(place)
            .hint(row.hint);
        self.findings.push(match (place, replacement) {
            (Some(place), Some(replacement)) => finding.suggest(place, replacement),
            _ => finding,
        });
    }

    /// `x*?` is greedy for a server, and OpenAI's guide says it is not supported.
    fn lazy(&mut self, repetition: &ast::Repetition) {
        let already = self.findings.iter().any(|finding| {
            let place = self.translated.span(self.source, repetition.span.start.offset, repetition.span.end.offset);
            finding.code == Feature::LazyQuantifier.capability().code
                && matches!((finding.span, place), (Some(found), Some(place)) if found.start <= place.start && place.end <= found.end)
        });
        if already {
            return;
        }
        let sign = self.text(repetition.op.span).to_owned();
        let message = format!(
            "the lazy quantifier `{sign}` is greedy for {}: it takes as much as it can",
            self.dialect.title()
        );
        self.trap(Feature::LazyQuantifier, repetition.op.span, message, None);
    }

    /// `.*?"` means `[^"\n]*"` where it is the shortest match that counts: there the rewrite is exact.
    fn lazy_before_neighbour(&mut self, concat: &ast::Concat) {
        for pair in concat.asts.windows(2) {
            let [Ast::Repetition(repetition), Ast::Literal(end)] = pair else {
                continue;
            };
            let any = match &*repetition.ast {
                Ast::Dot(_) => Some(!self.source.flags.contains('s')),
                _ => None,
            };
            let Some(not_newline) = any.filter(|_| !repetition.greedy) else {
                continue;
            };
            let sign = match &repetition.op.kind {
                RepetitionKind::ZeroOrMore => "*".to_owned(),
                RepetitionKind::OneOrMore => "+".to_owned(),
                RepetitionKind::Range(_) => self
                    .text(repetition.op.span)
                    .trim_end_matches('?')
                    .to_owned(),
                RepetitionKind::ZeroOrOne => continue,
            };
            let excluded = self.text(end.span);
            let excluded = if excluded == "^" || excluded == "-" || excluded == "[" {
                format!("\\{excluded}")
            } else {
                excluded.to_owned()
            };
            let newline = if not_newline && end.c != '\n' {
                "\\n"
            } else {
                ""
            };
            let replacement = format!("[^{excluded}{newline}]{sign}");
            let quantifier = self.text(repetition.op.span);
            let message = format!(
                "the lazy quantifier `{quantifier}` is greedy for {}: it takes as much as it can",
                self.dialect.title()
            );
            self.trap(
                Feature::LazyQuantifier,
                repetition.span,
                message,
                Some(replacement),
            );
        }
    }

    /// `[^.]{0,10}*` is `[^.]*`.
    fn lost_bound(&mut self, outer: &ast::Repetition) {
        let mut inner = &*outer.ast;
        while let Ast::Group(group) = inner {
            inner = &group.ast;
        }
        let Ast::Repetition(inner) = inner else {
            return;
        };
        let RepetitionKind::Range(range) = &inner.op.kind else {
            return;
        };
        let bounded = matches!(
            range,
            RepetitionRange::Exactly(_) | RepetitionRange::Bounded(..)
        );
        if !bounded || !is_unbounded(&outer.op) {
            return;
        }
        let least_zero = matches!(range, RepetitionRange::Bounded(0 | 1, _));
        if !least_zero {
            // `(x{3})*` counts in threes, which may be meant.
            return;
        }
        let (bound, again) = (
            self.text(inner.op.span).to_owned(),
            self.text(outer.op.span).to_owned(),
        );
        let message =
            format!("`{again}` repeats what `{bound}` bounds: together they have no bound");
        let replacement = self.text(outer.ast.span().to_owned()).to_owned();
        self.trap(Feature::LostBound, outer.span, message, Some(replacement));
    }

    /// `\d`, `\w`, `\s`.
    fn perl(&mut self, class: &ClassPerl, in_class: bool) {
        if self.ascii {
            return;
        }
        let (inside, what) = match class.kind {
            ClassPerlKind::Digit => ("0-9", "the digits of every script"),
            ClassPerlKind::Word => ("A-Za-z0-9_", "the letters and digits of every script"),
            ClassPerlKind::Space => (
                " \\t\\r\\n",
                "every white space of Unicode, line ends included",
            ),
        };
        let shown = self.text(class.span).to_owned();
        let (message, replacement) = match (class.negated, in_class) {
            (false, true) => (format!("`{shown}` matches {what}"), Some(inside.to_owned())),
            (false, false) => (
                format!("`{shown}` matches {what}"),
                Some(format!("[{inside}]")),
            ),
            (true, false) => (
                format!("`{shown}` leaves out {what}"),
                Some(format!("[^{inside}]")),
            ),
            (true, true) => (format!("`{shown}` leaves out {what}"), None),
        };
        self.trap(Feature::UnicodeClass, class.span, message, replacement);
    }
}

fn is_unbounded(op: &RepetitionOp) -> bool {
    matches!(
        op.kind,
        RepetitionKind::ZeroOrMore
            | RepetitionKind::OneOrMore
            | RepetitionKind::Range(RepetitionRange::AtLeast(_))
    )
}
