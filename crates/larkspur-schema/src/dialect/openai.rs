//! OpenAI Structured Outputs.
//!
//! Sources: OpenAI guide "Structured model outputs" (<https://platform.openai.com/docs/guides/structured-outputs>, sections
//! "Supported schemas" and "JSON Schema keywords"), the schema transforms of `openai-python` (`lib/_pydantic.py`) and
//! `openai-node` (`lib/transform.ts`), and error texts that users quoted in public issue threads. State of late 2026.

use super::{Dialect, Keywords, Limits, Rules};

pub(super) const OPENAI: Dialect = Dialect {
    name: "openai",
    source: "https://platform.openai.com/docs/guides/structured-outputs#supported-schemas",
    keywords: Some(Keywords {
        any: &[
            "type",
            "title",
            "description",
            "enum",
            "const",
            "anyOf",
            "$ref",
            "$defs",
            "definitions",
        ],
        // `minLength` and `maxLength` are refused or taken depending on the model (coder/mux issue 1220 against
        // United-Codes/uc_ai); a `pattern` says the same everywhere.
        string: &["pattern", "format"],
        number: &[
            "multipleOf",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
        ],
        array: &["items", "minItems", "maxItems"],
        object: &["properties", "required", "additionalProperties"],
        // Refused in reports of 2024 and 2025, taken in recorded requests of 2026.
        disputed: &["default", "examples", "$schema"],
    }),
    formats: Some(&[
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uuid",
    ]),
    limits: Limits {
        properties: Some(5_000),
        levels: Some(10),
        enum_values: Some(1_000),
        long_enum: Some((250, 15_000)),
        characters: Some(120_000),
        // The engine behind the server builds a regex for the range from doubles: beyond the integers that a double
        // holds exactly the range is wrong or refused (llguidance 1.9: "Failed to generate regex for integer range").
        number_bound: Some((1 << 53) - 1),
    },
    rules: Rules {
        root_object: true,
        closed_objects: true,
        all_required: true,
        typed: true,
        bare_refs: true,
        distinct_first_keys: true,
        regular_patterns: true,
    },
};
