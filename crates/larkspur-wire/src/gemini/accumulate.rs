//! The chunks of a stream to the answer they tell of.

use serde_json::Value;

use crate::error::ErrorBody;
use crate::gemini::{Candidate, Content, Part, Response};
use crate::sse::SseEvent;
use crate::stream::{Delta, StreamError};

/// Puts an answer together from its chunks: each is an answer with the parts that are new.
///
/// Texts that follow one another are one part, and so are thoughts; what bears a signature stays apart, as it has to be sent back;
/// calls come whole. There is no last event: the stream is over when the connection is, and an answer is whole when the server has said
/// why the model stopped.
///
/// ```
/// use larkspur_wire::SseDecoder;
/// use larkspur_wire::gemini::Accumulator;
///
/// let mut accumulator = Accumulator::default();
/// let stream = br#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]}}]}
///
/// data: {"candidates":[{"content":{"role":"model","parts":[{"text":"lo"}]},"finishReason":"STOP"}]}
///
/// "#;
/// for event in SseDecoder::default().push(stream)? {
///     accumulator.push(&event)?;
/// }
/// assert_eq!(accumulator.finish()?.text(), "Hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Accumulator {
    response: Response,
    events: u64,
    ended: bool,
}

/// More parts than an answer may have.
const MAX_PARTS: usize = 10_000;

/// More answers than a response may have.
const MAX_CANDIDATES: usize = 64;

impl Accumulator {
    /// Takes the next event of a stream. What it adds to the first answer comes back.
    ///
    /// # Errors
    ///
    /// The event is no chunk, or is an error of the server.
    pub fn push(&mut self, event: &SseEvent) -> Result<Vec<Delta>, StreamError> {
        // Gateways end their streams as Chat does.
        if event.is_done() {
            self.ended = true;
            return Ok(Vec::new());
        }
        let is_error = |chunk: &Response| chunk.extra.get("error").is_some_and(|it| !it.is_null());
        match serde_json::from_str(&event.data) {
            Ok(chunk) if !is_error(&chunk) => self.apply(chunk),
            Ok(_) | Err(_) => Err(self.no_chunk(&event.data)),
        }
    }

    /// What is said in place of a chunk.
    fn no_chunk(&self, text: &str) -> StreamError {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => return self.malformed(format!("it is not JSON: {error}")),
        };
        if value.get("error").is_some_and(|error| !error.is_null()) {
            let body = ErrorBody::from_value(value).unwrap_or_default();
            return StreamError::Server(Box::new(body.error));
        }
        let why = serde_json::from_value::<Response>(value).err();
        let why = why.map_or_else(String::new, |error| format!(": {error}"));
        self.malformed(format!("it is no chunk{why}"))
    }

    /// The same for a chunk that has been read.
    ///
    /// # Errors
    ///
    /// The chunk has more answers or parts than a response may have.
    pub fn apply(&mut self, chunk: Response) -> Result<Vec<Delta>, StreamError> {
        let mut deltas = Vec::new();
        for candidate in chunk.candidates {
            let is_first = candidate.index.unwrap_or_default() == 0;
            let new = self.candidate(candidate)?;
            if is_first {
                deltas.extend(new);
            }
        }
        let response = &mut self.response;
        update(&mut response.prompt_feedback, chunk.prompt_feedback);
        update(&mut response.usage_metadata, chunk.usage_metadata);
        update(&mut response.model_version, chunk.model_version);
        update(&mut response.response_id, chunk.response_id);
        response.extra.extend(chunk.extra);
        self.events += 1;
        Ok(deltas)
    }

    /// What is known of the answer so far.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Whether nothing more comes, which the service does not say: its streams end with the connection.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// The whole answer, when the connection has ended.
    ///
    /// # Errors
    ///
    /// The stream was cut before it said why the model stopped.
    pub fn finish(self) -> Result<Response, StreamError> {
        let candidates = &self.response.candidates;
        let stopped = candidates.iter().all(|one| one.finish_reason.is_some());
        if stopped && (!candidates.is_empty() || self.response.prompt_feedback.is_some()) {
            return Ok(self.response);
        }
        Err(StreamError::Cut {
            events: self.events,
        })
    }

    fn candidate(&mut self, new: Candidate) -> Result<Vec<Delta>, StreamError> {
        let index = new.index.unwrap_or_default();
        let known = &mut self.response.candidates;
        let at = known
            .iter()
            .position(|known| known.index.unwrap_or_default() == index);
        if at.is_none() && known.len() >= MAX_CANDIDATES {
            return Err(self.malformed(format!("more than {MAX_CANDIDATES} answers")));
        }
        let at = at.unwrap_or_else(|| {
            known.push(Candidate {
                index: new.index,
                ..Candidate::default()
            });
            known.len() - 1
        });
        let Some(known) = known.get_mut(at) else {
            return Ok(Vec::new());
        };
        update(&mut known.index, new.index);
        update(&mut known.finish_reason, new.finish_reason);
        update(&mut known.finish_message, new.finish_message);
        known.extra.extend(new.extra);
        let Some(said) = new.content else {
            return Ok(Vec::new());
        };
        let content = known.content.get_or_insert_default();
        update(&mut content.role, said.role);
        content.extra.extend(said.extra);
        if content.parts.len() + said.parts.len() > MAX_PARTS {
            return Err(self.malformed(format!("more than {MAX_PARTS} parts")));
        }
        let parts = said.parts.into_iter();
        Ok(parts.filter_map(|part| add(content, part)).collect())
    }

    fn malformed(&self, reason: String) -> StreamError {
        StreamError::Malformed {
            event: self.events,
            reason,
        }
    }
}

/// Takes what came later, if something did.
fn update<T>(known: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *known = new;
    }
}

/// Adds a part; a text goes to the text before it, if that is of the same kind.
fn add(content: &mut Content, part: Part) -> Option<Delta> {
    let delta = match (&part.text, &part.function_call) {
        (Some(text), _) if text.is_empty() => None,
        (Some(text), _) if part.is_thought() => Some(Delta::Reasoning(text.clone())),
        (Some(text), _) => Some(Delta::Text(text.clone())),
        (None, Some(call)) => Some(Delta::Call {
            index: content.calls().count(),
            text: call.arguments(),
        }),
        (None, None) => None,
    };
    match (content.parts.last_mut(), &part.text) {
        (Some(last), Some(text))
            if last.is_plain_text()
                && part.is_plain_text()
                && last.is_thought() == part.is_thought() =>
        {
            last.text.get_or_insert_default().push_str(text);
        }
        _ => content.parts.push(part),
    }
    delta
}
