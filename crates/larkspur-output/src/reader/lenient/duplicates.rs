//! Keys that are there twice: with one value they say one thing.

use std::collections::HashMap;

use larkspur_json::{Kind, Node, Object, Repair, RepairKind};

/// Leaves out members that repeat an earlier one, in all objects; nothing where a key has two values.
pub(super) fn merge(node: &mut Node<'_>) -> Option<Vec<Repair>> {
    let mut repairs = Vec::new();
    if node.has_duplicate_keys() {
        merge_in(node, &mut repairs)?;
    }
    Some(repairs)
}

fn merge_in(node: &mut Node<'_>, repairs: &mut Vec<Repair>) -> Option<()> {
    match &mut node.kind {
        Kind::Array(elements) => elements
            .iter_mut()
            .try_for_each(|element| merge_in(element, repairs)),
        Kind::Object(object) => {
            let mut all = true;
            object.for_each_value_mut(|value| all &= merge_in(value, repairs).is_some());
            all.then(|| merge_members(object, repairs)).flatten()
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(()),
    }
}

fn merge_members(object: &mut Object<'_>, repairs: &mut Vec<Repair>) -> Option<()> {
    let mut times: HashMap<String, usize> = HashMap::new();
    for member in &*object {
        *times.entry(member.key.as_ref().to_owned()).or_default() += 1;
    }
    if times.len() == object.len() {
        return Some(());
    }
    let mut said: HashMap<&str, String> = HashMap::new();
    let mut kept = Vec::with_capacity(object.len());
    for member in &*object {
        let key = member.key.as_ref();
        if times.get(key) == Some(&1) {
            kept.push(true);
            continue;
        }
        let value = member.value.to_string();
        let is_first = match said.get(key) {
            Some(first) if *first != value => return None,
            Some(_) => {
                let (start, end) = (member.key_span.start, member.value.span.end);
                repairs.push(Repair::new(RepairKind::DuplicateKey, start, end));
                false
            }
            None => {
                said.insert(key, value);
                true
            }
        };
        kept.push(is_first);
    }
    let mut kept = kept.into_iter();
    object.retain_mut(|_, _| kept.next().unwrap_or(true));
    Some(())
}
