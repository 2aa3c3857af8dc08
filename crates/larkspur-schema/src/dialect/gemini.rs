//! The Gemini API: `responseSchema` and `responseJsonSchema` of `generationConfig`.
//!
//! Sources: <https://ai.google.dev/api/caching#Schema> and <https://ai.google.dev/api/generate-content#generationconfig>
//! (fields `responseSchema` and `responseJsonSchema`), the same texts in google-genai's `GenerateContentConfig`; `prism-php/prism`
//! issue 974 for what the server answers. State of September 2026.

use super::{
    Budgets, Dialect, Form, Formats, Keywords, Limits, Listed, NamePatterns, Nulls, Others,
    Patterns, Recursion, Refs, Silence, Support, Tuples, Unknown,
};

/// A message of Google's `Schema` type: what is no field of it is refused.
pub(super) static SCHEMA: Dialect = Dialect {
    name: "gemini-schema",
    aliases: &["gemini-openapi"],
    title: "Gemini `responseSchema`",
    source: "https://ai.google.dev/api/caching#Schema",
    date: "2026-09",
    keywords: Keywords {
        taken: &[
            "title",
            "description",
            "nullable",
            "maxItems",
            "minItems",
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "anyOf",
            "propertyOrdering",
            "default",
            "items",
            "minimum",
            "maximum",
        ],
        partly: &[
            ("type", "one, in capitals"),
            ("enum", "strings"),
            ("format", "`date-time` and `enum` on strings"),
        ],
        ignored: &[],
        disputed: &[],
        others: Support::Refused,
        foreign: Support::Refused,
    },
    formats: Formats {
        taken: Some(&["date-time", "enum"]),
        others: Support::Refused,
        numbers: Support::Taken,
    },
    limits: Limits::NONE,
    budgets: Budgets::NONE,
    form: Form {
        others: Others::Unsaid,
        silence: Silence::Closed,
        typed: true,
        type_lists: false,
        upper_types: true,
        nulls: Nulls::Keyword,
        refs: Refs::None,
        recursion: Recursion::No,
        tuples: Tuples::No,
        listed: Listed::Strings,
        unknown: Unknown::Text,
        patterns: Patterns::Regular,
        name_patterns: NamePatterns::No,
        ..Form::FREE
    },
    texts: &[
        (
            "keyword-not-permitted",
            "Unknown name {quoted} at 'generation_config.response_schema{place}': Cannot find field.",
        ),
        (
            "format-not-permitted",
            "GenerateContentRequest.generation_config.response_schema{place}.format: only 'enum' and 'date-time' are supported for STRING type",
        ),
        (
            "type-list",
            "Unknown name \"type\" at 'generation_config.response_schema{place}': Proto field is not repeating, cannot start list.",
        ),
    ],
};

/// "While the full JSON Schema may be sent, not all features are supported. Specifically, only the following properties are
/// supported": what becomes of the others is not said.
pub(super) static JSON_SCHEMA: Dialect = Dialect {
    name: "gemini-json-schema",
    aliases: &["gemini"],
    title: "Gemini `responseJsonSchema`",
    source: "https://ai.google.dev/api/generate-content#generationconfig",
    date: "2026-09",
    keywords: Keywords {
        taken: &[
            "$id",
            "$defs",
            "$anchor",
            "type",
            "title",
            "description",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minimum",
            "maximum",
            "anyOf",
            "properties",
            "additionalProperties",
            "required",
            "propertyOrdering",
        ],
        partly: &[
            (
                "$ref",
                "alone; to what it stands in only through a property that is not required",
            ),
            ("enum", "strings and numbers"),
            ("oneOf", "read as `anyOf`"),
            ("format", "`date-time`, `date` and `time` on strings"),
        ],
        ignored: &[],
        disputed: &[],
        others: Support::Disputed,
        foreign: Support::Disputed,
    },
    formats: Formats {
        taken: Some(&["date-time", "date", "time"]),
        others: Support::Disputed,
        numbers: Support::Disputed,
    },
    limits: Limits::NONE,
    budgets: Budgets::NONE,
    form: Form {
        silence: Silence::Closed,
        typed: true,
        refs: Refs::Bare,
        recursion: Recursion::Optional,
        listed: Listed::OneType,
        unknown: Unknown::Text,
        patterns: Patterns::Regular,
        name_patterns: NamePatterns::No,
        ..Form::FREE
    },
    texts: &[],
};
