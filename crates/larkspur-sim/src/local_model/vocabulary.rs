//! The tokens of a model, as the engine needs them.

use std::sync::Arc;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use llguidance::toktrie::{TokRxInfo, TokTrie, TokenId, TokenizerEnv};

/// A model's own tokenizer, and the trie of its tokens.
pub(super) struct Vocabulary {
    model: Arc<LlamaModel>,
    trie: TokTrie,
}

impl Vocabulary {
    /// The vocabulary of a model; or what is wrong with it.
    pub(super) fn of(model: &Arc<LlamaModel>) -> Result<Self, String> {
        let vocabulary = model.vocab();
        let size = u32::try_from(vocabulary.n_tokens()).unwrap_or_default();
        let ends: Vec<LlamaToken> = vocabulary
            .tokens()
            .filter(|token| vocabulary.is_eog(*token))
            .collect();
        let ends = ids(&ends);
        let Some(end) = ends.first() else {
            return Err("its vocabulary has no token that ends a text".to_owned());
        };
        let words: Vec<Vec<u8>> = vocabulary
            .tokens()
            .map(|token| {
                let word = vocabulary.token_to_piece(token, true, None);
                if vocabulary.is_control(token) || vocabulary.is_eog(token) {
                    // Marked, so that a text which spells it is not taken for it.
                    let marked = [TokTrie::SPECIAL_TOKEN_MARKER].into_iter().chain(word);
                    return marked.collect();
                }
                word
            })
            .collect();
        let trie = TokTrie::from(&TokRxInfo::new(size, *end), &words).with_eos_tokens(&ends);
        Ok(Self {
            model: Arc::clone(model),
            trie,
        })
    }
}

impl TokenizerEnv for Vocabulary {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    /// As the model would have cut the text; where its tokenizer adds something (a space before the first word), from the trie.
    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        let own = ids(&self.model.vocab().tokenize(bytes, false, false));
        if self.trie.decode_raw(&own) == bytes {
            own
        } else {
            self.trie.greedy_tokenize(bytes)
        }
    }
}

/// The ids as the engine writes them; llama.cpp has none below 0 in a text.
pub(super) fn ids(tokens: &[LlamaToken]) -> Vec<TokenId> {
    let ids = tokens.iter().map(|token| TokenId::try_from(token.0));
    ids.filter_map(Result::ok).collect()
}
