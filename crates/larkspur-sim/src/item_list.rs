//! Items that are kept, as lists of them are answered.

use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::query::Query;

/// Items of one answer: unless said otherwise, and at most.
const PAGE: (usize, usize) = (20, 100);

/// Some of the items: newest first, unless said otherwise.
pub(crate) fn page(mut items: Vec<Value>, query: Query<'_>) -> Result<Value, ApiError> {
    let limit = query.number("limit")?;
    let limit = limit.map_or(PAGE.0, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if limit == 0 || limit > PAGE.1 {
        return Err(ApiError::invalid("Invalid 'limit': expected 1 to 100.").param("limit"));
    }
    if query.get("order") != Some("asc") {
        items.reverse();
    }
    if let Some(after) = query.get("after") {
        let is_it = |item: &Value| item.get("id").and_then(Value::as_str) == Some(after);
        let place = items
            .iter()
            .position(is_it)
            .map_or(items.len(), |at| at + 1);
        items.drain(..place);
    }
    let has_more = items.len() > limit;
    items.truncate(limit);
    Ok(list(&items, has_more))
}

/// A list, and whether there is more of it.
pub(crate) fn list(items: &[Value], has_more: bool) -> Value {
    let id = |item: Option<&Value>| item.and_then(|item| item.get("id")).cloned();
    let (first, last) = (id(items.first()), id(items.last()));
    json!({"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": has_more})
}
