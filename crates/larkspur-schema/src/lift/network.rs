//! The lowered schema and its plan, ready to be walked.
//!
//! References are edges, steps are on the nodes they concern, and it is known of every node whether lifting changes anything in or
//! below it. That last is a fixpoint over the edges backwards, so recursion costs nothing.

use std::collections::{HashMap, VecDeque};

use indexmap::IndexMap;
use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use super::{InvalidPlan, text::TextRule};
use crate::{
    check,
    plan::{Action, Plan},
    vocabulary::required_names,
};

/// Index of a [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlaceId(usize);

/// JSON types as bits.
pub(super) const NULL: u8 = 1;
pub(super) const BOOLEAN: u8 = 2;
pub(super) const NUMBER: u8 = 4;
pub(super) const INTEGER: u8 = 8;
pub(super) const STRING: u8 = 16;
pub(super) const ARRAY: u8 = 32;
pub(super) const OBJECT: u8 = 64;
const ANY: u8 = NULL | BOOLEAN | NUMBER | STRING | ARRAY | OBJECT;

#[derive(Clone, Debug)]
pub(super) struct Network {
    places: Vec<Place>,
    /// Nothing where lifting changes nothing.
    root: Option<PlaceId>,
    void: Place,
}

/// One schema of the lowered document.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The JSON types of its values.
    pub(super) kinds: u8,
    /// The values that it lists, where it does.
    pub(super) listed: Option<Vec<Value>>,
    pub(super) bounds: Bounds,
    pub(super) text: Option<TextRule>,
    pub(super) properties: IndexMap<String, Field>,
    /// Which properties list their values: a union's branches are told apart by them first.
    pub(super) tags: Vec<usize>,
    /// Whether there may be properties that are not listed.
    pub(super) is_open: bool,
    pub(super) items: Option<PlaceId>,
    /// The first elements, where these have schemas of their own.
    pub(super) prefix: Vec<PlaceId>,
    /// Properties that are not listed.
    pub(super) others: Option<PlaceId>,
    /// Whether `null` is allowed beside everything else.
    pub(super) nullable: bool,
    pub(super) branches: Vec<PlaceId>,
    pub(super) action: Option<Action>,
    /// Whether lifting changes a value of this place or something in it.
    pub(super) changes: bool,
}

impl Place {
    /// The place of the element at an index.
    pub(super) fn element(&self, index: usize) -> Option<PlaceId> {
        self.prefix.get(index).copied().or(self.items)
    }

    /// A property by its name, looked for first where it stands in the schema's order.
    ///
    /// Servers that hold a model to a schema make it write the properties in that order, so the position of a member is almost
    /// always that of its property, and nothing is hashed.
    pub(super) fn property_near(&self, position: usize, name: &str) -> Option<&Field> {
        match self.properties.get_index(position) {
            Some((there, field)) if there == name => Some(field),
            _ => self.properties.get(name),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) place: PlaceId,
    /// Whether the property is always sent.
    pub(super) required: bool,
    /// Whether the property may be absent in the original, and whether it may be `null` there as well.
    pub(super) optional: Option<OrNull>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OrNull(pub(super) bool);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) above: Option<f64>,
    pub(super) below: Option<f64>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
}

impl Network {
    pub(super) fn new(schema: &Value, plan: &Plan) -> Result<Self, InvalidPlan> {
        let mut network = Self {
            places: Vec::new(),
            root: None,
            void: Place::default(),
        };
        if plan.is_empty() {
            return Ok(network);
        }
        if let Some(problem) = check::size::problems(schema).first() {
            return Err(InvalidPlan {
                pointer: Pointer::root(),
                message: problem.message.clone(),
            });
        }
        let mut builder = Builder {
            schema,
            network,
            actions: HashMap::new(),
            ids: HashMap::new(),
            open: VecDeque::new(),
        };
        for step in &plan.steps {
            builder
                .actions
                .entry(step.pointer.clone())
                .or_default()
                .push(step.action.clone());
        }
        network = builder.build()?;
        network.mark_changes();
        network.mark_tags();
        Ok(network)
    }

    pub(super) fn is_identity(&self) -> bool {
        self.root.is_none_or(|root| !self.place(root).changes)
    }

    pub(super) fn root(&self) -> Option<PlaceId> {
        self.root
    }

    pub(super) fn place(&self, id: PlaceId) -> &Place {
        self.places.get(id.0).unwrap_or(&self.void)
    }

    fn mark_tags(&mut self) {
        let lists = |field: &Field| self.place(field.place).listed.is_some();
        let tags_of = |place: &Place| {
            let fields = place.properties.values().enumerate();
            let tags = fields.filter(|(_, field)| lists(field));
            tags.map(|(index, _)| index).collect()
        };
        let tags: Vec<Vec<usize>> = self.places.iter().map(tags_of).collect();
        for (place, tags) in self.places.iter_mut().zip(tags) {
            place.tags = tags;
        }
    }

    fn mark_changes(&mut self) {
        let mut parents: Vec<Vec<usize>> = vec![Vec::new(); self.places.len()];
        let mut open = Vec::new();
        for (index, place) in self.places.iter().enumerate() {
            let fields = place.properties.values().map(|field| field.place);
            for child in fields
                .chain(place.items)
                .chain(place.others)
                .chain(place.prefix.iter().copied())
                .chain(place.branches.iter().copied())
            {
                if let Some(parents) = parents.get_mut(child.0) {
                    parents.push(index);
                }
            }
            if place.action.is_some()
                || place
                    .properties
                    .values()
                    .any(|field| field.optional.is_some())
            {
                open.push(index);
            }
        }
        while let Some(index) = open.pop() {
            if let Some(place) = self.places.get_mut(index)
                && !std::mem::replace(&mut place.changes, true)
            {
                open.extend(parents.get(index).into_iter().flatten());
            }
        }
    }
}

struct Builder<'s> {
    schema: &'s Value,
    network: Network,
    /// Steps that no place has taken yet.
    actions: HashMap<Pointer, Vec<Action>>,
    ids: HashMap<Pointer, PlaceId>,
    open: VecDeque<(PlaceId, Pointer, &'s Value)>,
}

impl<'s> Builder<'s> {
    fn build(mut self) -> Result<Network, InvalidPlan> {
        self.network.root = Some(self.place(&Pointer::root())?);
        while let Some((id, at, schema)) = self.open.pop_front() {
            let place = self.read(&at, schema)?;
            if let Some(slot) = self.network.places.get_mut(id.0) {
                *slot = place;
            }
        }
        // Of several that are left over, the first by text, so that the message is always the same.
        match self.actions.into_keys().min() {
            Some(pointer) => Err(InvalidPlan {
                pointer,
                message: "a step leads nowhere".to_owned(),
            }),
            None => Ok(self.network),
        }
    }

    /// The place at a pointer, or the one that the reference there leads to.
    fn place(&mut self, at: &Pointer) -> Result<PlaceId, InvalidPlan> {
        let mut at = at.clone();
        let mut seen = 0;
        loop {
            let schema = self.schema.pointer(at.as_str());
            let schema = schema.ok_or_else(|| InvalidPlan {
                pointer: at.clone(),
                message: "there is no schema".to_owned(),
            })?;
            let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
                break;
            };
            seen += 1;
            if seen > 64 {
                return Err(InvalidPlan {
                    pointer: at,
                    message: "a reference leads to itself".to_owned(),
                });
            }
            at = target
                .strip_prefix('#')
                .and_then(|fragment| fragment.parse().ok())
                .ok_or_else(|| InvalidPlan {
                    pointer: at.clone(),
                    message: format!("`{target}` leads nowhere"),
                })?;
        }
        if let Some(id) = self.ids.get(&at) {
            return Ok(*id);
        }
        let Some(schema) = self.schema.pointer(at.as_str()) else {
            return Ok(PlaceId(usize::MAX));
        };
        let id = PlaceId(self.network.places.len());
        self.network.places.push(Place::default());
        self.ids.insert(at.clone(), id);
        self.open.push_back((id, at, schema));
        Ok(id)
    }

    fn read(&mut self, at: &Pointer, schema: &'s Value) -> Result<Place, InvalidPlan> {
        let Value::Object(keywords) = schema else {
            return Ok(Place {
                kinds: ANY,
                is_open: true,
                ..Place::default()
            });
        };
        let mut place = Place {
            kinds: kinds(keywords),
            listed: listed(keywords),
            bounds: bounds(keywords),
            text: TextRule::new(keywords),
            is_open: keywords.get("additionalProperties") != Some(&Value::Bool(false)),
            nullable: keywords.get("nullable") == Some(&Value::Bool(true)),
            ..Place::default()
        };
        self.read_properties(at, keywords, &mut place)?;
        if keywords.get("items").is_some_and(Value::is_object) {
            place.items = Some(self.place(&at.child("items"))?);
        }
        if keywords
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            place.others = Some(self.place(&at.child("additionalProperties"))?);
        }
        if let Some(Value::Array(positions)) = keywords.get("prefixItems") {
            for index in 0..positions.len() {
                let position = self.place(&at.child("prefixItems").child(index))?;
                place.prefix.push(position);
            }
        }
        if let Some(Value::Array(branches)) = keywords.get("anyOf") {
            for index in 0..branches.len() {
                place
                    .branches
                    .push(self.place(&at.child("anyOf").child(index))?);
            }
        }
        place.action = self
            .actions
            .remove(at)
            .and_then(|mut actions| actions.pop());
        fits(at, &place)?;
        Ok(place)
    }

    fn read_properties(
        &mut self,
        at: &Pointer,
        keywords: &'s Map<String, Value>,
        place: &mut Place,
    ) -> Result<(), InvalidPlan> {
        let required = required_names(keywords);
        if let Some(Value::Object(properties)) = keywords.get("properties") {
            let inside = at.child("properties");
            for name in properties.keys() {
                let at = inside.child(Token::Key(name));
                let optional = self.take_optional(&at);
                place.properties.insert(
                    name.clone(),
                    Field {
                        place: self.place(&at)?,
                        required: required.contains(name.as_str()),
                        optional,
                    },
                );
            }
        }
        Ok(())
    }

    /// Takes the step that says that the property here may be absent. Other steps are for what the property holds.
    fn take_optional(&mut self, at: &Pointer) -> Option<OrNull> {
        let actions = self.actions.get_mut(at)?;
        let index = actions
            .iter()
            .position(|action| matches!(action, Action::Optional { .. }))?;
        let optional = match actions.remove(index) {
            Action::Optional { or_null } => Some(OrNull(or_null)),
            _ => None,
        };
        if actions.is_empty() {
            self.actions.remove(at);
        }
        optional
    }
}

fn kinds(keywords: &Map<String, Value>) -> u8 {
    // One dialect writes the names in capitals.
    let kind = |name: &Value| match name.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("null") => NULL,
        Some("boolean") => BOOLEAN,
        Some("number") => NUMBER | INTEGER,
        Some("integer") => INTEGER,
        Some("string") => STRING,
        Some("array") => ARRAY,
        Some("object") => OBJECT,
        _ => 0,
    };
    let null = if keywords.get("nullable") == Some(&Value::Bool(true)) {
        NULL
    } else {
        0
    };
    match keywords.get("type") {
        Some(Value::Array(names)) => names.iter().fold(null, |kinds, name| kinds | kind(name)),
        Some(name) => null | kind(name),
        None => ANY | INTEGER,
    }
}

fn listed(keywords: &Map<String, Value>) -> Option<Vec<Value>> {
    match (keywords.get("const"), keywords.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

fn bounds(keywords: &Map<String, Value>) -> Bounds {
    let float = |keyword| keywords.get(keyword).and_then(Value::as_f64);
    let count = |keyword| keywords.get(keyword).and_then(Value::as_u64);
    Bounds {
        minimum: float("minimum"),
        maximum: float("maximum"),
        above: float("exclusiveMinimum"),
        below: float("exclusiveMaximum"),
        min_items: count("minItems"),
        max_items: count("maxItems"),
    }
}

/// Whether the step can be carried out on values of the place.
fn fits(at: &Pointer, place: &Place) -> Result<(), InvalidPlan> {
    let has = |name: &String| place.properties.contains_key(name);
    let fits = match &place.action {
        None => true,
        Some(Action::Optional { .. }) => false,
        Some(Action::Entries { .. }) => place.items.is_some(),
        Some(Action::Extras { field } | Action::Unwrap { field }) => has(field),
        Some(Action::Tuple {
            fields,
            rest,
            required,
        }) => fields.iter().chain(rest).all(has) && *required <= fields.len(),
        Some(Action::JsonText { .. }) => place.kinds & STRING != 0,
    };
    if fits {
        return Ok(());
    }
    Err(InvalidPlan {
        pointer: at.clone(),
        message: "a step does not fit the schema it is for".to_owned(),
    })
}
