//! What a newcomer sees first: plausible answers, read by a person.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use larkspur_sim::Sim;
use serde_json::{Value, json};
use support::schemas;

fn ask(prompt: &str, schema: &Value) -> String {
    let sim = Sim::start().unwrap();
    let mut out = String::new();
    for seed in 0..2 {
        let body = json!({
            "model": "gpt-5.2", "input": prompt, "metadata": {"n": seed.to_string()},
            "text": {"format": {"type": "json_schema", "name": "answer", "strict": true, "schema": schema}},
        });
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

#[test]
fn an_invoice_borrows_from_the_request() {
    let invoice = schemas::object(&json!({
        "vendor": {"type": "string"},
        "number": {"type": "string", "description": "Invoice number"},
        "items": {"type": "array", "items": schemas::object(&json!({
            "description": {"type": "string"}, "quantity": {"type": "integer", "minimum": 0},
            "unit_price": {"type": "number"}}))},
        "currency": {"type": "string", "description": "ISO 4217"},
    }));
    let answers = ask(
        "Acme Corp billed us 3 chairs at 120.50 EUR on invoice INV-2041.",
        &invoice,
    );
    for part in [
        "\"Acme Corp\"",
        "\"INV-2041\"",
        "\"EUR\"",
        "\"chairs\"",
        "120.5",
    ] {
        assert!(answers.contains(part), "{part} in {answers}");
    }
}

#[test]
fn a_tree_ends() {
    let tree = json!({"type": "object", "properties": {"label": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["label", "children"], "additionalProperties": false});
    assert!(ask("A tree", &tree).len() < 4_000);
}
