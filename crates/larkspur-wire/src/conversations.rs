//! Conversations that the server keeps: `POST /conversations` and what is below it.

use indexmap::IndexMap;
use serde_json::Number;

use crate::object::object;
use crate::responses::InputItem;

/// Items that one request may add (the published specification, `CreateConversationBody`).
pub const MAX_ADDED_ITEMS: usize = 20;

object! {
    /// The body of `POST /conversations`.
    pub struct CreateConversation {
        /// What it begins with; at most [`MAX_ADDED_ITEMS`].
        optional items: Vec<InputItem>,
        /// At most 16 pairs; keys to 64, values to 512 characters.
        optional metadata: IndexMap<String, String>,
    }
}

object! {
    /// The body of `POST /conversations/{id}/items`.
    pub struct AddItems {
        /// What is added; at most [`MAX_ADDED_ITEMS`].
        required items: Vec<InputItem>,
    }
}

object! {
    /// A conversation, without its items.
    pub struct Conversation {
        /// `conv_…`.
        required id: String,
        /// Always `conversation`.
        lenient object: String,
        /// When it was begun, in seconds since 1970.
        lenient created_at: Number,
        /// Notes for the server's records.
        lenient metadata: IndexMap<String, String>,
    }
}

object! {
    /// The answer to `DELETE /conversations/{id}`.
    pub struct Deleted {
        /// What is no longer there.
        required id: String,
        /// Always `conversation.deleted`.
        lenient object: String,
        /// Always true.
        default deleted: bool,
    }
}
