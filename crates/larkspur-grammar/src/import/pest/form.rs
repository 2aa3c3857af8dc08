//! Rules as forms: like the tree, but with blanks where pest puts them, and once for each way a rule is used.

use regex_syntax::hir::ClassUnicode;
use rustc_hash::{FxHashMap, FxHashSet};

use super::builtin;
use super::read::{Node, Peg, PegRule, RuleKind};
use crate::diagnostic::Diagnostic;
use crate::grammar::Pattern;
use crate::loss::{Effect, Loss};
use crate::regular::chars;
use crate::span::Span;

/// Forms within one that is written out more than once; a larger one becomes a version of its own.
const MAX_COPIED: usize = 64;

/// What a rule derives.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Empty,
    Text(String),
    Set(ClassUnicode),
    /// A regular set, found by folding lookahead into what follows it.
    Regular(Box<Regular>),
    /// A version of a rule.
    Rule(usize),
    /// Blanks and comments, as many as there are.
    Skip,
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    Seq(Vec<Self>),
    /// In order of preference. `None` for the place where nothing of the author's is.
    Choice(Vec<Self>, Option<Span>),
    /// As often as can be.
    Repeat(Box<Self>, u32, Option<u32>, Span),
    /// Lookahead: `true` must be there, `false` must not.
    Ahead(bool, Box<Self>, Span),
}

/// See [`Form::Regular`].
#[derive(Clone, Debug)]
pub(super) struct Regular {
    pub(super) pattern: Pattern,
    pub(super) span: Span,
    /// The forms that were folded, which commit like any others.
    pub(super) parts: Form,
    /// What is still to be found out about it.
    pub(super) duty: Duty,
}

/// Why a folded lookahead may still differ: its decision may hang on what follows.
#[derive(Clone, Debug)]
pub(super) enum Duty {
    /// The texts of `texts` were kept where `ahead` (a set of all that may follow) does (`positive`) or does not hold.
    Ahead {
        texts: Pattern,
        ahead: Pattern,
        positive: bool,
    },
    /// Characters of `set` up to a place where `stop` (a set of all that may follow) holds.
    Until { set: ClassUnicode, stop: Pattern },
}

/// A rule as it is used in one way.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// Its own where both versions of a rule are used.
    pub(super) name: String,
    /// The name in the file.
    pub(super) written: String,
    pub(super) span: Span,
    pub(super) silent: bool,
    pub(super) form: Form,
}

/// All versions that the start leads to.
#[derive(Debug)]
pub(super) struct Forms {
    pub(super) versions: Vec<Version>,
    /// By version: its form before lookahead was folded.
    pub(super) written: Vec<Form>,
    /// By version: whether lookahead or the end of the text stood inside, or in a version used inside.
    pub(super) ahead: Vec<bool>,
    pub(super) start: usize,
    /// The name and the form of [`Form::Skip`], if blanks or comments are defined.
    pub(super) skip: Option<(String, Form)>,
    pub(super) losses: Vec<Loss>,
}

/// Whether pest gives the rule its special meaning.
pub(super) fn is_skip(name: &str) -> bool {
    matches!(name, "WHITESPACE" | "COMMENT")
}

pub(super) fn forms(rules: &[PegRule], start: usize) -> Result<Forms, Vec<Diagnostic>> {
    let by_name = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.name.as_str(), at))
        .collect();
    let mut maker = Maker {
        rules,
        by_name,
        has_skip: rules.iter().any(|rule| is_skip(&rule.name)),
        names: rules.iter().map(|rule| rule.name.clone()).collect(),
        ids: FxHashMap::default(),
        versions: Vec::new(),
        open: Vec::new(),
        faults: Vec::new(),
        losses: Vec::new(),
    };
    let first = maker.version(start, false);
    let skip = maker.skip();
    while let Some((rule, spaced, id)) = maker.open.pop() {
        let Some(known) = rules.get(rule) else {
            continue;
        };
        let form = maker.node(&known.body, spaced);
        if let Some(version) = maker.versions.get_mut(id) {
            version.form = form;
        }
    }
    if let Some(version) = maker.versions.get_mut(first) {
        strip_ends(&mut version.form);
    }
    maker.ends();
    if maker.faults.is_empty() {
        Ok(Forms {
            versions: maker.versions,
            written: Vec::new(),
            ahead: Vec::new(),
            start: first,
            skip,
            losses: maker.losses,
        })
    } else {
        Err(maker.faults)
    }
}

impl Forms {
    /// Whether lookahead or the end of the text stands inside, or in a version used inside.
    pub(super) fn looks_ahead(&self, form: &Form) -> bool {
        form.all().any(|form| match form {
            Form::Ahead(..) | Form::End => true,
            Form::Rule(at) => self.ahead.get(*at) == Some(&true),
            _ => false,
        })
    }

    /// By version: those whose forms name it.
    pub(super) fn users(&self) -> Vec<Vec<usize>> {
        let mut users = vec![Vec::new(); self.versions.len()];
        for (at, version) in self.versions.iter().enumerate() {
            for used in version.form.uses() {
                if let Some(users) = users.get_mut(used) {
                    users.push(at);
                }
            }
        }
        users.iter_mut().for_each(Vec::dedup);
        users
    }
}

struct Maker<'r> {
    rules: &'r [PegRule],
    by_name: FxHashMap<&'r str, usize>,
    has_skip: bool,
    /// All names that are taken.
    names: FxHashSet<String>,
    /// By rule and whether blanks stand between its parts.
    ids: FxHashMap<(usize, bool), usize>,
    versions: Vec<Version>,
    open: Vec<(usize, bool, usize)>,
    faults: Vec<Diagnostic>,
    losses: Vec<Loss>,
}

impl Maker<'_> {
    /// The version of a rule that is called from where blanks are `atomic`ally kept out, or not.
    fn version(&mut self, rule: usize, atomic: bool) -> usize {
        let Some(known) = self.rules.get(rule) else {
            return 0;
        };
        let spaced = match known.kind {
            _ if is_skip(&known.name) => false,
            RuleKind::Normal | RuleKind::Silent => !atomic,
            RuleKind::Atomic => false,
            RuleKind::NonAtomic => true,
        } && self.has_skip;
        if let Some(id) = self.ids.get(&(rule, spaced)) {
            return *id;
        }
        let id = self.versions.len();
        let other = self.ids.contains_key(&(rule, !spaced));
        let name = match (other, spaced) {
            (false, _) => known.name.clone(),
            (true, true) => self.fresh(&format!("{}_spaced", known.name)),
            (true, false) => self.fresh(&format!("{}_atomic", known.name)),
        };
        self.ids.insert((rule, spaced), id);
        self.versions.push(Version {
            name,
            written: known.name.clone(),
            span: known.span,
            silent: known.kind == RuleKind::Silent,
            form: Form::Empty,
        });
        self.open.push((rule, spaced, id));
        id
    }

    /// The name, or one like it that no rule has.
    fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.names.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }

    /// A form for use in several places, as a silent version of its own unless it is small.
    fn shared(&mut self, form: Form, span: Span) -> Form {
        if form.all().nth(MAX_COPIED).is_none() {
            return form;
        }
        let name = self.fresh(&format!("part_{}", self.versions.len()));
        self.versions.push(Version {
            written: name.clone(),
            name,
            span,
            silent: true,
            form,
        });
        Form::Rule(self.versions.len() - 1)
    }

    /// `WHITESPACE* ~ (COMMENT ~ WHITESPACE*)*`.
    fn skip(&mut self) -> Option<(String, Form)> {
        let mut ways = Vec::new();
        for name in ["WHITESPACE", "COMMENT"] {
            if let Some(&rule) = self.by_name.get(name) {
                ways.push(Form::Rule(self.version(rule, true)));
            }
        }
        let one = if ways.len() > 1 {
            Form::Choice(ways, None)
        } else {
            ways.pop()?
        };
        let all = Form::Repeat(Box::new(one), 0, None, Span::default());
        Some((self.fresh("skip_between_parts"), all))
    }

    /// Recursion is bounded by the depth of groups, which is checked before the text is read.
    fn node(&mut self, node: &Node, spaced: bool) -> Form {
        match &node.peg {
            Peg::Text(text) if text.is_empty() => Form::Empty,
            Peg::Text(text) => Form::Text(text.clone()),
            Peg::Insensitive(text) => insensitive(text),
            Peg::Range(first, last) => Form::Set(chars::range(*first, *last)),
            Peg::Name(name) => self.name(name, node.span, spaced),
            Peg::Ahead(positive, inner) => {
                Form::Ahead(*positive, Box::new(self.node(inner, spaced)), node.span)
            }
            Peg::Seq(parts) => {
                let mut out = Vec::new();
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 && spaced {
                        out.push(Form::Skip);
                    }
                    out.push(self.node(part, spaced));
                }
                Form::Seq(out)
            }
            Peg::Choice(parts) => Form::Choice(
                parts.iter().map(|part| self.node(part, spaced)).collect(),
                Some(node.span),
            ),
            Peg::Repeat(inner, min, max) => {
                let mut inner = self.node(inner, spaced);
                if spaced {
                    inner = self.shared(inner, node.span);
                }
                repeated(inner, *min, *max, spaced, node.span)
            }
            Peg::Stack(what) => {
                self.stack(what, node.span);
                Form::Empty
            }
        }
    }

    fn stack(&mut self, what: &str, span: Span) {
        let message = format!("`{what}` remembers text, which no context-free grammar can");
        let fault = Diagnostic::error("stack", message).at(span);
        let fault = match what {
            "PUSH" => fault.hint(
                "where the marks are few, write an alternative for each, from the opening to the closing one",
            ),
            _ => fault,
        };
        // A rule that is used with and without blanks is read twice.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn name(&mut self, name: &str, span: Span, spaced: bool) -> Form {
        if let Some(&rule) = self.by_name.get(name) {
            return Form::Rule(self.version(rule, !spaced));
        }
        if builtin::is_stack(name) {
            self.stack(name, span);
            return Form::Empty;
        }
        builtin::form(name).unwrap_or_else(|| {
            let message = format!("the built-in rule `{name}` is not known here");
            self.faults
                .push(Diagnostic::error("unsupported", message).at(span));
            Form::Empty
        })
    }

    /// Beginnings and ends of the text that are left in the middle hold nowhere and are told.
    fn ends(&mut self) {
        for version in &self.versions {
            let mut stack = vec![&version.form];
            while let Some(form) = stack.pop() {
                if let Form::Start | Form::End = form {
                    let name = if matches!(form, Form::Start) {
                        "SOI"
                    } else {
                        "EOI"
                    };
                    let what = format!("`{name}` is dropped");
                    let why = "only at the ends of the start rule is it sure to hold";
                    let loss = Loss::new("position", Effect::Wider, what, why);
                    self.losses.push(loss.of(&version.name, Some(version.span)));
                }
                stack.extend(form.children().iter().rev());
            }
        }
    }
}

/// Each letter in both cases; pest folds ASCII only.
fn insensitive(text: &str) -> Form {
    let one = |c: char| {
        let mut set = chars::range(c, c);
        set.union(&chars::range(
            c.to_ascii_lowercase(),
            c.to_ascii_lowercase(),
        ));
        set.union(&chars::range(
            c.to_ascii_uppercase(),
            c.to_ascii_uppercase(),
        ));
        Form::Set(set)
    };
    Form::Seq(text.chars().map(one).collect())
}

/// A repetition with the blanks that pest puts in.
///
/// pest writes counts out: `e+` is `e ~ e*`, `e{2,3}` is `e ~ e ~ e?`. Between them stand blanks, also where the optional part
/// then takes nothing, so that `e+` takes the blanks after a single `e`.
fn repeated(inner: Form, min: u32, max: Option<u32>, spaced: bool, span: Span) -> Form {
    if !spaced || max == Some(0) || (min, max) == (0, Some(1)) {
        return Form::Repeat(Box::new(inner), min, max, span);
    }
    let again = Form::Seq(vec![Form::Skip, inner.clone()]);
    let times = |min: u32, max: Option<u32>| Form::Repeat(Box::new(again.clone()), min, max, span);
    if (min, max) == (0, None) {
        let all = Form::Seq(vec![inner, times(0, None)]);
        return Form::Repeat(Box::new(all), 0, Some(1), span);
    }
    let least = if min > 1 {
        vec![inner.clone(), times(min - 1, Some(min - 1))]
    } else {
        vec![inner.clone()]
    };
    let optional = |most: u32| match most {
        0 => Form::Empty,
        most => {
            let fewer = Form::Seq(vec![times(0, Some(most - 1)), Form::Skip]);
            Form::Choice(vec![times(most, Some(most)), fewer], None)
        }
    };
    if min == 0 {
        // e{,n}: e? ~ e? ~ …
        let first = Form::Choice(vec![inner, Form::Empty], None);
        return Form::Seq(vec![first, optional(max.unwrap_or(1) - 1)]);
    }
    let more = match max {
        Some(max) => optional(max.saturating_sub(min)),
        None => Form::Choice(vec![times(1, None), Form::Skip], None),
    };
    Form::Seq(least.into_iter().chain([more]).collect())
}

/// Takes `SOI` from the beginning and `EOI` from the end of the start rule.
fn strip_ends(form: &mut Form) {
    match form {
        Form::Start | Form::End => *form = Form::Empty,
        Form::Seq(parts) => {
            if let Some(first @ Form::Start) = parts.first_mut() {
                *first = Form::Empty;
            }
            if let Some(last @ Form::End) = parts.last_mut() {
                *last = Form::Empty;
            }
        }
        Form::Choice(parts, _) => parts.iter_mut().for_each(strip_ends),
        _ => {}
    }
}

impl Form {
    /// The forms directly inside, but those that are only looked at.
    pub(super) fn children(&self) -> &[Self] {
        match self {
            Self::Seq(parts) | Self::Choice(parts, _) => parts,
            Self::Repeat(inner, ..) => std::slice::from_ref(inner),
            _ => &[],
        }
    }

    /// The form and all within it, also what is only looked at.
    pub(super) fn all(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let form = open.pop()?;
            if let Self::Ahead(_, inner, _) = form {
                open.push(inner);
            }
            open.extend(form.children().iter().rev());
            Some(form)
        })
    }

    /// The versions used inside, also by lookahead.
    pub(super) fn uses(&self) -> Vec<usize> {
        let used = |form: &Self| match form {
            Self::Rule(at) => Some(*at),
            _ => None,
        };
        self.all().filter_map(used).collect()
    }
}
