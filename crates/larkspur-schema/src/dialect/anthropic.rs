//! Anthropic's Messages API: `output_config.format` and strict tools.
//!
//! Sources: Anthropic's page "Structured outputs" (<https://platform.claude.com/docs/en/build-with-claude/structured-outputs>,
//! sections "JSON Schema limitations" and "Schema complexity limits", mirror of September 2026); texts quoted in `agentjido/req_llm`
//! issue 302 and in other public threads.

use super::{
    Budgets, Dialect, Form, Formats, Keywords, Limits, Listed, NamePatterns, Others, Patterns,
    Recursion, Refs, Silence, Support, Tuples, Unknown,
};

pub(super) static ANTHROPIC: Dialect = Dialect {
    name: "anthropic",
    aliases: &["claude", "anthropic-tools"],
    title: "Anthropic",
    source: "https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations",
    date: "2026-09",
    keywords: Keywords {
        taken: &[
            "type",
            "title",
            "description",
            "default",
            "enum",
            "const",
            "anyOf",
            "$defs",
            "definitions",
            "properties",
            "required",
            "items",
            "format",
        ],
        partly: &[
            ("additionalProperties", "must be there and `false`"),
            ("$ref", "within the schema, and not to what it stands in"),
            ("allOf", "without `$ref` in it"),
            ("minItems", "0 or 1"),
            (
                "pattern",
                "no look-around, back-references and word boundaries",
            ),
        ],
        ignored: &[],
        // Lengths are documented as not supported, and have been seen to be taken. Of the others nothing is said.
        disputed: &[
            "minLength",
            "maxLength",
            "$schema",
            "$id",
            "$comment",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
        ],
        others: Support::Refused,
        foreign: Support::Disputed,
    },
    formats: Formats {
        taken: Some(&[
            "date-time",
            "time",
            "date",
            "duration",
            "email",
            "hostname",
            "uri",
            "ipv4",
            "ipv6",
            "uuid",
        ]),
        others: Support::Refused,
        numbers: Support::Disputed,
    },
    limits: Limits {
        min_items: Some(1),
        ..Limits::NONE
    },
    budgets: Budgets {
        tools: Some(20),
        optional: Some(24),
        unions: Some(16),
    },
    form: Form {
        root_object: true,
        others: Others::Closed,
        silence: Silence::Refused,
        required_first: true,
        typed: true,
        // The official SDK sends a `Literal` so (Python, 2.12, `transform_schema`).
        untyped_values: true,
        refs: Refs::Bare,
        recursion: Recursion::No,
        tuples: Tuples::No,
        listed: Listed::Scalars,
        unknown: Unknown::Text,
        patterns: Patterns::Regular,
        name_patterns: NamePatterns::No,
        ..Form::FREE
    },
    texts: &[
        (
            "open-object",
            "For 'object' type, 'additionalProperties' must be explicitly set to false",
        ),
        (
            "keyword-not-permitted",
            "For '{type}' type, property {keyword} is not supported",
        ),
        (
            "min-items",
            "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
        ),
    ],
};
