//! What a newcomer sees first: plausible answers. The snapshots are there to be read.

use larkspur_sim::Sim;
use serde_json::{Value, json};

use crate::{schemas, support};

/// Two answers to one request, one under the other.
fn ask(name: &str, prompt: &str, schema: &Value) -> String {
    let sim = Sim::start().unwrap();
    let body = json!({
        "model": "gpt-5.2", "input": prompt,
        "text": {"format": {"type": "json_schema", "name": name, "strict": true, "schema": schema}},
    });
    let mut out = String::new();
    for _ in 0..2 {
        let answer = support::post(&sim, "/v1/responses", &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let response = answer.json();
        assert_eq!(response["status"], "completed");
        let value: Value = serde_json::from_str(support::message(&response)).unwrap();
        out.push_str(&serde_json::to_string_pretty(&value).unwrap());
        out.push('\n');
    }
    assert_eq!(sim.counts().fallbacks, 0);
    out
}

fn invoice() -> Value {
    schemas::object(&json!({
        "vendor": {"type": "string"},
        "number": {"type": "string", "description": "Invoice number"},
        "items": {"type": "array", "items": schemas::object(&json!({
            "description": {"type": "string"}, "quantity": {"type": "integer", "minimum": 0},
            "unit_price": {"type": "number"}}))},
        "currency": {"type": "string", "description": "ISO 4217"},
        "total": {"type": "number"},
        "due": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "extra": {"type": "array", "items": schemas::object(&json!({"key": {"type": "string"}, "value": {"type": "string"}}))},
    }))
}

#[test]
fn an_invoice_borrows_from_the_request() {
    let prompt = "Acme Corp billed us 3 chairs at 120.50 EUR and 2 desks at 349.00 EUR on invoice INV-2041, due 1 December 2026.";
    insta::assert_snapshot!(ask("invoice", prompt, &invoice()));
}

#[test]
fn an_invoice_out_of_nothing() {
    insta::assert_snapshot!(ask("invoice", "Make up an invoice.", &invoice()));
}

#[test]
fn a_person() {
    let person = schemas::object(&json!({
        "name": {"type": "string"}, "age": {"type": "integer"}, "email": {"type": "string", "format": "email"},
        "address": schemas::object(&json!({"street": {"type": "string"}, "city": {"type": "string"}, "country": {"type": "string"}})),
        "id": {"type": "string", "format": "uuid"}, "phone": {"type": ["string", "null"]},
        "born": {"type": "string", "format": "date-time"}, "role": {"type": "string", "enum": ["admin", "editor", "reader"]},
    }));
    insta::assert_snapshot!(ask(
        "person",
        "Ada Lovelace, 36, editor, lives in London.",
        &person
    ));
}

#[test]
fn a_ticket() {
    let ticket = schemas::object(&json!({
        "title": {"type": "string"}, "summary": {"type": "string"},
        "severity": {"type": "string", "enum": ["low", "medium", "high"]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "steps": {"type": "array", "items": {"type": "string"}}, "assignee": {"type": ["string", "null"]},
        "code": {"type": "string", "pattern": "^[A-Z]{2,4}-\\d{3}$"},
    }));
    let prompt = "The \"Export\" button crashes the app, high severity. Reported by Priya Patel.";
    insta::assert_snapshot!(ask("ticket", prompt, &ticket));
}

#[test]
fn a_tree_ends() {
    let tree = schemas::object(
        &json!({"label": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}}),
    );
    insta::assert_snapshot!(ask("tree", "A tree", &tree));
}

/// A grammar's text is walked under the mask: words where words may stand, and an end.
#[test]
fn a_grammar_reads_like_text() {
    let sim = Sim::start().unwrap();
    let lark = "start: \"SELECT \" columns \" FROM \" NAME where? \";\"\ncolumns: \"*\" | NAME (\", \" NAME){0,3}\nwhere: \" WHERE \" NAME \" = \" (INT | STRING)\nNAME: /[a-z][a-z_]{0,20}/\nINT: /[0-9]{1,5}/\nSTRING: /'[A-Za-z ]{1,20}'/\n";
    let body = json!({
        "model": "gpt-5.2", "n": 6, "messages": [{"role": "user", "content": "Query."}], "tool_choice": "required",
        "tools": [{"type": "custom", "custom": {"name": "sql", "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": lark}}}}],
    });
    let answer = support::post(&sim, "/v1/chat/completions", &body).json();
    let queries: Vec<&str> = answer["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| {
            choice["message"]["tool_calls"][0]["custom"]["input"]
                .as_str()
                .unwrap()
        })
        .collect();
    insta::assert_snapshot!(queries.join("\n"));
}

#[test]
fn plain_text_is_a_sentence() {
    let sim = Sim::start().unwrap();
    let answer = support::post(
        &sim,
        "/v1/responses",
        &json!({"model": "gpt-5.2", "input": "What about Acme Corp?"}),
    )
    .json();
    insta::assert_snapshot!(support::message(&answer));
}
