//! The form that a schema asks for: a value that says the same in another form is put into it.
//!
//! Only forms that the schema forbids are changed, and only into what then fits; what a change leads to is checked by the
//! validator, so that nothing here decides what is valid.

pub(super) mod scalar;
pub(super) mod schema;

use larkspur_json::{Kind, Limits, Member, Node, Object, Repair, RepairKind, parse_lenient_with};
use serde_json::Value;

use self::schema::{Schemas, Types};
use super::{Candidate, JsonReader, duplicates};

impl JsonReader {
    pub(super) fn is_valid(&self, node: &Node<'_>) -> bool {
        self.validator.is_valid(node)
    }

    /// Whether the schema asks for an array and nothing else.
    pub(super) fn is_array_schema(&self) -> bool {
        let schemas = Schemas::new(self.validator.schema());
        schemas.types(schemas.root()).is_only(Types::ARRAY)
    }

    /// The candidate put into the form that the schema asks for, where that fits.
    pub(super) fn fits_in_other_form<'t>(
        &self,
        candidate: &Candidate<'t>,
    ) -> Option<(Node<'t>, Vec<Repair>)> {
        let mut node = candidate.read.node.clone();
        let repairs = duplicates::merge(&mut node)?;
        let node = self.lifted(node)?;
        let schemas = Schemas::new(self.validator.schema());
        let mut aligner = Aligner {
            schemas: &schemas,
            repairs,
            limits: &self.limits,
        };
        let node = aligner.align(node, schemas.root());
        let is_whole_text = !matches!(candidate.read.node.kind, Kind::Array(_) | Kind::Object(_));
        // Where the text is asked for, it is taken as it is, and not what it says as JSON.
        let is_text = is_whole_text
            && matches!(node.kind, Kind::String(_))
            && candidate.read.node.as_str().is_none();
        (!is_text && self.is_valid(&node)).then_some((node, aligner.repairs))
    }
}

/// What a string holds beside its text.
enum Held<'t> {
    /// JSON text.
    Value(Node<'t>),
    /// What may be JSON text or not.
    Unclear,
    Nothing,
}

struct Aligner<'a> {
    schemas: &'a Schemas<'a>,
    repairs: Vec<Repair>,
    limits: &'a Limits,
}

impl Aligner<'_> {
    /// The value in a form that the schema takes, or as it is.
    fn align<'t>(&mut self, node: Node<'t>, schema: &Value) -> Node<'t> {
        let schema = self.schemas.resolve(schema);
        if !self.schemas.spend() || self.schemas.fits(&node, schema) {
            return node;
        }
        if let Some(forms) = schema::forms(schema) {
            return self.align_to_one(node, forms);
        }
        let mut node = node;
        for part in schema::parts(schema) {
            node = self.align(node, part);
        }
        self.align_here(node, schema)
    }

    /// The only form of several that the value can be put into.
    fn align_to_one<'t>(&mut self, node: Node<'t>, forms: &[Value]) -> Node<'t> {
        let mut found: Option<(Node<'t>, Vec<Repair>)> = None;
        for form in forms {
            let before = self.repairs.len();
            let aligned = self.align(node.clone(), form);
            let repairs = self.repairs.split_off(before);
            if !self.schemas.fits(&aligned, form) {
                continue;
            }
            match &found {
                Some((other, _)) if other.to_string() != aligned.to_string() => return node,
                Some(_) => {}
                None => found = Some((aligned, repairs)),
            }
        }
        match found {
            Some((aligned, repairs)) => {
                self.repairs.extend(repairs);
                aligned
            }
            None => node,
        }
    }

    fn align_here<'t>(&mut self, node: Node<'t>, schema: &Value) -> Node<'t> {
        let types = self.schemas.types(schema);
        if types.allows(&node) {
            return self.align_inside(node, schema);
        }
        if let Some(kind) = scalar::in_other_form(&node, schema, types) {
            return self.become_kind(&node, kind);
        }
        match self.json_in_string(&node, types) {
            Held::Value(inner) => self.align(inner, schema),
            Held::Unclear => node,
            Held::Nothing => self.align_shape(node, schema, types),
        }
    }

    fn become_kind<'t>(&mut self, node: &Node<'t>, kind: Kind<'t>) -> Node<'t> {
        let new = Node::new(node.span, kind);
        let message = format!(
            "read {} as {}",
            article(node.type_name()),
            article(new.type_name())
        );
        self.note(&new, message);
        new
    }

    fn note(&mut self, node: &Node<'_>, message: impl Into<String>) {
        let repair = Repair::new(RepairKind::Form, node.span.start, node.span.end);
        self.repairs.push(repair.saying(message));
    }

    /// The value that a string holds as JSON text, where no string is allowed.
    fn json_in_string<'t>(&mut self, node: &Node<'t>, types: Types) -> Held<'t> {
        let text = node.as_str().unwrap_or_default().trim();
        let wanted = text.starts_with('{') && types.has(Types::OBJECT)
            || text.starts_with('[') && types.has(Types::ARRAY);
        if !wanted {
            return Held::Nothing;
        }
        let Some(read) = parse_lenient_with(text, self.limits)
            .ok()
            .filter(|read| !read.truncated)
        else {
            return Held::Nothing;
        };
        let has_bare_strings = read
            .repairs
            .iter()
            .any(|repair| repair.kind == RepairKind::BareString);
        let mut inner = read.node.into_owned();
        if has_bare_strings || duplicates::merge(&mut inner).is_none() {
            return Held::Unclear;
        }
        // Places inside the string are not places of the text, because of escapes.
        inner.map_spans(&mut |_| node.span);
        self.note(node, "read the JSON text in a string");
        Held::Value(inner)
    }

    /// One value as an array of one, an array of one as the value, a value as the only property of an object.
    fn align_shape<'t>(&mut self, node: Node<'t>, schema: &Value, types: Types) -> Node<'t> {
        if let Kind::Array(elements) = &node.kind
            && let [only] = elements.as_slice()
        {
            let aligned = self.align(only.clone(), schema);
            if self.schemas.fits(&aligned, schema) {
                self.note(&node, "read an array of one value as the value");
                return aligned;
            }
        }
        if types.has(Types::ARRAY) && !matches!(node.kind, Kind::Array(_)) {
            self.note(&node, "read one value as an array of one");
            let array = Node::new(node.span, Kind::Array(vec![node]));
            return self.align_inside(array, schema);
        }
        if types.has(Types::OBJECT) {
            return self.as_only_property(node, schema);
        }
        node
    }

    fn as_only_property<'t>(&mut self, node: Node<'t>, schema: &Value) -> Node<'t> {
        let Some((name, property)) = schema::only_property(schema) else {
            return node;
        };
        // A scalar says too little to tell which object was meant, unless it is all that there is.
        let is_root = std::ptr::eq(schema, self.schemas.resolve(self.schemas.root()));
        if !is_root && !matches!(node.kind, Kind::Array(_) | Kind::Object(_)) {
            return node;
        }
        let before = self.repairs.len();
        let value = self.align(node.clone(), property);
        if !self.schemas.fits(&value, property) {
            self.repairs.truncate(before);
            return node;
        }
        self.note(
            &node,
            format!(
                "read a value as the property {}",
                crate::wording::name(name)
            ),
        );
        let span = node.span;
        let object: Object<'t> = [Member::new(name.to_owned(), value)].into_iter().collect();
        Node::new(span, Kind::Object(object))
    }

    /// The children in the forms that the schema asks for.
    fn align_inside<'t>(&mut self, node: Node<'t>, schema: &Value) -> Node<'t> {
        let span = node.span;
        let kind = match node.kind {
            Kind::Array(elements) => {
                let elements = elements.into_iter().enumerate();
                let aligned =
                    elements.map(|(place, element)| match schema::element(schema, place) {
                        Some(schema) => self.align(element, schema),
                        None => element,
                    });
                Kind::Array(aligned.collect())
            }
            Kind::Object(object) if lacks_only_property(&object, schema) => {
                return self.as_only_property(Node::new(span, Kind::Object(object)), schema);
            }
            Kind::Object(object) => {
                let members = object.into_iter().map(|mut member| {
                    if let Some(schema) = schema::property(schema, &member.key) {
                        member.value = self.align(member.value, schema);
                    }
                    member
                });
                Kind::Object(members.collect())
            }
            other => {
                let node = Node::new(span, other);
                return match scalar::as_constant(&node, schema) {
                    Some(constant) => {
                        self.note(&node, "read a constant written in another way");
                        Node::new(span, constant)
                    }
                    None => node,
                };
            }
        };
        Node::new(span, kind)
    }
}

fn lacks_only_property(object: &Object<'_>, schema: &Value) -> bool {
    let only = schema::only_property(schema);
    only.is_some_and(|(name, _)| !object.contains_key(name) && !object.is_empty())
}

fn article(name: &str) -> String {
    match name {
        "array" | "object" => format!("an {name}"),
        "null" => name.to_owned(),
        _ => format!("a {name}"),
    }
}
