//! A file a verb.

pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod convert;
pub(crate) mod cost;
pub(crate) mod extract;
pub(crate) mod lift;
pub(crate) mod lower;
pub(crate) mod models;
pub(crate) mod parse;
pub(crate) mod sample;
pub(crate) mod serve;
pub(crate) mod sql;
pub(crate) mod validate;
