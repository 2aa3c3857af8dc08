//! llguidance: a library, the engine of several servers, and what OpenAI runs.
//!
//! Sources: llguidance 1.9.1 `src/json/{schema,compiler,formats,numeric}.rs` (`IMPLEMENTED`, `META_AND_ANNOTATIONS`,
//! `is_verifiably_disjoint_from`) and `docs/json_schema.md`, read and run in November 2026. What it compiles it means exactly.

use super::{Budgets, Dialect, Form, Formats, Keywords, Limits, NamePatterns, Patterns, Support};

pub(super) static LLGUIDANCE: Dialect = Dialect {
    name: "llguidance",
    aliases: &["guidance"],
    title: "llguidance",
    source: "https://github.com/guidance-ai/llguidance/blob/main/docs/json_schema.md",
    date: "2026-11",
    keywords: Keywords {
        taken: &[
            "anyOf",
            "allOf",
            "$ref",
            "const",
            "enum",
            "type",
            "items",
            "additionalItems",
            "prefixItems",
            "minItems",
            "maxItems",
            "properties",
            "additionalProperties",
            "required",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "$anchor",
            "$defs",
            "definitions",
            "$schema",
            "$id",
            "$comment",
            "title",
            "description",
            "default",
            "readOnly",
            "writeOnly",
            "examples",
            "deprecated",
            "contentMediaType",
            "contentEncoding",
        ],
        partly: &[
            ("oneOf", "where the branches are visibly disjoint"),
            ("patternProperties", "where no name matches two patterns"),
            ("minProperties", "where every listed property is required"),
            ("maxProperties", "where every listed property is required"),
        ],
        ignored: &[],
        disputed: &[
            "$vocabulary",
            "contentSchema",
            "$dynamicAnchor",
            "$recursiveAnchor",
        ],
        others: Support::Refused,
        foreign: Support::Ignored,
    },
    formats: Formats {
        taken: Some(&[
            "date-time",
            "time",
            "date",
            "duration",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "uuid",
            "uri",
        ]),
        others: Support::Refused,
        numbers: Support::Ignored,
    },
    limits: Limits {
        // "Failed to generate regex for integer range" beyond the integers that a double holds exactly.
        number_bound: Some((1 << 53) - 1),
        ..Limits::NONE
    },
    budgets: Budgets::NONE,
    form: Form {
        patterns: Patterns::Regular,
        name_patterns: NamePatterns::One,
        counts_optional: false,
        ..Form::FREE
    },
    texts: &[
        ("keyword-not-permitted", r#"Unimplemented keys: ["{name}"]"#),
        ("format-not-permitted", "Unknown format: {format_name}"),
    ],
};
