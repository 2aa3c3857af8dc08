//! Words that were probably meant to be others.

use serde_json::Value;

use super::walk::each_schema;
use crate::{Diagnostic, vocabulary};

/// Keywords and formats that are none, and look like one.
pub(super) fn problems(schema: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_schema(schema, |at, schema| {
        let Value::Object(keywords) = schema else {
            return;
        };
        for (keyword, value) in keywords {
            if let Some(meant) = vocabulary::keyword_like(keyword) {
                let message =
                    format!("`{keyword}` is no keyword of JSON Schema, and means nothing");
                let hint = format!("did you mean `{meant}`?");
                let place = at.child(keyword.as_str());
                found.push(Diagnostic::warning("unknown-keyword", &place, message).hint(hint));
            }
            if let ("format", Some(format)) = (keyword.as_str(), value.as_str())
                && let Some(meant) = vocabulary::format_like(format)
            {
                let message = format!("`{format}` is no format of JSON Schema, and means nothing");
                let hint = format!("did you mean `{meant}`?");
                let place = at.child("format");
                found.push(Diagnostic::warning("unknown-format", &place, message).hint(hint));
            }
        }
    });
    found
}
