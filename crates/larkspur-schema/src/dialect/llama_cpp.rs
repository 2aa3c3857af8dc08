//! The converter of llama.cpp from JSON Schema to GBNF, in its own server and in Ollama.
//!
//! Sources: llama.cpp `common/json-schema-to-grammar.cpp` (read at commit 011c6c3) and `grammars/README.md`, section "JSON Schemas
//! → GBNF"; ollama `docs/api.md`; llama-cpp-python 0.3.36 `llama_grammar.py`, an older converter: a reference to a definition that contains itself and has
//! another character than `[a-zA-Z0-9-]` in its name ends the whole server there. Keywords that the converter does not ask for are skipped without a word.

use super::{
    Budgets, Dialect, Form, Formats, Keywords, Limits, NamePatterns, Patterns, Refs, Silence,
    Support, Tuples, Unknown,
};

const CONVERTER: Dialect = Dialect {
    name: "llama-cpp",
    aliases: &["llamacpp", "gbnf"],
    title: "llama.cpp",
    source: "https://github.com/ggml-org/llama.cpp/blob/master/common/json-schema-to-grammar.cpp",
    date: "2026-09",
    keywords: Keywords {
        taken: &[
            "type",
            // Read by nobody, not even by the model: the schema is not put into the prompt. But they are no rules.
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
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "minItems",
            "maxItems",
        ],
        partly: &[
            ("anyOf", "with no rules beside it"),
            ("oneOf", "read as `anyOf`, with no rules beside it"),
            ("allOf", "properties and lists of strings only"),
            ("$ref", "alone, as `#/$defs/NAME`"),
            (
                "prefixItems",
                "as many elements as it lists, with no `items` beside it",
            ),
            (
                "pattern",
                r"between `^` and `$`, without `\d`, `\w`, `\s` and look-around",
            ),
            ("format", "`date`, `time`, `date-time` and `uuid`"),
            ("minLength", "no `pattern` and no `format` beside it"),
            ("maxLength", "no `pattern` and no `format` beside it"),
            ("minimum", "integers"),
            ("maximum", "integers"),
            ("exclusiveMinimum", "integers"),
            ("exclusiveMaximum", "integers"),
        ],
        ignored: &[],
        disputed: &[],
        others: Support::Ignored,
        foreign: Support::Ignored,
    },
    formats: Formats {
        taken: Some(&["date", "time", "date-time", "uuid"]),
        others: Support::Ignored,
        numbers: Support::Ignored,
    },
    limits: Limits {
        // Numbers have at most 16 digits in the grammar.
        number_bound: Some(999_999_999_999_999),
        // Repetitions are unrolled: a length of about 2,000 broke the grammar of a whole request in reports.
        length: Some(1_000),
        ..Limits::NONE
    },
    budgets: Budgets::NONE,
    form: Form {
        silence: Silence::Closed,
        required_first: true,
        refs: Refs::Named,
        tuples: Tuples::Fixed,
        unknown: Unknown::Types,
        patterns: Patterns::Anchored,
        name_patterns: NamePatterns::No,
        lengths_beside_patterns: false,
        integer_bounds_only: true,
        ..Form::FREE
    },
    texts: &[
        (
            "pattern-not-anchored",
            "Pattern must start with '^' and end with '$'",
        ),
        ("ref-not-to-definition", "Unsupported ref: {target}"),
    ],
};

pub(super) static LLAMA_CPP: Dialect = CONVERTER;

/// Models in the cloud take a schema and ignore all of it; the table is for local ones.
pub(super) static OLLAMA: Dialect = Dialect {
    name: "ollama",
    aliases: &[],
    title: "Ollama",
    source: "https://github.com/ollama/ollama/blob/main/docs/api.md",
    ..CONVERTER
};
