//! Older drafts and OpenAPI → JSON Schema 2020-12.
//!
//! Every difference is a row of a table: the keyword, the drafts that mean it so, and a small function that says it as 2020-12
//! does. What a schema does not say of itself is read as whatever it can mean: an array under `items` has no meaning in
//! 2020-12, so it is a tuple also where no `$schema` says so.

mod rows;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use self::rows::ROWS;
use crate::{
    check::{size, walk::subschemas},
    references::References,
};

/// A draft of JSON Schema, or a version of OpenAPI, that a schema says it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    /// Nothing is said.
    Unsaid,
    Draft4,
    OpenApi30,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
}

impl Draft {
    pub(crate) fn of(schema: &Value) -> Self {
        let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        if let Some(version) = text("openapi") {
            return if version.starts_with("3.0") {
                Self::OpenApi30
            } else {
                Self::Draft202012
            };
        }
        let named = text("$schema").unwrap_or_default();
        let drafts = [
            ("draft-03", Self::Draft4),
            ("draft-04", Self::Draft4),
            ("draft-06", Self::Draft6),
            ("draft-07", Self::Draft7),
            ("2019-09", Self::Draft201909),
            ("2020-12", Self::Draft202012),
            ("spec/3.0/", Self::OpenApi30),
            ("spec/3.1/", Self::Draft202012),
        ];
        drafts
            .iter()
            .find(|(name, _)| named.contains(name))
            .map_or(Self::Unsaid, |(_, draft)| *draft)
    }

    /// The draft of a schema inside one of this draft.
    fn inside(self, schema: &Value) -> Self {
        match Self::of(schema) {
            Self::Unsaid => self,
            said => said,
        }
    }
}

/// A schema said in 2020-12, and where its parts stood before.
#[derive(Debug)]
pub(crate) struct Modern<'s> {
    pub(crate) schema: Cow<'s, Value>,
    /// Old places by new ones.
    moved: HashMap<Pointer, Pointer>,
    /// Keywords that were said in another way: where, which, and how they were read.
    pub(crate) read: Vec<(Pointer, &'static str, &'static str)>,
}

impl Modern<'_> {
    /// Where the schema that now stands at a place stood in the original.
    pub(crate) fn original(&self, at: &Pointer) -> Pointer {
        nearest(at, &self.moved).unwrap_or_else(|| at.clone())
    }

    /// The place and the name of a keyword in the original.
    pub(crate) fn original_keyword(&self, at: &Pointer, keyword: &str) -> (Pointer, String) {
        let place = self.original(&at.child(keyword));
        match (place.parent(), place.last()) {
            (Some(parent), Some(last)) => (parent, last.into_owned()),
            _ => (at.clone(), keyword.to_owned()),
        }
    }
}

/// Says in draft 2020-12 what a schema says in an older draft (4 to 2019-09) or in the words of OpenAPI 3.0. What is written in
/// 2020-12 stays as it is, and comes back borrowed.
///
/// [`lower`](crate::lower), the grammars of schemas and the readers of answers begin with this, so a schema means the same to all
/// of them. One beyond the limits of [`check`](crate::check) stays as it is, too.
///
/// ```
/// use larkspur_schema::upgrade;
/// use serde_json::json;
///
/// let old = json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "nullable": true});
/// assert_eq!(*upgrade(&old), json!({"type": ["integer", "null"], "exclusiveMinimum": 0}));
/// ```
pub fn upgrade(schema: &Value) -> Cow<'_, Value> {
    if size::problems(schema).is_empty() {
        modern(schema).schema
    } else {
        Cow::Borrowed(schema)
    }
}

/// Says a schema as 2020-12 does. One that is written so comes back borrowed.
///
/// Recursion is as deep as the schema, which was checked.
pub(crate) fn modern(schema: &Value) -> Modern<'_> {
    let draft = Draft::of(schema);
    let mut modern = Modern {
        schema: Cow::Borrowed(schema),
        moved: HashMap::new(),
        read: Vec::new(),
    };
    if !needs_rows(schema, draft) {
        return modern;
    }
    let mut writer = Writer {
        draft,
        done: HashSet::new(),
        references: Vec::new(),
        moved: HashMap::new(),
        renamed: HashMap::new(),
        read: Vec::new(),
    };
    let mut rewritten = schema.clone();
    writer.walk(&Pointer::root(), &Pointer::root(), &mut rewritten);
    writer.walk_referred(schema, &mut rewritten);
    redirect(&mut rewritten, &writer.renamed);
    modern.schema = Cow::Owned(rewritten);
    modern.moved = writer.moved;
    modern.read = writer.read;
    modern
}

/// The place that the nearest place around this one has moved to, and there the same way down.
fn nearest(at: &Pointer, moves: &HashMap<Pointer, Pointer>) -> Option<Pointer> {
    if moves.is_empty() {
        return None;
    }
    let mut around = Some(at.clone());
    while let Some(place) = around {
        if let Some(to) = moves.get(&place) {
            let rest = at.as_str().get(place.as_str().len()..)?;
            return Some(to.join(&rest.parse().ok()?));
        }
        around = place.parent();
    }
    None
}

/// Whether some row has something to do.
fn needs_rows(schema: &Value, draft: Draft) -> bool {
    let mut open = vec![(schema, draft)];
    while let Some((value, draft)) = open.pop() {
        match value {
            Value::Object(members) => {
                let draft = draft.inside(value);
                let applies = |row: &&rows::Row| {
                    row.drafts.contains(&draft)
                        && members
                            .get(row.keyword)
                            .is_some_and(|value| (row.applies)(value))
                };
                if ROWS.iter().any(|row| applies(&row)) {
                    return true;
                }
                open.extend(members.values().map(|value| (value, draft)));
            }
            Value::Array(elements) => open.extend(elements.iter().map(|value| (value, draft))),
            _ => {}
        }
    }
    false
}

/// What a row works on: one schema, and notes on what it moves.
pub(super) struct Site<'m> {
    pub(super) keywords: &'m mut Map<String, Value>,
    /// Keywords that were renamed: new paths below the schema and old ones.
    moves: Vec<(String, String)>,
    /// The whole schema was put below this path.
    wrapped: Option<&'static str>,
}

impl Site<'_> {
    /// Notes that what stands under one path below the schema stood under another.
    pub(super) fn moved(&mut self, new: &str, old: &str) {
        self.moves.push((new.to_owned(), old.to_owned()));
    }

    /// Notes that the schema itself now stands under a path.
    pub(super) fn wrap(&mut self, new: &'static str) {
        self.wrapped = Some(new);
    }
}

struct Writer {
    draft: Draft,
    /// Old places that were walked.
    done: HashSet<Pointer>,
    /// Where references lead that were met, and the draft they were met in.
    references: Vec<(String, Draft)>,
    moved: HashMap<Pointer, Pointer>,
    /// New places of keywords by old ones.
    renamed: HashMap<Pointer, Pointer>,
    read: Vec<(Pointer, &'static str, &'static str)>,
}

/// A schema on its new and on its old place.
#[derive(Clone, Copy)]
struct Places<'p> {
    new: &'p Pointer,
    old: &'p Pointer,
}

impl Writer {
    /// Walks what only references lead to, for no keyword holds it.
    fn walk_referred(&mut self, original: &Value, schema: &mut Value) {
        let references = References::new(original);
        while let Some((reference, draft)) = self.references.pop() {
            let Ok((old, _)) = references.resolve(&reference) else {
                continue;
            };
            if self.done.contains(&old) {
                continue;
            }
            let new = nearest(&old, &self.renamed).unwrap_or_else(|| old.clone());
            self.draft = draft;
            if let Some(schema) = schema.pointer_mut(new.as_str()) {
                self.walk(&new, &old, schema);
            }
        }
    }

    fn walk(&mut self, new: &Pointer, old: &Pointer, schema: &mut Value) {
        let around = self.draft;
        self.draft = around.inside(schema);
        if self.done.insert(old.clone()) {
            self.rewrite(new, old, schema);
        }
        self.draft = around;
    }

    fn rewrite(&mut self, new: &Pointer, old: &Pointer, schema: &mut Value) {
        let Value::Object(keywords) = schema else {
            return;
        };
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            self.references.push((reference.clone(), self.draft));
        }
        let mut moves: Vec<(String, String)> = Vec::new();
        let mut wrapped = None;
        for row in ROWS.iter().filter(|row| row.drafts.contains(&self.draft)) {
            let value = keywords.get(row.keyword);
            if !value.is_some_and(|value| (row.applies)(value)) {
                continue;
            }
            let mut site = Site {
                keywords: &mut *keywords,
                moves: Vec::new(),
                wrapped: None,
            };
            (row.rewrite)(&mut site);
            moves.append(&mut site.moves);
            wrapped = wrapped.or(site.wrapped);
            self.read.push((old.clone(), row.keyword, row.reason));
        }
        let Some(path) = wrapped else {
            return self.inside(Places { new, old }, &moves, schema, None);
        };
        let inner = below(new, path);
        self.moved.insert(inner.clone(), old.clone());
        if let Some(branch) = schema.pointer_mut(path) {
            let keywords = branch.as_object().into_iter().flat_map(Map::keys);
            self.renamed.extend(keywords.map(|keyword| {
                let keyword = Token::Key(keyword);
                (old.child(keyword), inner.child(keyword))
            }));
            self.inside(Places { new: &inner, old }, &moves, branch, None);
        }
        // Definitions and annotations stay outside.
        self.inside(Places { new, old }, &[], schema, Some("/anyOf"));
    }

    /// Walks the schemas below one, but for those under `skipped`.
    fn inside(
        &mut self,
        at: Places<'_>,
        moves: &[(String, String)],
        schema: &mut Value,
        skipped: Option<&str>,
    ) {
        for (to, from) in moves {
            let (to, from) = (below(at.new, to), below(at.old, from));
            self.renamed.insert(from.clone(), to.clone());
            self.moved.insert(to, from);
        }
        let paths: Vec<String> = subschemas(&Pointer::root(), schema)
            .into_iter()
            .map(|(path, _)| path.as_str().to_owned())
            .chain(components(schema))
            .filter(|path| !skipped.is_some_and(|skipped| path.starts_with(skipped)))
            .collect();
        for path in paths {
            if let Some(child) = schema.pointer_mut(&path) {
                let was = moves.iter().find_map(|(to, from)| {
                    let rest = path.strip_prefix(to.as_str())?;
                    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{from}{rest}"))
                });
                let was = was.unwrap_or_else(|| path.clone());
                self.walk(&below(at.new, &path), &below(at.old, &was), child);
            }
        }
    }
}

/// The place at the end of a path.
fn below(at: &Pointer, path: &str) -> Pointer {
    path.parse()
        .map_or_else(|_| at.clone(), |path| at.join(&path))
}

/// The schemas of an OpenAPI document.
fn components(schema: &Value) -> Vec<String> {
    let named = schema
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let root: Pointer = "/components/schemas".parse().unwrap_or_default();
    named
        .into_iter()
        .flat_map(|named| named.keys())
        .map(|name| root.child(Token::Key(name)).as_str().to_owned())
        .collect()
}

/// Leads references to where their schemas stand now.
fn redirect(schema: &mut Value, renamed: &HashMap<Pointer, Pointer>) {
    if renamed.is_empty() {
        return;
    }
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get_mut("$ref")
                    && let Some(fragment) = target.strip_prefix('#')
                    && let Ok(place) = fragment.parse()
                    && let Some(moved) = nearest(&place, renamed)
                {
                    *target = format!("#{moved}");
                }
                open.extend(members.values_mut());
            }
            Value::Array(elements) => open.extend(elements),
            _ => {}
        }
    }
}
