//! Responses kept for `previous_response_id`: in memory, bounded, oldest out first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::app::lock;

/// Bytes of conversations kept, beside the bound on their number.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Conversations by the id of their last response.
pub(crate) struct Store {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    bytes: usize,
}

struct Entry {
    id: String,
    items: Arc<Vec<Value>>,
    bytes: usize,
}

impl Store {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    /// Keeps a conversation: all items up to and with the output of the response.
    pub(crate) fn keep(&self, id: String, items: Vec<Value>) {
        let bytes = items.iter().map(|item| item.to_string().len()).sum();
        let mut kept = lock(&self.kept);
        kept.bytes += bytes;
        kept.entries.push_back(Entry {
            id,
            items: Arc::new(items),
            bytes,
        });
        while kept.entries.len() > self.most || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.bytes;
        }
    }

    /// The conversation that ended with this response.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Vec<Value>>> {
        lock(&self.kept)
            .entries
            .iter()
            .rev()
            .find(|entry| entry.id == id)
            .map(|entry| Arc::clone(&entry.items))
    }
}
