//! What a file asks of its dialect: constructs that it does not take, or of which nobody knows.

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Feature, Regexes, Support};
use crate::lark::common;
use crate::lark::syntax::{Body, File, Import, Imported, Item, ItemKind};
use crate::span::Span;

impl<'f> Lowering<'f> {
    /// Reports a construct that the dialect does not take, or of which nobody knows.
    pub(super) fn require(&mut self, feature: Feature, span: Span) {
        let row = feature.capability();
        let title = self.dialect.title();
        let finding = match self.dialect.support(feature) {
            Support::Yes | Support::Ignored | Support::Trap => return,
            Support::Refused => {
                // Refused wherever it stands: whether the definition is used does not matter.
                let in_use = std::mem::replace(&mut self.in_use, true);
                let finding =
                    Diagnostic::error(row.code, format!("{title} refuses {}", row.construct));
                self.report(with_hint(finding.at(span), row.hint));
                self.in_use = in_use;
                return;
            }
            Support::RefusedInUse => {
                Diagnostic::error(row.code, format!("{title} refuses {}", row.construct))
            }
            Support::Unknown if !self.doubted.insert(feature) => return,
            Support::Unknown => Diagnostic::warning(
                row.code,
                format!("{title} does not say whether it takes {}", row.construct),
            ),
        };
        self.report(with_hint(finding.at(span), row.hint));
    }

    pub(super) fn layout(&mut self, file: &File) {
        let layout = &file.layout;
        let places = [
            (Feature::GluedArrow, &layout.glued_arrows),
            (Feature::Continuation, &layout.continuations),
            (Feature::SplitRule, &layout.split_rules),
            (Feature::SharedLine, &layout.shared_lines),
            (Feature::UnendedBlock, &layout.unended_blocks),
        ];
        for (feature, spans) in places {
            for span in spans {
                self.require(feature, *span);
            }
        }
    }

    pub(super) fn item_features(&mut self, item: &'f Item) {
        match &item.kind {
            ItemKind::Definition(definition) => self.head_features(definition),
            ItemKind::Override(definition) => {
                self.require(Feature::Override, item.span);
                self.head_features(definition);
            }
            ItemKind::Extend(definition) => {
                self.require(Feature::Extend, item.span);
                self.head_features(definition);
            }
            ItemKind::Import(import) => {
                if matches!(import.what, Imported::Last) && import.path.len() < 2 {
                    // Reported already: it says no name.
                    return;
                }
                let feature = match (import.relative, import.library().as_str()) {
                    (true, _) => Feature::RelativeImport,
                    (false, "common") => return self.common_import(import),
                    (false, _) => Feature::LibraryImport,
                };
                self.require(feature, item.span);
            }
            ItemKind::Declare(_) => self.require(Feature::Declare, item.span),
            ItemKind::Options { directive, .. } => {
                let own = directive == "%llguidance";
                self.require(
                    if own {
                        Feature::Options
                    } else {
                        Feature::GrammarOptions
                    },
                    item.span,
                );
            }
            ItemKind::Ignore(body) => {
                if self.dialect.support(Feature::Ignore) == Support::Refused {
                    self.require(Feature::Ignore, item.span);
                } else if self.dialect.support(Feature::Ignore) == Support::Trap {
                    self.unbounded_ignore(item, body);
                }
            }
            ItemKind::Unknown(_) | ItemKind::Error => {}
        }
    }

    fn unbounded_ignore(&mut self, item: &Item, body: &Body) {
        if body.alternatives.iter().all(|one| {
            one.conjuncts
                .iter()
                .all(|sequence| sequence.pieces.is_empty())
        }) {
            let finding = Diagnostic::warning(
                "empty-ignore",
                "`%ignore` ignores nothing: no terminal stands behind it",
            );
            return self.report(finding.at(item.span));
        }
        let row = Feature::Ignore.capability();
        let message = "ignored text may be repeated without end, even where its pattern is bounded";
        self.report(
            Diagnostic::warning(row.code, message)
                .at(item.span)
                .hint(row.hint),
        );
    }

    fn common_import(&mut self, import: &Import) {
        if self.dialect.regexes() == Regexes::Python {
            return;
        }
        for (name, _) in import.names() {
            if common::lookup(&name.text).is_some_and(|terminal| terminal.rust.is_none()) {
                let message = format!("{} has no `common.{}`", self.dialect.title(), name.text);
                self.report(
                    Diagnostic::error("import", message)
                        .at(name.span)
                        .hint("it is a part of Lark's string terminals; write a regex"),
                );
            }
        }
    }
}

fn with_hint(finding: Diagnostic, hint: &str) -> Diagnostic {
    if hint.is_empty() {
        finding
    } else {
        finding.hint(hint)
    }
}
