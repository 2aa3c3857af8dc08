//! One text being read and written by a model.

use std::num::NonZeroU32;
use std::thread;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use llguidance::toktrie::TokenId;

use crate::engine::EngineError;

/// Tokens that are read at once.
const BATCH: u16 = 512;

pub(super) struct Session<'m> {
    context: LlamaContext<'m>,
    /// Tokens read so far.
    read: usize,
    /// Tokens that can be read.
    size: usize,
}

impl<'m> Session<'m> {
    /// A session for as many tokens, or for as many as the model was trained for.
    pub(super) fn new(
        backend: &LlamaBackend,
        model: &'m LlamaModel,
        tokens: usize,
    ) -> Result<Self, EngineError> {
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        let size = tokens.min(model.n_ctx_train());
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let threads = i32::try_from(threads).unwrap_or(1);
        let settings = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size))
            .with_n_batch(u32::from(BATCH))
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model.new_context(backend, settings);
        Ok(Self {
            context: context.map_err(EngineError::model)?,
            read: 0,
            size: usize::try_from(size).unwrap_or(usize::MAX),
        })
    }

    /// Tokens for which there is room.
    pub(super) fn room(&self) -> usize {
        self.size.saturating_sub(self.read)
    }

    /// Reads on. At least one token.
    pub(super) fn read(&mut self, tokens: &[TokenId]) -> Result<(), EngineError> {
        let mut left = tokens.len();
        for some in tokens.chunks(usize::from(BATCH)) {
            let mut batch = LlamaBatch::new(some.len(), 1);
            for token in some {
                left -= 1;
                let token = i32::try_from(*token).map_err(EngineError::model)?;
                let place = i32::try_from(self.read).map_err(EngineError::model)?;
                batch
                    .add(LlamaToken::new(token), place, &[0], left == 0)
                    .map_err(EngineError::model)?;
                self.read += 1;
            }
            self.context
                .decode(&mut batch)
                .map_err(EngineError::model)?;
        }
        Ok(())
    }

    /// How likely each token is to come next, as logarithms up to a constant. To be asked once something was read.
    pub(super) fn chances(&self) -> &[f32] {
        self.context.get_logits_ith(-1)
    }
}
