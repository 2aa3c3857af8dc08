//! xgrammar behind vLLM and `SGLang`.
//!
//! Sources: vLLM `vllm/v1/structured_output/backend_xgrammar.py` (`has_xgrammar_unsupported_json_features`, main of 2026);
//! xgrammar `cpp/json_schema_converter.cc` (`WarnUnsupportedKeywords`, `strict_mode`, which is the default); runs of
//! xgrammar 0.2.8. vLLM refuses beforehand some of what xgrammar drops with a warning; `SGLang` does not.

use super::{
    Budgets, Dialect, Form, Formats, Keywords, Limits, NamePatterns, Patterns, Silence, Support,
    Unknown,
};

const TAKEN: &[&str] = &[
    "type",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "$comment",
    "$defs",
    "definitions",
    "$ref",
    "enum",
    "const",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "minProperties",
    "maxProperties",
    "items",
    "prefixItems",
    "unevaluatedItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "format",
    "pattern",
];

const FORMATS: &[&str] = &[
    "email",
    "date",
    "time",
    "date-time",
    "duration",
    "ipv4",
    "ipv6",
    "hostname",
    "uuid",
    "uri",
    "uri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
];

const FORM: Form = Form {
    silence: Silence::Closed,
    unknown: Unknown::Open,
    patterns: Patterns::Regular,
    name_patterns: NamePatterns::Alone,
    lengths_beside_patterns: false,
    ..Form::FREE
};

const LIMITS: Limits = Limits {
    // Bounds are 64-bit integers or doubles.
    number_bound: Some((1 << 53) - 1),
    ..Limits::NONE
};

pub(super) static VLLM: Dialect = Dialect {
    name: "vllm",
    aliases: &["xgrammar"],
    title: "vLLM (xgrammar)",
    source: "https://github.com/vllm-project/vllm/blob/main/vllm/v1/structured_output/backend_xgrammar.py",
    date: "2026-09",
    keywords: Keywords {
        taken: TAKEN,
        partly: &[
            ("oneOf", "read as `anyOf`"),
            ("allOf", "of one schema; of several it is ignored"),
            (
                "patternProperties",
                "one pattern, and no `properties` beside it",
            ),
            (
                "propertyNames",
                "no `properties`, `patternProperties` or schema for others beside it",
            ),
            ("minLength", "no `pattern` and no `format` beside it"),
            ("maxLength", "no `pattern` and no `format` beside it"),
        ],
        ignored: &[
            "not",
            "if",
            "then",
            "else",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "$anchor",
            "$vocabulary",
        ],
        disputed: &[
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "$recursiveAnchor",
            "additionalItems",
        ],
        // `multipleOf`, `uniqueItems`, `contains` and its counts.
        others: Support::Refused,
        foreign: Support::Ignored,
    },
    formats: Formats {
        taken: Some(FORMATS),
        others: Support::Refused,
        numbers: Support::Ignored,
    },
    limits: LIMITS,
    budgets: Budgets::NONE,
    form: FORM,
    texts: &[
        ("keyword-not-permitted", UNSUPPORTED),
        ("format-not-permitted", UNSUPPORTED),
        ("length-beside-pattern", UNSUPPORTED),
        ("pattern-properties", UNSUPPORTED),
        ("property-names", UNSUPPORTED),
    ],
};

const UNSUPPORTED: &str = "The provided JSON schema contains features not supported by xgrammar.";

pub(super) static SGLANG: Dialect = Dialect {
    name: "sglang",
    aliases: &[],
    title: "SGLang (xgrammar)",
    source: "https://docs.sglang.ai/advanced_features/structured_outputs.html",
    date: "2026-09",
    keywords: Keywords {
        taken: TAKEN,
        partly: &[
            ("oneOf", "read as `anyOf`"),
            ("allOf", "of one schema; of several it is ignored"),
            (
                "patternProperties",
                "one pattern, and no `properties` beside it",
            ),
            (
                "propertyNames",
                "no `properties`, `patternProperties` or schema for others beside it",
            ),
            ("minLength", "ignored beside a `pattern` or a `format`"),
            ("maxLength", "ignored beside a `pattern` or a `format`"),
        ],
        ignored: &[],
        disputed: &[
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "$recursiveAnchor",
            "additionalItems",
        ],
        others: Support::Ignored,
        foreign: Support::Ignored,
    },
    formats: Formats {
        taken: Some(FORMATS),
        others: Support::Ignored,
        numbers: Support::Ignored,
    },
    limits: LIMITS,
    budgets: Budgets::NONE,
    form: FORM,
    texts: &[],
};
