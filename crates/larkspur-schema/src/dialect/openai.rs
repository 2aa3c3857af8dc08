//! OpenAI Structured Outputs, for its models, for fine-tuned ones, and on Azure.
//!
//! Sources: OpenAI guide "Structured model outputs" (<https://platform.openai.com/docs/guides/structured-outputs>, sections
//! "Supported schemas" and "JSON Schema keywords"), the schema transforms of `openai-python` (`lib/_pydantic.py`) and
//! `openai-node` (`lib/transform.ts`), and error texts that users quoted in public issue threads. State of late 2026.
//! Azure: `MicrosoftDocs/azure-ai-docs`, `foundry/openai/how-to/structured-outputs.md`.

use super::{
    Budgets, Dialect, Form, Formats, Keywords, Limits, Listed, NamePatterns, Others, Patterns,
    Refs, Silence, Support, Tuples, Unknown,
};

const PARTLY: &[(&str, &str)] = &[
    ("additionalProperties", "must be there and `false`"),
    ("required", "must list every property"),
    ("$ref", "must stand alone and lead to `#` or `#/$defs/NAME`"),
    ("items", "one schema"),
];

const TAKEN: &[&str] = &[
    "type",
    "title",
    "description",
    "enum",
    "const",
    "anyOf",
    "$defs",
    "definitions",
    "properties",
];

const FORMATS: &[&str] = &[
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];

const TEXTS: &[(&str, &str)] = &[
    (
        "root-not-object",
        r#"schema must be a JSON Schema of 'type: "object"', got 'type: {got}'."#,
    ),
    (
        "root-union",
        "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
    ),
    (
        "boolean-schema",
        "In context={context}, schema must have a 'type' key.",
    ),
    (
        "missing-type",
        "In context={context}, schema must have a 'type' key.",
    ),
    (
        "ref-siblings",
        "context={context}, $ref cannot have keywords {{keywords}}.",
    ),
    (
        "keyword-not-permitted",
        "In context={context}, {keyword} is not permitted.",
    ),
    (
        "disputed-keyword",
        "In context={context}, {keyword} is not permitted.",
    ),
    (
        "object-without-properties",
        "In context={context}, object schema missing properties.",
    ),
    (
        "open-object",
        "In context={context}, 'additionalProperties' is required to be supplied and to be false.",
    ),
    (
        "optional-property",
        "In context={context}, 'required' is required to be supplied and to be an array including every key in properties. Missing {name}.",
    ),
    (
        "unknown-required",
        "In context={context}, 'required' is required to be supplied and to be an array including every key in properties. Extra required key {name} supplied.",
    ),
    (
        "array-without-items",
        "In context={context}, array schema missing items.",
    ),
    (
        "format-not-permitted",
        "In context={context}, {format} is not a valid format.",
    ),
    (
        "pattern-not-regular",
        "Invalid JSON schema: regex lookaround is not supported. Found at ${path}.pattern.",
    ),
    ("mixed-enum", "enum values must be of the same type"),
    (
        "shared-first-key",
        "Objects provided via 'anyOf' must not share identical first keys. Consider adding a discriminator key or rearranging the properties to ensure the first key is unique.",
    ),
    (
        "too-deep",
        "{count} levels of nesting exceeds limit of {most}.",
    ),
    (
        "too-many-properties",
        "{count} parameters exceeds limit of {most}.",
    ),
    (
        "too-many-enum-values",
        "Expected at most {most} enum values in total within a single schema when using structured outputs, but received {count}. Consider reducing the number of enums, or use 'strict: false' to opt out of structured outputs.",
    ),
    (
        "many-enum-values",
        "Expected at most {most} enum values in total within a single schema when using structured outputs, but received {count}. Consider reducing the number of enums, or use 'strict: false' to opt out of structured outputs.",
    ),
    (
        "enum-too-long",
        "Expected at most {most} total characters across enum values when there are more than {many} enum values, but received {count}.",
    ),
];

const FORM: Form = Form {
    root_object: true,
    others: Others::Closed,
    silence: Silence::Refused,
    all_required: true,
    typed: true,
    refs: Refs::Bare,
    tuples: Tuples::No,
    listed: Listed::OneType,
    unknown: Unknown::Text,
    distinct_first_keys: true,
    patterns: Patterns::Regular,
    name_patterns: NamePatterns::No,
    lengths_as_patterns: true,
    ..Form::FREE
};

const STRICT: Dialect = Dialect {
    name: "openai",
    aliases: &["openai-strict", "strict"],
    title: "OpenAI",
    source: "https://platform.openai.com/docs/guides/structured-outputs#supported-schemas",
    date: "2026-09",
    keywords: Keywords {
        // `minLength` and `maxLength` are refused or taken depending on the model (coder/mux issue 1220 against
        // United-Codes/uc_ai); a `pattern` says the same everywhere.
        taken: &[
            "type",
            "title",
            "description",
            "enum",
            "const",
            "anyOf",
            "$defs",
            "definitions",
            "properties",
            "pattern",
            "format",
            "multipleOf",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minItems",
            "maxItems",
        ],
        partly: PARTLY,
        ignored: &[],
        // Refused in reports of 2024 and 2025, taken in recorded requests of 2026.
        disputed: &["default", "examples", "$schema"],
        others: Support::Refused,
        foreign: Support::Refused,
    },
    formats: Formats {
        taken: Some(FORMATS),
        others: Support::Refused,
        numbers: Support::Refused,
    },
    limits: Limits {
        properties: Some(5_000),
        levels: Some(10),
        enum_values: Some(1_000),
        long_enum: Some((250, 15_000)),
        characters: Some(120_000),
        // The engine behind the server builds a regex for the range from doubles: beyond the integers that a double
        // holds exactly the range is wrong or refused (llguidance 1.9: "Failed to generate regex for integer range").
        number_bound: Some((1 << 53) - 1),
        ..Limits::NONE
    },
    budgets: Budgets::NONE,
    form: FORM,
    texts: TEXTS,
};

pub(super) static OPENAI: Dialect = STRICT;

/// The guide lists what fine-tuned models do not take: "For strings: minLength, maxLength, pattern, format. For numbers:
/// minimum, maximum, multipleOf. For objects: patternProperties. For arrays: minItems, maxItems."
pub(super) static FINE_TUNED: Dialect = Dialect {
    name: "openai-fine-tuned",
    aliases: &["fine-tuned"],
    title: "OpenAI, fine-tuned",
    keywords: Keywords {
        taken: TAKEN,
        partly: PARTLY,
        ignored: &[],
        disputed: &[
            "default",
            "examples",
            "$schema",
            // Not in the list, but the bounds that it leaves out say the same.
            "exclusiveMinimum",
            "exclusiveMaximum",
        ],
        others: Support::Refused,
        foreign: Support::Refused,
    },
    form: Form {
        lengths_as_patterns: false,
        ..FORM
    },
    ..STRICT
};

/// The page for Azure still lists the limits of 2024, and neither patterns nor formats nor bounds.
pub(super) static AZURE: Dialect = Dialect {
    name: "azure",
    aliases: &["azure-openai"],
    title: "Azure OpenAI",
    source: "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs",
    keywords: Keywords {
        taken: TAKEN,
        partly: PARTLY,
        ignored: &[],
        disputed: &["default", "examples", "$schema"],
        others: Support::Refused,
        foreign: Support::Refused,
    },
    limits: Limits {
        properties: Some(100),
        levels: Some(5),
        enum_values: Some(500),
        long_enum: Some((250, 7_500)),
        characters: Some(15_000),
        ..Limits::NONE
    },
    form: Form {
        lengths_as_patterns: false,
        ..FORM
    },
    ..STRICT
};
