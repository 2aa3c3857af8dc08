//! What a schema says about the form of a value: no more than is needed to see which form was meant.

use std::cell::Cell;

use larkspur_json::{Kind, Node, Pointer};
use serde_json::Value;

/// Types of JSON values, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reader) struct Types(u8);

impl Types {
    pub(in crate::reader) const NULL: Self = Self(1);
    pub(in crate::reader) const BOOLEAN: Self = Self(2);
    pub(in crate::reader) const INTEGER: Self = Self(4);
    pub(in crate::reader) const NUMBER: Self = Self(4 | 8);
    pub(in crate::reader) const STRING: Self = Self(16);
    pub(in crate::reader) const ARRAY: Self = Self(32);
    pub(in crate::reader) const OBJECT: Self = Self(64);
    const NONE: Self = Self(0);
    const ALL: Self = Self(127);

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    fn of_value(value: &Value) -> Self {
        Self::of(&Node::from_value(value))
    }

    fn of(node: &Node<'_>) -> Self {
        match &node.kind {
            Kind::Null => Self::NULL,
            Kind::Bool(_) => Self::BOOLEAN,
            Kind::Number(number) if number.is_integer() => Self::INTEGER,
            Kind::Number(_) => Self(8),
            Kind::String(_) => Self::STRING,
            Kind::Array(_) => Self::ARRAY,
            Kind::Object(_) => Self::OBJECT,
        }
    }

    pub(in crate::reader) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(in crate::reader) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these types is allowed.
    pub(in crate::reader) const fn has(self, other: Self) -> bool {
        self.and(other).0 != 0
    }

    /// Whether something is allowed, and nothing but these types.
    pub(in crate::reader) const fn is_only(self, other: Self) -> bool {
        self.0 != 0 && self.0 & !other.0 == 0
    }

    pub(in crate::reader) fn allows(self, node: &Node<'_>) -> bool {
        self.has(Self::of(node))
    }
}

/// A schema document and what may still be spent on looking into it.
pub(in crate::reader) struct Schemas<'s> {
    root: &'s Value,
    steps: Cell<usize>,
}

impl<'s> Schemas<'s> {
    /// Steps that one text may take: nested unions would otherwise take exponentially many.
    const MOST_STEPS: usize = 1_000_000;

    /// Longest chain of references.
    const MOST_REFERENCES: usize = 32;

    /// Deepest nesting of unions and parts.
    const DEEPEST: usize = 16;

    pub(in crate::reader) const fn new(root: &'s Value) -> Self {
        Self {
            root,
            steps: Cell::new(Self::MOST_STEPS),
        }
    }

    pub(in crate::reader) const fn root(&self) -> &'s Value {
        self.root
    }

    /// Takes a step, where there is one left.
    pub(super) fn spend(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// The schema that a reference within the document leads to.
    pub(in crate::reader) fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        for _ in 0..Self::MOST_REFERENCES {
            let target = schema.get("$ref").and_then(Value::as_str);
            let pointer = target.and_then(|target| target.strip_prefix('#'));
            match pointer.and_then(|pointer| self.at(pointer)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    fn at(&self, pointer: &str) -> Option<&'s Value> {
        let pointer: Pointer = pointer.parse().ok()?;
        self.root.pointer(pointer.as_str())
    }

    /// The types that a schema allows.
    pub(in crate::reader) fn types(&self, schema: &Value) -> Types {
        self.types_within(schema, Self::DEEPEST)
    }

    fn types_within(&self, schema: &Value, levels: usize) -> Types {
        let schema = self.resolve(schema);
        let Some(levels) = levels.checked_sub(1).filter(|_| self.spend()) else {
            return Types::ALL;
        };
        if schema == &Value::Bool(false) {
            return Types::NONE;
        }
        let mut types = match schema.get("type") {
            Some(Value::String(name)) => Types::named(name),
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                names.fold(Types::NONE, |types, name| types.or(Types::named(name)))
            }
            _ => Types::ALL,
        };
        if let Some(constants) = constants(schema) {
            let all = constants
                .iter()
                .fold(Types::NONE, |types, value| types.or(Types::of_value(value)));
            types = types.and(all);
        }
        if let Some(forms) = forms(schema) {
            let all = forms.iter().fold(Types::NONE, |types, form| {
                types.or(self.types_within(form, levels))
            });
            types = types.and(all);
        }
        for part in parts(schema) {
            types = types.and(self.types_within(part, levels));
        }
        types
    }

    /// Whether a value has the form that a schema asks for; the rules beside form are left to the validator.
    pub(super) fn fits(&self, node: &Node<'_>, schema: &Value) -> bool {
        self.fits_within(node, schema, Self::DEEPEST)
    }

    fn fits_within(&self, node: &Node<'_>, schema: &Value, levels: usize) -> bool {
        let schema = self.resolve(schema);
        let Some(levels) = levels.checked_sub(1).filter(|_| self.spend()) else {
            return true;
        };
        if !self.types(schema).allows(node) {
            return false;
        }
        if let Some(constants) = constants(schema)
            && !constants.iter().any(|constant| is_same(node, constant))
        {
            return false;
        }
        if let Some(forms) = forms(schema)
            && !forms
                .iter()
                .any(|form| self.fits_within(node, form, levels))
        {
            return false;
        }
        parts(schema)
            .iter()
            .all(|part| self.fits_within(node, part, levels))
            && self.children_fit(node, schema)
    }

    fn children_fit(&self, node: &Node<'_>, schema: &Value) -> bool {
        match &node.kind {
            Kind::Array(elements) => elements.iter().enumerate().all(|(place, element_node)| {
                element(schema, place).is_none_or(|schema| self.fits(element_node, schema))
            }),
            Kind::Object(object) => {
                let required = schema.get("required").and_then(Value::as_array);
                let names = required.into_iter().flatten().filter_map(Value::as_str);
                names.into_iter().all(|name| object.contains_key(name))
                    && object.iter().all(|member| {
                        property(schema, &member.key)
                            .is_none_or(|schema| self.fits(&member.value, schema))
                    })
            }
            _ => true,
        }
    }
}

/// Whether a value is this constant.
fn is_same(node: &Node<'_>, constant: &Value) -> bool {
    let value = node.to_value();
    match (&value, constant) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => value == *constant,
    }
}

/// The forms of a union.
pub(in crate::reader) fn forms(schema: &Value) -> Option<&[Value]> {
    let forms = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    forms.as_array().map(Vec::as_slice)
}

/// The schemas that all hold.
pub(super) fn parts(schema: &Value) -> &[Value] {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.map(Vec::as_slice).unwrap_or_default()
}

/// The values of `const` and `enum`.
pub(in crate::reader) fn constants(schema: &Value) -> Option<&[Value]> {
    match schema.get("const") {
        Some(constant) => Some(std::slice::from_ref(constant)),
        None => schema
            .get("enum")
            .and_then(Value::as_array)
            .map(Vec::as_slice),
    }
}

/// The schema of an element.
pub(super) fn element(schema: &Value, place: usize) -> Option<&Value> {
    let first = schema.get("prefixItems").and_then(Value::as_array);
    let first = first.and_then(|first| first.get(place));
    first.or_else(|| schema.get("items"))
}

/// The schema of a member.
pub(super) fn property<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let own = schema
        .get("properties")
        .and_then(|properties| properties.get(name));
    own.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|_| schema.get("patternProperties").is_none())
    })
}

/// The property of a schema that has only one.
pub(super) fn only_property(schema: &Value) -> Option<(&str, &Value)> {
    let properties = schema.get("properties")?.as_object()?;
    let mut all = properties.iter();
    let (name, property) = all.next()?;
    all.next().is_none().then_some((name.as_str(), property))
}
