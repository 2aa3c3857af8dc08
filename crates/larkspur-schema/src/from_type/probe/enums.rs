//! Names of variants: aliases, and whether any other name is read too.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::{Place, Visited};
use crate::from_type::pointer::child;

/// No variant has this name.
const UNKNOWN: &str = "\u{1}no such variant";

/// What is true of the variants of one enum schema.
#[derive(Debug, Default)]
pub(in crate::from_type) struct EnumFacts {
    pub(in crate::from_type) spellings: Vec<Spelling>,
    /// Name of a variant, and another name that serde takes for it.
    pub(in crate::from_type) aliases: Vec<(String, String)>,
    /// Any other name is read as the variant marked with `#[serde(other)]`.
    pub(in crate::from_type) other: bool,
    /// The key beside the tag, of an adjacently tagged enum.
    pub(in crate::from_type) content: Option<String>,
}

impl EnumFacts {
    pub(in crate::from_type) fn names(&self) -> Vec<&str> {
        let known = self.spellings.iter().map(Spelling::name);
        known
            .chain(self.aliases.iter().map(|(_, alias)| alias.as_str()))
            .collect()
    }
}

/// How a variant is written.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::from_type) enum Spelling {
    /// `"name"`
    Text(String),
    /// `{"name": …}`
    Key(String),
    /// `{"tag": "name", …}`
    Tag { tag: String, name: String },
}

impl Spelling {
    pub(in crate::from_type) fn name(&self) -> &str {
        match self {
            Self::Text(name) | Self::Key(name) | Self::Tag { name, .. } => name,
        }
    }

    /// The ways in which one branch of an enum writes variants; none for a branch of an untagged one.
    pub(in crate::from_type) fn of_branch(branch: &Value) -> Vec<Self> {
        let text = |value: &Value| value.as_str().map(|name| Self::Text(name.to_owned()));
        if let Some(Value::Array(names)) = branch.get("enum") {
            return names.iter().filter_map(text).collect();
        }
        if let Some(name) = branch.get("const") {
            return text(name).into_iter().collect();
        }
        let Some(Value::Object(properties)) = branch.get("properties") else {
            return Vec::new();
        };
        let tag = properties
            .iter()
            .find_map(|(tag, schema)| Some((tag, schema.get("const")?.as_str()?)));
        if let Some((tag, name)) = tag {
            return vec![Self::Tag {
                tag: tag.clone(),
                name: name.to_owned(),
            }];
        }
        let is_closed = branch.get("additionalProperties") == Some(&Value::Bool(false));
        let only = properties
            .keys()
            .next()
            .filter(|_| is_closed && properties.len() == 1);
        only.map(|name| Self::Key(name.clone()))
            .into_iter()
            .collect()
    }
}

/// The keyword that holds the branches of an enum, and the branches; the schema itself where all variants are plain names.
pub(in crate::from_type) fn branches(
    schema: &Map<String, Value>,
) -> Option<(&'static str, &[Value])> {
    ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|keyword| Some((keyword, schema.get(keyword)?.as_array()?.as_slice())))
}

/// Where the schema is of which `at` is a branch.
pub(super) fn enum_of_branch(at: &str) -> Option<&str> {
    let (list, _) = at.rsplit_once('/')?;
    list.strip_suffix("/oneOf")
        .or_else(|| list.strip_suffix("/anyOf"))
}

pub(super) fn learn(here: &Place<'_>, good: &[Visited]) -> Option<EnumFacts> {
    let spellings: Vec<Spelling> = match branches(here.schema) {
        Some((_, branches)) => branches.iter().flat_map(Spelling::of_branch).collect(),
        None if here.schema.contains_key("enum") => {
            Spelling::of_branch(&Value::Object(here.schema.clone()))
        }
        None => Vec::new(),
    };
    let tag = match spellings.first()? {
        Spelling::Tag { tag, .. } => Some(tag.as_str()),
        _ => None,
    };
    let forms = Forms {
        values: values_under(here, good),
        tag,
    };
    let log = &here.visited.log;
    let place = tag.map_or(here.path.to_owned(), |tag| child(here.path, tag));
    let mut facts = EnumFacts {
        spellings: spellings.clone(),
        ..EnumFacts::default()
    };
    let mut names = log.variants.get(&place).copied();
    for value in forms.with_name(UNKNOWN) {
        match here.read_with(value) {
            Ok(()) => facts.other = true,
            Err(Refusal::UnknownVariant(known)) => names = names.or(Some(known)),
            Err(_) => {}
        }
    }
    if let (Some(_), Some([_, content])) = (tag, log.fields.get(here.path)) {
        facts.content = Some((*content).to_owned());
    }
    let names = names.unwrap_or_default();
    let known = |name: &str| spellings.iter().any(|spelling| spelling.name() == name);
    for alias in names.iter().filter(|name| !known(name)) {
        if let Some(name) = variant_of(alias, names, &known, here, &forms) {
            facts.aliases.push((name.to_owned(), (*alias).to_owned()));
        }
    }
    Some(facts)
}

/// The variant that `alias` stands for: `derive(Deserialize)` lists the names of one variant side by side, so it
/// is the nearest known name before or after, the one that is read from the same values.
fn variant_of<'n>(
    alias: &str,
    names: &'n [&'n str],
    known: &dyn Fn(&str) -> bool,
    here: &Place<'_>,
    forms: &Forms<'_>,
) -> Option<&'n str> {
    let index = names.iter().position(|name| *name == alias)?;
    let (before, after) = names.split_at_checked(index)?;
    let nearest = [
        before.iter().rev().find(|name| known(name)),
        after.iter().find(|name| known(name)),
    ];
    let reads = |name: &str| -> Vec<bool> {
        forms
            .with_name(name)
            .into_iter()
            .map(|value| here.read_with(value).is_ok())
            .collect()
    };
    let wanted = reads(alias);
    let is_read = wanted.contains(&true);
    nearest
        .into_iter()
        .flatten()
        .copied()
        .find(|name| is_read && reads(name) == wanted)
}

/// Values of the enum from all samples, to be written again under another name.
struct Forms<'a> {
    values: Vec<Value>,
    tag: Option<&'a str>,
}

impl Forms<'_> {
    fn with_name(&self, name: &str) -> Vec<Value> {
        let Some(tag) = self.tag else {
            let contents = self
                .values
                .iter()
                .filter_map(|value| value.as_object()?.values().next());
            let keyed = contents
                .map(|content| Value::Object(Map::from_iter([(name.to_owned(), content.clone())])));
            return std::iter::once(Value::from(name)).chain(keyed).collect();
        };
        let renamed = self.values.iter().filter_map(|value| {
            let mut value = value.as_object()?.clone();
            value.insert(tag.to_owned(), name.into());
            Some(Value::Object(value))
        });
        let bare = Value::Object(Map::from_iter([(tag.to_owned(), Value::from(name))]));
        std::iter::once(bare).chain(renamed).collect()
    }
}

/// One value for each branch that some sample took.
fn values_under(here: &Place<'_>, good: &[Visited]) -> Vec<Value> {
    let Some((keyword, branches)) = branches(here.schema) else {
        return Vec::new();
    };
    let below = child(here.at, keyword);
    let value_of = |index: usize| {
        let at = child(&below, &index.to_string());
        good.iter().find_map(|visited| {
            let (place, _) = visited
                .sample
                .places
                .iter()
                .find(|(_, known)| *known == at)?;
            visited.sample.value.pointer(place).cloned()
        })
    };
    (0..branches.len()).filter_map(value_of).collect()
}
