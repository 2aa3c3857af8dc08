//! Why a server did not start, or a text was not written.

use std::net::SocketAddr;
#[cfg(feature = "gguf")]
use std::path::{Path, PathBuf};

/// A server that did not start or stopped listening, or a constraint that the engine does not take.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Kind);

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error(
        "{0} can be reached from other machines; use a loopback address such as 127.0.0.1, or allow it explicitly"
    )]
    NotLoopback(SocketAddr),
    #[error("the local server cannot listen: {0}")]
    Listen(#[source] std::io::Error),
    #[error("the local server got no thread: {0}")]
    Thread(#[source] std::io::Error),
    #[error("the constraint engine did not start: {0}")]
    Engine(String),
    #[error("{0}")]
    Constraint(String),
    #[cfg(feature = "gguf")]
    #[error("the model {} cannot be used: {why}", file.display())]
    Model { file: PathBuf, why: String },
}

impl Error {
    pub(crate) fn not_loopback(addr: SocketAddr) -> Self {
        Self(Kind::NotLoopback(addr))
    }

    pub(crate) fn listen(error: std::io::Error) -> Self {
        Self(Kind::Listen(error))
    }

    pub(crate) fn thread(error: std::io::Error) -> Self {
        Self(Kind::Thread(error))
    }

    pub(crate) fn engine(error: impl std::fmt::Display) -> Self {
        Self(Kind::Engine(error.to_string()))
    }

    pub(crate) fn constraint(error: impl std::fmt::Display) -> Self {
        Self(Kind::Constraint(error.to_string()))
    }

    #[cfg(feature = "gguf")]
    pub(crate) fn model(file: &Path, why: &str) -> Self {
        let (file, why) = (file.to_owned(), why.to_owned());
        Self(Kind::Model { file, why })
    }

    /// Whether a model could not be loaded.
    #[cfg(feature = "gguf")]
    pub fn is_model(&self) -> bool {
        matches!(self.0, Kind::Model { .. })
    }

    /// Whether the engine does not take the constraint, or finds no way on under it.
    pub fn is_constraint(&self) -> bool {
        matches!(self.0, Kind::Constraint(_))
    }

    /// Whether the address is one that other machines reach, which was not allowed.
    pub fn is_not_loopback(&self) -> bool {
        matches!(self.0, Kind::NotLoopback(_))
    }

    /// Whether the address could not be listened on: taken, or not of this machine.
    pub fn is_listen(&self) -> bool {
        matches!(self.0, Kind::Listen(_))
    }
}
