//! A real model in a GGUF file, through llama.cpp.
//!
//! The model says how likely each token is, the engine which may come: what is written is the likeliest text that the constraint admits, one
//! token at a time, or one drawn by these chances where the request asks for a temperature. Tokens that have no alternative are
//! not chosen, only read.

mod sampler;
mod session;
mod vocabulary;

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};
use llama_cpp_2::{LogOptions, send_logs_to_tracing};
use llguidance::toktrie::{TokEnv, TokenId};

use crate::dialogue::{Dialogue, Said, Speaker};
use crate::engine::{Engine, EngineError, Rule};
use crate::error::Error;
use crate::writer::{self, Draft};

use sampler::Sampler;
use session::Session;
use vocabulary::Vocabulary;

/// Tokens of one answer at most, whatever the request allows: a small model that comes to no end says nothing new by then.
const MAX_TOKENS: usize = 1_024;
/// Time for one answer, once it is its turn.
const TIME: Duration = Duration::from_secs(120);
/// How a model without a template of its own, or with one that llama.cpp does not know, is told who says what.
const USUAL_TEMPLATE: &str = "chatml";

/// A model in a GGUF file, which writes the answers of a [`Sim`](crate::Sim) under every constraint. Clones share it.
///
/// One answer is written at a time, with all cores. It is shown the texts of the conversation, and neither schemas nor tools nor images.
///
/// ```no_run
/// use larkspur_sim::{LocalModel, Sim};
///
/// let model = LocalModel::open("SmolLM2-135M-Instruct.Q4_1.gguf")?;
/// let sim = Sim::builder().model(model).start()?;
/// # Ok::<(), larkspur_sim::Error>(())
/// ```
#[derive(Clone)]
pub struct LocalModel(Arc<Loaded>);

struct Loaded {
    path: PathBuf,
    backend: &'static LlamaBackend,
    model: Arc<LlamaModel>,
    vocabulary: TokEnv,
    engine: Engine,
    template: LlamaChatTemplate,
    /// Two contexts must not be made at once, and two answers would only share the cores.
    turn: Mutex<()>,
}

/// What the model is to write.
pub(crate) struct Task<'a> {
    pub(crate) dialogue: &'a Dialogue,
    /// Any text without one.
    pub(crate) rule: Option<&'a Rule>,
    pub(crate) temperature: Option<f64>,
    pub(crate) seed: u64,
    pub(crate) max_bytes: usize,
}

impl LocalModel {
    /// Loads a model. A small one takes a second, most of which its vocabulary takes.
    ///
    /// The file is trusted: llama.cpp refuses what it does not know, but is not made for files that mean harm.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is no GGUF file, or is not of a model that llama.cpp knows.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let refused = |why: &str| Error::model(path, why);
        check_file(path).map_err(|why| refused(&why))?;
        let backend = backend().ok_or_else(|| refused("llama.cpp is in use already"))?;
        let model = LlamaModel::load_from_file(backend, path, &LlamaModelParams::default())
            .map_err(|error| refused(&format!("llama.cpp does not load it: {error}")))?;
        let model = Arc::new(model);
        let vocabulary = Vocabulary::of(&model).map_err(|why| refused(&why))?;
        let vocabulary: TokEnv = Arc::new(vocabulary);
        let engine = Engine::of_tokens(&vocabulary).map_err(Error::engine)?;
        let template = template(&model).ok_or_else(|| refused("it has no usable template"))?;
        Ok(Self(Arc::new(Loaded {
            path: path.to_owned(),
            backend,
            model,
            vocabulary,
            engine,
            template,
            turn: Mutex::new(()),
        })))
    }

    /// Writes one text.
    pub(crate) fn write(&self, task: &Task<'_>) -> Result<Draft, EngineError> {
        let turn = &self.0.turn;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let prompt = self.0.prompt(task.dialogue)?;
        let session = Session::new(self.0.backend, &self.0.model, prompt.len() + MAX_TOKENS)?;
        self.0.write(task, prompt, session)
    }
}

impl Loaded {
    /// The conversation as the model was trained to read it.
    fn prompt(&self, dialogue: &Dialogue) -> Result<Vec<TokenId>, EngineError> {
        let said: Result<Vec<LlamaChatMessage>, _> = dialogue
            .iter()
            .filter(|said| !said.text.is_empty())
            .map(message)
            .collect();
        let said = said.map_err(EngineError::model)?;
        let text = self.model.apply_chat_template(&self.template, &said, true);
        let text = text.map_err(EngineError::model)?;
        let tokens = self.model.vocab().tokenize(text.as_bytes(), true, true);
        let tokens = vocabulary::ids(&tokens);
        let room = usize::try_from(self.model.n_ctx_train()).unwrap_or(usize::MAX);
        if tokens.len() >= room {
            return Err(EngineError::window(room, tokens.len()));
        }
        Ok(tokens)
    }

    fn write(
        &self,
        task: &Task<'_>,
        prompt: Vec<TokenId>,
        mut session: Session<'_>,
    ) -> Result<Draft, EngineError> {
        let deadline = Instant::now() + TIME;
        let rule = task.rule.map_or_else(Rule::any_text, Rule::on_one_line);
        let mut guide = self.engine.guide(&rule)?;
        let mut sampler = Sampler::new(task.temperature, task.seed);
        let trie = self.vocabulary.tok_trie();
        let mut unread = prompt;
        let mut bytes = Vec::new();
        let finished = loop {
            let forced = guide.forced_tokens();
            bytes.extend(trie.decode_raw(&forced));
            unread.extend(forced);
            if guide.is_finished() {
                break true;
            }
            if bytes.len() > task.max_bytes || session.room() < unread.len() {
                break false;
            }
            if Instant::now() > deadline {
                return Err(EngineError::time());
            }
            session.read(&unread)?;
            let mask = guide.token_mask()?;
            let token = sampler.choose(session.chances(), &mask);
            let Some(token) = token.filter(|token| !trie.eos_tokens().contains(token)) else {
                break token.is_some();
            };
            guide.push_token(token)?;
            bytes.extend_from_slice(trie.token(token));
            unread = vec![token];
        };
        guide.give_back();
        let draft = writer::cut(writer::text_of(bytes), task.max_bytes);
        let finished = finished && draft.finished;
        Ok(Draft { finished, ..draft })
    }
}

impl fmt::Debug for LocalModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalModel")
            .field("path", &self.0.path)
            .finish_non_exhaustive()
    }
}

/// llama.cpp is started once in a process, and says what it has to say through `tracing`.
fn backend() -> Option<&'static LlamaBackend> {
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    let started = BACKEND.get_or_init(|| {
        send_logs_to_tracing(LogOptions::default());
        LlamaBackend::init().ok()
    });
    started.as_ref()
}

/// What llama.cpp itself does not tell apart: no file, and a file of another kind.
fn check_file(path: &Path) -> Result<(), String> {
    let mut magic = [0; 4];
    let file = File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(4).read(&mut magic);
    let read = read.map_err(|error| error.to_string())?;
    if read < 4 || &magic != b"GGUF" {
        return Err("it is no GGUF file".to_owned());
    }
    Ok(())
}

/// The model's own template, if llama.cpp knows it.
fn template(model: &LlamaModel) -> Option<LlamaChatTemplate> {
    let probe = [LlamaChatMessage::new("user".to_owned(), "?".to_owned()).ok()?];
    let own = model.chat_template(None).ok();
    let known = own.filter(|own| model.apply_chat_template(own, &probe, true).is_ok());
    known.or_else(|| LlamaChatTemplate::new(USUAL_TEMPLATE).ok())
}

fn message(said: &Said) -> Result<LlamaChatMessage, impl fmt::Display> {
    let role = match said.by {
        Speaker::Program => "system",
        Speaker::User | Speaker::Tool => "user",
        Speaker::Model => "assistant",
    };
    // The text goes to C, where NUL would be its end.
    LlamaChatMessage::new(role.to_owned(), said.text.replace('\0', "\u{fffd}"))
}
