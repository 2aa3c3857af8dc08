//! Whole exchanges, recorded so that they can be had again without a network.

mod difference;
mod mask;
mod tape;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::error::{Error, Kind};
use crate::lines::Lines;
use crate::secret::Credentials;

use self::mask::Mask;

/// Bytes of one line, at most.
const LONGEST_LINE: usize = 64 << 20;

/// Exchanges with a server, recorded while they happen or played again without one.
///
/// Recording writes one line of JSON for each answer of a server, whatever its status, streams in the pieces in which they came: method, path,
/// body of the request, status, and of the headers of the answer those that a client reads. Headers of requests are not written at all, and keys
/// and the values of secret headers are taken out of everything that is. What else must not be kept is for [`mask`](Self::mask) and
/// [`mask_fields`](Self::mask_fields) to say.
/// Attempts to which nobody answered are not written.
///
/// Playing gives, for a request with the same method, path and JSON (in whatever order its members are), what was answered then; the same
/// request several times gets the answers in the order in which they came, so what was sent again is sent again. What was not
/// recorded is an error that says how the nearest recorded request differs.
///
/// ```
/// use larkspur_client::{Cassette, Client};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recorded = r#"{"method":"GET","path":"models","status":200,"headers":{"content-type":"application/json"},"body":["{\"object\":\"list\",\"data\":[]}"]}"#;
/// let client = Client::builder().cassette(Cassette::replay(recorded)?).build()?;
/// assert!(client.models().await?.data.is_empty());
///
/// let error = client.responses("gpt-5.2").input("Hello?").send().await.unwrap_err();
/// assert!(error.is_not_recorded());
/// # Ok(())
/// # }
/// ```
///
/// A [`Recorder`](crate::Recorder) keeps the texts of answers for tests of a reader; this keeps exchanges for tests of a program.
#[derive(Clone)]
pub struct Cassette {
    mode: Mode,
    mask: Mask,
}

#[derive(Clone)]
enum Mode {
    Record(Lines),
    Replay(Arc<Mutex<Vec<Recorded>>>),
}

/// An exchange, and whether it was played.
struct Recorded {
    exchange: Exchange,
    line: usize,
    played: bool,
}

/// A line.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Exchange {
    method: String,
    /// Below the base URL.
    path: String,
    /// JSON as it is, everything else as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<Value>,
    status: u16,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
    /// The pieces in which the body came.
    body: Vec<String>,
    /// The connection broke behind them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    broken: bool,
}

impl Cassette {
    /// Records to this sink, in the task that reads the answer.
    pub fn record(sink: impl Write + Send + 'static) -> Self {
        Self::new(Mode::Record(Lines::new(sink)))
    }

    fn new(mode: Mode) -> Self {
        Self {
            mode,
            mask: Mask::default(),
        }
    }

    /// Plays what was recorded. Blank lines are passed over.
    ///
    /// # Errors
    ///
    /// A line is no exchange.
    pub fn replay(lines: &str) -> Result<Self, Error> {
        let mut recorded = Vec::new();
        for (at, line) in lines.lines().enumerate() {
            let line_number = at + 1;
            if line.trim().is_empty() {
                continue;
            }
            if line.len() > LONGEST_LINE {
                let message = format!(
                    "line {line_number} of the cassette is longer than {LONGEST_LINE} bytes"
                );
                return Err(Error::config(message));
            }
            let exchange = serde_json::from_str(line).map_err(|error| {
                Error::config(format!(
                    "line {line_number} of the cassette is no exchange: {error}"
                ))
            })?;
            recorded.push(Recorded {
                exchange,
                line: line_number,
                played: false,
            });
        }
        Ok(Self::new(Mode::Replay(Arc::new(Mutex::new(recorded)))))
    }

    /// Changes each text before it is written: paths, bodies and values of headers, as they travel, so a body of JSON has its quotes escaped. One holds,
    /// the last. To play what was recorded so, it has to be given again: what is asked for is changed in the same way before it is looked for.
    ///
    /// What a model says in a stream comes in pieces, and a name that two of them share is found in neither.
    ///
    /// ```
    /// # use larkspur_client::Cassette;
    /// let file = Vec::new();
    /// let cassette = Cassette::record(file).mask(|text| text.replace("Ada Lovelace", "A Person")).mask_fields(["user", "metadata"]);
    /// ```
    pub fn mask(mut self, change: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.mask.change = Some(Arc::new(change));
        self
    }

    /// Has nothing written of the members with these names, anywhere in the JSON of requests, answers and events of streams: texts become
    /// `[masked]`, numbers 0, and what is made of them keeps its shape. What a model writes as text is text, even where it is JSON: that is for
    /// [`mask`](Self::mask). To play what was recorded so, the same names have to be given.
    pub fn mask_fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.mask.fields.extend(names.into_iter().map(Into::into));
        self
    }

    /// How many exchanges were recorded, or are left to be played, by all clones together.
    pub fn len(&self) -> usize {
        match &self.mode {
            Mode::Record(lines) => lines.written(),
            Mode::Replay(recorded) => {
                let recorded = lock(recorded);
                recorded.iter().filter(|recorded| !recorded.played).count()
            }
        }
    }

    /// Nothing was recorded, or everything was played.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Flushes the sink that is recorded to.
    ///
    /// # Errors
    ///
    /// The first failure of the sink since the last call. After one nothing more was written; after this call it is tried again.
    pub fn finish(&self) -> io::Result<()> {
        match &self.mode {
            Mode::Record(lines) => lines.finish(),
            Mode::Replay(_) => Ok(()),
        }
    }

    /// No server is asked.
    pub(crate) fn plays(&self) -> bool {
        matches!(self.mode, Mode::Replay(_))
    }

    /// The answer to a call, where it is played; `None` where a server is to be asked.
    pub(crate) fn play(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Option<Result<reqwest::Response, Error>> {
        let Mode::Replay(recorded) = &self.mode else {
            return None;
        };
        let asked = Asked::of(call, credentials, &self.mask);
        let mut recorded = lock(recorded);
        let found = recorded
            .iter_mut()
            .find(|recorded| !recorded.played && asked.is(&recorded.exchange));
        Some(match found {
            Some(found) => {
                found.played = true;
                tape::response(&found.exchange)
            }
            None => Err(asked.is_missing(&recorded)),
        })
    }

    /// Records an answer while it is read, where that is wanted.
    pub(crate) fn hear(
        &self,
        call: &Call,
        response: reqwest::Response,
        credentials: &Credentials,
    ) -> reqwest::Response {
        match &self.mode {
            Mode::Record(lines) => {
                let asked = Asked::of(call, credentials, &self.mask);
                let clean = (self.mask.clone(), credentials.clone());
                tape::tee(asked, response, lines.clone(), clean)
            }
            Mode::Replay(_) => response,
        }
    }
}

/// What is asked for, as it is recorded and compared.
#[derive(Debug)]
struct Asked {
    method: String,
    path: String,
    request: Option<Value>,
}

impl Asked {
    fn of(call: &Call, credentials: &Credentials, mask: &Mask) -> Self {
        let request = call.body.as_ref().map(|body| {
            let text = mask.clean(&String::from_utf8_lossy(body), credentials);
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        });
        Self {
            method: call.method.to_string(),
            path: mask.clean(&call.path, credentials),
            request,
        }
    }

    /// Whether that is what was recorded. Members of objects have no order here.
    fn is(&self, exchange: &Exchange) -> bool {
        self.is_to(exchange) && self.request == exchange.request
    }

    fn is_to(&self, exchange: &Exchange) -> bool {
        self.method == exchange.method && self.path == exchange.path
    }

    /// Says what there is in its place.
    fn is_missing(&self, recorded: &[Recorded]) -> Error {
        let what = format!("{} {}", self.method, self.path);
        let played = recorded.iter().filter(|one| self.is(&one.exchange)).count();
        let message = if played > 0 {
            let times = if played == 1 { "once" } else { "several times" };
            format!("this {what} was recorded {times}, and is asked for once more")
        } else {
            let alike = recorded.iter().filter(|one| self.is_to(&one.exchange));
            let differences = alike.map(|one| {
                let found =
                    difference::between(one.exchange.request.as_ref(), self.request.as_ref());
                (found.len(), one.line, found)
            });
            match differences.min_by_key(|(count, line, _)| (*count, *line)) {
                None => format!("no {what} was recorded"),
                Some((count, line, found)) => {
                    let first = found.first().cloned().unwrap_or_default();
                    let more = match count {
                        0 | 1 => String::new(),
                        count => format!(", and in {} more places", count - 1),
                    };
                    format!(
                        "this {what} was not recorded; the nearest is line {line}, which differs {first}{more}"
                    )
                }
            }
        };
        Error::new(Kind::NotRecorded { message })
    }
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cassette")
            .field("plays", &self.plays())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// A poisoned lock here guards plain data that is whole at every step, so the data is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
