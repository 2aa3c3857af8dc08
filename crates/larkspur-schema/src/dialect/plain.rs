//! JSON Schema, draft 2020-12 and earlier, without a server's restrictions.

use super::{Dialect, Limits, Rules};

pub(super) const PLAIN: Dialect = Dialect {
    name: "plain",
    source: "https://json-schema.org/draft/2020-12",
    keywords: None,
    formats: None,
    limits: Limits {
        properties: None,
        levels: None,
        enum_values: None,
        long_enum: None,
        characters: None,
        number_bound: None,
    },
    rules: Rules {
        root_object: false,
        closed_objects: false,
        all_required: false,
        typed: false,
        bare_refs: false,
        distinct_first_keys: false,
        regular_patterns: false,
    },
};
