//! The published specification: what a body must be, and which members it may have.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde::Serialize;
use serde_json::{Value, json};

use crate::data;

pub(super) static RESPONSES: LazyLock<Body> = LazyLock::new(|| Body::named("CreateResponse"));
pub(super) static COMPACT: LazyLock<Body> =
    LazyLock::new(|| Body::named("CompactResponseMethodPublicBody"));
pub(super) static COUNT: LazyLock<Body> = LazyLock::new(|| Body::named("TokenCountsBody"));
pub(super) static CHAT: LazyLock<Body> =
    LazyLock::new(|| Body::named("CreateChatCompletionRequest"));
pub(super) static CONVERSATION: LazyLock<Body> =
    LazyLock::new(|| Body::named("CreateConversationBody"));
/// The extract has no schema for these two; they are as `openai.yaml` has them (`createConversationItems`, `createBatch`).
pub(super) static ITEMS: LazyLock<Body> = LazyLock::new(|| {
    let items = json!({"type": "array", "maxItems": 20, "items": {"$ref": "#/$defs/InputItem"}});
    Body::new(json!({"type": "object", "properties": {"items": items}, "required": ["items"]}))
});
pub(super) static BATCH: LazyLock<Body> = LazyLock::new(|| {
    Body::new(json!({
        "type": "object",
        "properties": {
            "input_file_id": {"type": "string"},
            "endpoint": {"enum": ["/v1/responses", "/v1/chat/completions"]},
            "completion_window": {"const": "24h"},
            "metadata": {"$ref": "#/$defs/Metadata"},
            "output_expires_after": {"type": "object"},
        },
        "required": ["input_file_id", "endpoint", "completion_window"],
    }))
});
/// A line of the file of a batch (`openai.yaml`, `BatchRequestInput`), but for the body that it carries.
pub(super) static LINE: LazyLock<Body> = LazyLock::new(|| {
    Body::new(json!({
        "type": "object",
        "properties": {
            "custom_id": {"type": "string"},
            "method": {"const": "POST"},
            "url": {"enum": ["/v1/responses", "/v1/chat/completions"]},
            "body": {"type": "object"},
        },
        "required": ["custom_id", "method", "url", "body"],
    }))
});

/// The body of a request.
pub(super) struct Body {
    validator: Validator,
    members: Vec<String>,
}

impl Body {
    fn named(root: &str) -> Self {
        Self::new(json!({"$ref": format!("#/$defs/{root}")}))
    }

    fn new(root: Value) -> Self {
        let mut document = data::json("openai/openapi-extract.json");
        let Value::Object(root) = root else {
            panic!("a schema that is no object");
        };
        document.as_object_mut().unwrap().extend(root);
        let mut members = Vec::new();
        collect(&document, &document, &mut members);
        Self {
            validator: jsonschema::options().offline().build(&document).unwrap(),
            members,
        }
    }

    pub(super) fn is_valid(&self, request: &Value) -> bool {
        self.validator.is_valid(request)
    }

    /// A request is what the specification says, and has no member that it doesn't name: it asks for parts only, so a misspelt one would pass.
    #[track_caller]
    pub(super) fn check(&self, name: &str, request: &impl Serialize) {
        let request = serde_json::to_value(request).unwrap();
        let errors = self.validator.iter_errors(&request);
        let errors: Vec<_> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{request:#}");
        for member in request
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            assert!(self.members.contains(member), "{name}: {member}");
        }
    }
}

/// The members that a schema names.
fn collect(document: &Value, schema: &Value, names: &mut Vec<String>) {
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(found) = reference.and_then(|at| document.pointer(at.trim_start_matches('#'))) {
        collect(document, found, names);
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone()),
    );
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        collect(document, part, names);
    }
}

/// It does refuse: the samples that must not pass, which swap the shapes of the two APIs among other things.
#[test]
fn the_specification_refuses_the_invalid_samples() {
    let mut refused = 0;
    for sample in data::json("openai/samples/index.json").as_array().unwrap() {
        let body = match sample["root"].as_str().unwrap_or_default() {
            "CreateResponse" => &RESPONSES,
            "CreateChatCompletionRequest" => &CHAT,
            _ => continue,
        };
        let file = sample["file"].as_str().unwrap();
        let request = data::json(&format!("openai/samples/{file}"));
        assert_eq!(body.is_valid(&request), sample["valid"] == true, "{file}");
        refused += usize::from(sample["valid"] == false);
    }
    assert_eq!(refused, 22);
    for (body, request) in [
        (
            &BATCH,
            json!({"input_file_id": "file-1", "endpoint": "/v1/responses"}),
        ),
        (
            &BATCH,
            json!({"input_file_id": "file-1", "endpoint": "responses", "completion_window": "24h"}),
        ),
        (
            &ITEMS,
            json!({"items": [{"type": "message", "role": "nobody", "content": "x"}]}),
        ),
        (&ITEMS, json!({})),
        (
            &LINE,
            json!({"custom_id": "1", "method": "GET", "url": "/v1/responses", "body": {}}),
        ),
        (
            &CONVERSATION,
            json!({"items": vec![json!({"role": "user", "content": "x"}); 21]}),
        ),
    ] {
        assert!(!body.is_valid(&request), "{request}");
    }
}
