//! One message of a conversation.

use crate::anthropic::Block;
use crate::object::{object, open_enum};

/// What a message says: a text, or blocks.
pub type Content = crate::Content<Block>;

object! {
    /// One message of a conversation.
    pub struct Message {
        /// Who says it.
        required role: Role,
        /// What is said.
        required content: Content,
    }
}

open_enum! {
    /// Who says something. Instructions are no message here, they are `system` of the request.
    #[derive(Default)]
    pub enum Role {
        /// The caller; results of tools as well.
        #[default]
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

impl Message {
    /// A message of the caller.
    pub fn user(content: impl Into<Content>) -> Self {
        Self {
            role: Role::User,
            content: content.into(),
            ..Self::default()
        }
    }

    /// A message of the model.
    pub fn assistant(content: impl Into<Content>) -> Self {
        Self {
            role: Role::Assistant,
            content: content.into(),
            ..Self::default()
        }
    }
}
