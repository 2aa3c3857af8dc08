//! Which names a grammar defines, which it uses, and what is wrong with either.

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::common;
use super::syntax::{
    Alternative, Atom, AtomKind, AttributeValue, Body, Definition, File, Imported, Item, ItemKind,
    Json, Name, NameKind,
};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::closest;

/// Unknown names for which a near one is looked for.
const MAX_SEARCHES: usize = 100;

/// All names of one grammar.
#[derive(Debug)]
pub(super) struct Scope<'f> {
    /// By name, in the order of the definitions.
    pub(super) symbols: IndexMap<&'f str, Symbol<'f>>,
    /// Bodies of `%ignore`.
    pub(super) ignored: Vec<&'f Body>,
    /// `%llguidance { … }` and its kin.
    pub(super) options: Vec<(&'f str, &'f Json)>,
    /// Names in parts that could not be read: they may well be defined there.
    lost: FxHashSet<&'f str>,
    /// How many more times a near name is looked for: each time costs as much as there are names.
    searches: std::cell::Cell<usize>,
    pub(super) findings: Vec<Diagnostic>,
}

/// A name and what it stands for.
#[derive(Debug)]
pub(super) struct Symbol<'f> {
    pub(super) span: Span,
    pub(super) kind: SymbolKind<'f>,
    /// Whether the start, or ignored text, leads to it.
    pub(super) reachable: bool,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) enum SymbolKind<'f> {
    /// A rule, with what `%extend` adds.
    Rule(&'f Definition, Vec<&'f Body>),
    /// A terminal, with what `%extend` adds.
    Terminal(&'f Definition, Vec<&'f Body>),
    /// A terminal of the library `common`.
    Common(&'static common::CommonTerminal),
    /// Something of another library, or a name that `%declare` promises.
    Elsewhere { terminal: bool },
}

impl Symbol<'_> {
    pub(super) fn is_rule(&self) -> bool {
        matches!(
            self.kind,
            SymbolKind::Rule(..) | SymbolKind::Elsewhere { terminal: false }
        )
    }
}

impl<'f> Scope<'f> {
    /// Collects the names of a file.
    pub(super) fn new(file: &'f File) -> Self {
        Self::of_items(&file.items, &file.source)
    }

    pub(super) fn of_items(items: &'f [Item], source: &'f str) -> Self {
        let mut scope = Self {
            symbols: IndexMap::new(),
            ignored: Vec::new(),
            options: Vec::new(),
            lost: FxHashSet::default(),
            searches: std::cell::Cell::new(MAX_SEARCHES),
            findings: Vec::new(),
        };
        for item in items {
            scope.item(item, source);
        }
        scope.mark_reachable();
        scope
    }

    pub(super) fn get(&self, name: &str) -> Option<&Symbol<'f>> {
        self.symbols.get(name)
    }

    fn item(&mut self, item: &'f Item, source: &'f str) {
        match &item.kind {
            ItemKind::Definition(definition) => self.define(definition),
            ItemKind::Override(definition) => self.redefine(definition),
            ItemKind::Extend(definition) => self.extend(definition),
            ItemKind::Import(import) => {
                let library = import.library();
                let whole = matches!(import.what, Imported::Last) && import.path.len() < 2;
                for (name, alias) in import.names() {
                    self.import(&library, name, alias, whole);
                }
            }
            ItemKind::Ignore(body) => self.ignored.push(body),
            ItemKind::Declare(names) => {
                for name in names {
                    self.declare(name);
                }
            }
            ItemKind::Options { directive, value } => self.options.push((directive, value)),
            ItemKind::Unknown(_) | ItemKind::Error => {
                self.lost.extend(words(item.span.text(source)));
            }
        }
    }

    fn define(&mut self, definition: &'f Definition) {
        let name = &definition.name;
        let kind = match name.kind() {
            NameKind::Rule => SymbolKind::Rule(definition, Vec::new()),
            NameKind::Terminal => SymbolKind::Terminal(definition, Vec::new()),
            NameKind::Neither => {
                if name.text.is_ascii() {
                    self.findings.push(mixed_case(name));
                }
                // What it was meant for shows in its first letter.
                if name
                    .text
                    .trim_start_matches('_')
                    .starts_with(char::is_uppercase)
                {
                    SymbolKind::Terminal(definition, Vec::new())
                } else {
                    SymbolKind::Rule(definition, Vec::new())
                }
            }
        };
        self.insert(name, kind);
    }

    fn insert(&mut self, name: &'f Name, kind: SymbolKind<'f>) {
        if let Some(first) = self.symbols.get(name.text.as_str()) {
            let (code, what) = match kind {
                SymbolKind::Rule(..) => ("duplicate-rule", "rule"),
                _ => ("duplicate-terminal", "terminal"),
            };
            let finding =
                Diagnostic::error(code, format!("the {what} `{}` is defined twice", name.text));
            let word = match first.kind {
                SymbolKind::Common(_) | SymbolKind::Elsewhere { .. } => "first imported here",
                _ => "first defined here",
            };
            self.findings.push(
                finding
                    .at(name.span)
                    .related(first.span, word)
                    .hint("join the two with `|`, or rename one"),
            );
            return;
        }
        self.symbols.insert(
            &name.text,
            Symbol {
                span: name.span,
                kind,
                reachable: false,
            },
        );
    }

    fn redefine(&mut self, definition: &'f Definition) {
        let name = &definition.name;
        if self.symbols.shift_remove(name.text.as_str()).is_none() {
            self.findings.push(not_defined_yet(name, "%override"));
        }
        self.define(definition);
    }

    /// Lark puts the alternatives of `%extend` before the others.
    fn extend(&mut self, definition: &'f Definition) {
        let name = &definition.name;
        match self
            .symbols
            .get_mut(name.text.as_str())
            .map(|symbol| &mut symbol.kind)
        {
            Some(SymbolKind::Rule(_, extra) | SymbolKind::Terminal(_, extra)) => {
                extra.insert(0, &definition.body);
            }
            Some(SymbolKind::Common(_) | SymbolKind::Elsewhere { .. }) => {}
            None => {
                self.findings.push(not_defined_yet(name, "%extend"));
                self.define(definition);
            }
        }
    }

    fn import(&mut self, library: &str, name: &'f Name, alias: &'f Name, whole: bool) {
        let kind = if library == "common" {
            if let Some(terminal) = common::lookup(&name.text) {
                SymbolKind::Common(terminal)
            } else {
                self.findings.push(unknown_common(name));
                SymbolKind::Elsewhere {
                    terminal: name.is_terminal(),
                }
            }
        } else {
            if whole {
                let finding = Diagnostic::error(
                    "import",
                    format!("`%import {}` says no name to import", name.text),
                );
                self.findings.push(
                    finding
                        .at(name.span)
                        .hint("write `%import library.NAME` or `%import library (A, B)`"),
                );
            }
            SymbolKind::Elsewhere {
                terminal: name.is_terminal(),
            }
        };
        self.insert(alias, kind);
    }

    fn declare(&mut self, name: &'f Name) {
        if !name.is_terminal() {
            let finding = Diagnostic::error(
                "declare",
                format!(
                    "`%declare` promises terminals, and `{}` is no terminal's name",
                    name.text
                ),
            );
            self.findings.push(finding.at(name.span));
            return;
        }
        self.insert(name, SymbolKind::Elsewhere { terminal: true });
    }

    /// The finding for a name that is used and defined nowhere; `None` where it may be defined in a part that could not be read.
    pub(super) fn unknown(&self, name: &Name, parameters: &[Name]) -> Option<Diagnostic> {
        if self.lost.contains(name.text.as_str()) {
            return None;
        }
        if name.kind() == NameKind::Neither {
            return name.text.is_ascii().then(|| mixed_case(name));
        }
        let finding = Diagnostic::error("unknown-name", format!("`{}` is not defined", name.text))
            .at(name.span);
        if common::lookup(&name.text).is_some() {
            return Some(finding.hint(format!(
                "it is in the library `common`: add the line `%import common.{}`",
                name.text
            )));
        }
        let Some(left) = self.searches.get().checked_sub(1) else {
            return Some(finding);
        };
        self.searches.set(left);
        let known = self
            .symbols
            .keys()
            .copied()
            .chain(parameters.iter().map(|parameter| parameter.text.as_str()));
        Some(match closest(&name.text, known) {
            Some(near) => finding
                .hint(format!("did you mean `{near}`?"))
                .suggest(name.span, near),
            None => finding,
        })
    }

    /// Whether a rule may be defined in a part that could not be read, or under a name that was spelt wrong.
    pub(super) fn may_define(&self, name: &str) -> bool {
        self.lost.contains(name)
            || self
                .symbols
                .keys()
                .any(|other| other.eq_ignore_ascii_case(name))
    }

    fn mark_reachable(&mut self) {
        let mut names: Vec<&'f str> = Vec::new();
        if self.symbols.contains_key("start") {
            names.push("start");
        }
        for body in &self.ignored {
            names_in_body(body, &mut names);
        }
        while let Some(name) = names.pop() {
            let Some(symbol) = self.symbols.get_mut(name) else {
                continue;
            };
            if std::mem::replace(&mut symbol.reachable, true) {
                continue;
            }
            if let SymbolKind::Rule(definition, extra) | SymbolKind::Terminal(definition, extra) =
                &symbol.kind
            {
                names_in_definition(definition, &mut names);
                for body in extra {
                    names_in_body(body, &mut names);
                }
            }
        }
    }
}

fn not_defined_yet(name: &Name, directive: &str) -> Diagnostic {
    let message = format!(
        "`{directive}` of `{}`, which is not defined before it",
        name.text
    );
    Diagnostic::error("unknown-name", message).at(name.span)
}

fn mixed_case(name: &Name) -> Diagnostic {
    let message = format!("`{}` is neither a rule's name nor a terminal's", name.text);
    let finding = Diagnostic::error("mixed-case", message).at(name.span);
    let letters = name.text.trim_start_matches('_');
    if letters.is_empty()
        || !letters.starts_with(|c: char| c.is_ascii_alphabetic())
        || name.text.starts_with("__")
    {
        return finding.hint("a name begins with a letter, or with one `_` and a letter");
    }
    let finding = finding.hint("rules are in lower case, terminals in upper case");
    if letters.starts_with(|c: char| c.is_ascii_uppercase())
        && letters.chars().filter(char::is_ascii_uppercase).count() > letters.len() / 2
    {
        finding.suggest(name.span, name.text.to_ascii_uppercase())
    } else {
        finding.suggest(name.span, snake_case(&name.text))
    }
}

/// `fooBar` to `foo_bar`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn unknown_common(name: &Name) -> Diagnostic {
    let finding = Diagnostic::error(
        "import",
        format!("the library `common` has no `{}`", name.text),
    )
    .at(name.span);
    match closest(&name.text, common::names()) {
        Some(near) => finding
            .hint(format!("did you mean `{near}`?"))
            .suggest(name.span, near),
        None => finding.hint(format!(
            "it has {}",
            common::names().collect::<Vec<_>>().join(", ")
        )),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c == '_' || c == '-' || c.is_ascii_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// All names that a definition uses, templates' parameters apart.
pub(super) fn names_in_definition<'f>(definition: &'f Definition, names: &mut Vec<&'f str>) {
    let mut own = Vec::new();
    names_in_body(&definition.body, &mut own);
    for attribute in &definition.attributes {
        if let Some(AttributeValue::Atom(atom)) = &attribute.value {
            names_in_atom(atom, &mut own);
        }
    }
    if let Some(template) = &definition.template {
        own.retain(|name| {
            template
                .parameters
                .iter()
                .all(|parameter| parameter.text != *name)
        });
    }
    names.extend(own);
}

pub(super) fn names_in_body<'f>(body: &'f Body, names: &mut Vec<&'f str>) {
    visit_atoms(body, &mut |atom| names_in_atom_shallow(atom, names));
}

fn names_in_atom<'f>(atom: &'f Atom, names: &mut Vec<&'f str>) {
    visit_atom(atom, &mut |atom| names_in_atom_shallow(atom, names));
}

fn names_in_atom_shallow<'f>(atom: &'f Atom, names: &mut Vec<&'f str>) {
    if let AtomKind::Name(name)
    | AtomKind::Template { name, .. }
    | AtomKind::Parametric { name, .. } = &atom.kind
    {
        names.push(&name.text);
    }
}

/// Calls `visit` for every atom of a body, outer before inner, those of nested `%lark` blocks apart: they have a scope of
/// their own. Recursion is bounded by the nesting that the parser allows.
pub(super) fn visit_atoms<'f>(body: &'f Body, visit: &mut dyn FnMut(&'f Atom)) {
    for Alternative { conjuncts, .. } in &body.alternatives {
        for piece in conjuncts.iter().flat_map(|sequence| &sequence.pieces) {
            visit_atom(&piece.atom, visit);
        }
    }
}

pub(super) fn visit_atom<'f>(atom: &'f Atom, visit: &mut dyn FnMut(&'f Atom)) {
    visit(atom);
    match &atom.kind {
        AtomKind::Group(body) | AtomKind::Optional(body) => visit_atoms(body, visit),
        AtomKind::Template { arguments, .. } => {
            for body in arguments {
                visit_atoms(body, visit);
            }
        }
        _ => {}
    }
}
