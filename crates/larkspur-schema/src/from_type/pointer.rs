//! JSON Pointers as text, which `serde_json` takes as they are.

/// The pointer to the member or item `step` of what `parent` points to.
pub(super) fn child(parent: &str, step: &str) -> String {
    if step.contains(['~', '/']) {
        format!("{parent}/{}", step.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{parent}/{step}")
    }
}
