//! A file a verb.

pub(crate) mod check;
pub(crate) mod extract;
pub(crate) mod lift;
pub(crate) mod lower;
pub(crate) mod models;
pub(crate) mod serve;
pub(crate) mod validate;
