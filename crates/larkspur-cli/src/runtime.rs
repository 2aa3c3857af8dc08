//! The async runtime, for the verbs that talk to a network.

use std::future::Future;

use crate::exit::Failure;

/// Runs a future to its end.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map(|runtime| runtime.block_on(future))
        .map_err(|error| Failure::new(format_args!("the async runtime did not start: {error}")))
}
