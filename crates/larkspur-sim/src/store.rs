//! Responses kept for `previous_response_id`, and to be asked for again: in memory, bounded, oldest out first.

use std::collections::VecDeque;
use std::sync::Mutex;

use larkspur_wire::responses::{Response, Status};
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

/// What is kept of a response.
pub(crate) struct Entry {
    /// The response as it is when it is done.
    pub(crate) response: Response,
    /// All items up to its output.
    pub(crate) given: Vec<Value>,
    /// They are in the item with which the output begins.
    pub(crate) compacted: bool,
    pub(crate) making: Making,
}

/// How a response is made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Making {
    /// Nobody waits for it.
    pub(crate) background: bool,
    /// How its events are cut, where they were asked for.
    pub(crate) streamed: Option<Pace>,
    /// Questions that are still answered with "not yet".
    pub(crate) unfinished: u32,
    /// Somebody stopped it.
    pub(crate) cancelled: bool,
}

/// What decides how events are cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) seed: u64,
    pub(crate) obfuscates: bool,
}

impl Entry {
    fn bytes(&self) -> usize {
        let given = self.given.iter().map(|item| item.to_string().len());
        let output = output(&self.response).map(|item| item.to_string().len());
        given.chain(output).sum()
    }

    /// What a response that goes on from this one begins with.
    fn conversation(&self) -> Vec<Value> {
        let given = self.given.iter().filter(|_| !self.compacted);
        given.cloned().chain(output(&self.response)).collect()
    }

    /// The response as it is now, for one more question.
    pub(crate) fn now(&mut self) -> Response {
        if self.making.cancelled {
            return under_way(&self.response, Status::Cancelled);
        }
        if self.making.unfinished > 0 {
            self.making.unfinished -= 1;
            return under_way(&self.response, Status::InProgress);
        }
        self.response.clone()
    }

    /// Stops it, unless it is done.
    pub(crate) fn cancel(&mut self) -> Response {
        self.making.cancelled |= self.making.unfinished > 0;
        self.now()
    }
}

/// The output as items of a conversation.
pub(crate) fn output(response: &Response) -> impl Iterator<Item = Value> {
    let items = response.output.iter();
    items.filter_map(|item| serde_json::to_value(item).ok())
}

/// A response of which nothing is there yet.
pub(crate) fn under_way(response: &Response, status: Status) -> Response {
    Response {
        status: Some(status),
        output: Vec::new(),
        usage: None,
        completed_at: None,
        incomplete_details: None,
        ..response.clone()
    }
}

impl Store {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    /// Keeps a response with its conversation.
    pub(crate) fn keep(&self, entry: Entry) {
        let mut kept = lock(&self.kept);
        kept.bytes += entry.bytes();
        kept.entries.push_back(entry);
        while kept.entries.len() > self.most || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.bytes();
        }
    }

    /// The conversation that ended with this response.
    pub(crate) fn find(&self, id: &str) -> Option<Vec<Value>> {
        self.with(id, |entry| entry.conversation())
    }

    /// Looks at what is kept under an id.
    pub(crate) fn with<T>(&self, id: &str, look: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        let mut kept = lock(&self.kept);
        let mut entries = kept.entries.iter_mut().rev();
        entries.find(|entry| entry.response.id == id).map(look)
    }

    /// Forgets a response; whether there was one.
    pub(crate) fn forget(&self, id: &str) -> bool {
        let mut kept = lock(&self.kept);
        let place = kept
            .entries
            .iter()
            .position(|entry| entry.response.id == id);
        let Some(entry) = place.and_then(|place| kept.entries.remove(place)) else {
            return false;
        };
        kept.bytes -= entry.bytes();
        true
    }
}
