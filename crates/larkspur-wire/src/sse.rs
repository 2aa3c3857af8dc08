//! Server-sent events: bytes, however they are cut, to events.

use std::borrow::Cow;
use std::fmt;
use std::mem;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SseEvent {
    /// What the `event` line says, if there is one. Chat has none; Responses repeats the `type` of its data there.
    pub name: Option<String>,
    /// The `data` lines, joined with LF.
    pub data: String,
}

impl SseEvent {
    /// Whether this is the `[DONE]` with which Chat ends its streams.
    pub fn is_done(&self) -> bool {
        self.data == "[DONE]"
    }
}

/// Takes a stream apart into events.
///
/// Lines end in LF, CRLF or CR; lines that begin with a colon are comments; an event ends with an empty line, and one without
/// data is none (WHATWG HTML, 9.2.6 "Interpreting an event stream"). Bytes that are not UTF-8 become U+FFFD, as there. The time
/// is linear in the bytes, and what is kept are those of one event.
///
/// ```
/// use larkspur_wire::SseDecoder;
///
/// let mut decoder = SseDecoder::default();
/// assert!(decoder.push(b": hello\r\ndata: {\"a\":")?.is_empty());
/// let events = decoder.push(b" 1}\r\n\r\ndata: [DO")?;
/// assert_eq!(events[0].data, r#"{"a": 1}"#);
/// assert!(decoder.is_mid_event());
/// # Ok::<(), larkspur_wire::EventTooLong>(())
/// ```
#[derive(Debug, Clone)]
pub struct SseDecoder {
    max_event_bytes: usize,
    /// The line that is being read.
    line: Vec<u8>,
    event: SseEvent,
    /// Whether the event has a `data` line, if only an empty one.
    has_data: bool,
    after_cr: bool,
    /// Nothing was read yet: a byte order mark may come.
    at_start: bool,
}

impl Default for SseDecoder {
    /// Events of at most 16 MiB.
    fn default() -> Self {
        Self::with_max_event_bytes(16 << 20)
    }
}

/// An event is longer than the decoder was told to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventTooLong {
    /// The limit, in bytes.
    pub limit: usize,
}

impl fmt::Display for EventTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an event of the stream is longer than {} bytes",
            self.limit
        )
    }
}

impl std::error::Error for EventTooLong {}

impl SseDecoder {
    /// A decoder that refuses events with more bytes than this in their lines.
    pub fn with_max_event_bytes(max_event_bytes: usize) -> Self {
        Self {
            max_event_bytes,
            line: Vec::new(),
            event: SseEvent::default(),
            has_data: false,
            after_cr: false,
            at_start: true,
        }
    }

    /// Reads on; the events that end in these bytes.
    ///
    /// # Errors
    ///
    /// An event is too long. What was kept of it is forgotten.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<SseEvent>, EventTooLong> {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            if mem::take(&mut self.after_cr) && bytes.first() == Some(&b'\n') {
                bytes = bytes.get(1..).unwrap_or_default();
                continue;
            }
            let end = memchr::memchr2(b'\n', b'\r', bytes);
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len() + self.event.data.len() + part.len() > self.max_event_bytes {
                let limit = self.max_event_bytes;
                *self = Self::with_max_event_bytes(limit);
                return Err(EventTooLong { limit });
            }
            let Some((end, rest)) = rest.split_first() else {
                self.line.extend_from_slice(part);
                break;
            };
            self.after_cr = *end == b'\r';
            bytes = rest;
            // A line that came in one piece, as nearly all do, is read where it is.
            events.extend(if self.line.is_empty() {
                self.end_line(part)
            } else {
                let mut line = mem::take(&mut self.line);
                line.extend_from_slice(part);
                self.end_line(&line)
            });
        }
        Ok(events)
    }

    /// Whether an event has begun and not ended: a stream that stops here was cut.
    pub fn is_mid_event(&self) -> bool {
        !self.line.is_empty() || self.has_data
    }

    /// Takes the line that has ended; an empty one ends the event.
    fn end_line(&mut self, line: &[u8]) -> Option<SseEvent> {
        let text =
            str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
        let mut text = text.as_ref();
        if mem::take(&mut self.at_start) {
            text = text.strip_prefix('\u{feff}').unwrap_or(text);
        }
        if text.is_empty() {
            let event = mem::take(&mut self.event);
            return mem::take(&mut self.has_data).then_some(event);
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            "event" => self.event.name = Some(value.to_owned()),
            // A comment, or a field that says how to connect again (`id`, `retry`), which these APIs do not use.
            _ => {}
        }
        None
    }
}
