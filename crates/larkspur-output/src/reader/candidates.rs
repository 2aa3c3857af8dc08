//! Where in a text its value may be: the whole of it, a code block, something in prose.

use larkspur_json::{
    Error, Kind, Lenient, Limits, Node, Repair, RepairKind, Repaired, Span, Unreadable,
};

/// How likely it is that a candidate is what was asked for; the first are taken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The whole text.
    Whole,
    /// A code block.
    Fenced,
    /// An object or array in prose.
    Prose,
    /// An array of words, or nothing but brackets, in prose.
    Weak,
}

/// A value that may be the one.
pub(super) struct Candidate<'t> {
    pub(super) read: Repaired<'t>,
    pub(super) tier: Tier,
    /// Only a comma stands between it and the candidate before it: the elements of a list without its brackets.
    pub(super) follows_comma: bool,
}

/// The values in a text.
pub(super) struct Candidates<'t> {
    pub(super) found: Vec<Candidate<'t>>,
    /// The broken one that was read furthest.
    pub(super) broken: Option<Unreadable>,
}

/// Most candidates of one text.
const MOST: usize = 1_000;

/// What attempts that fail may cost, in bytes looked at for each byte of the text.
const MOST_EFFORT: usize = 16;

/// How far around a value to look for a key, in characters.
const LOOK: usize = 256;

struct Finder<'a, 't> {
    text: &'t str,
    lenient: &'a Lenient<'t>,
    found: Vec<Candidate<'t>>,
    broken: Option<Unreadable>,
    effort: usize,
    fenced: bool,
    /// Something that looks like JSON, could not be read, and has not been closed since.
    enclosure: Option<Enclosure>,
}

/// How deep inside a broken value a place is, by its brackets.
struct Enclosure {
    at: usize,
    depth: usize,
    quoted: bool,
}

impl Enclosure {
    /// Counts brackets up to `to`; whether one is open there.
    fn reaches(&mut self, text: &str, to: usize) -> bool {
        let passed = text.as_bytes().get(self.at..to).unwrap_or_default();
        let mut escaped = false;
        for byte in passed {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'\n' => self.quoted = false,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth == 0 {
                return false;
            }
        }
        self.at = to;
        true
    }
}

/// Whether what a bracket opens begins as JSON does, and not as prose.
fn looks_like_json(rest: &str) -> bool {
    let inside = rest.get(1..).unwrap_or_default().trim_start();
    let word = inside
        .trim_start_matches(|character: char| character.is_alphanumeric() || character == '_');
    inside.starts_with(['"', '\'', '{', '[']) || word.len() < inside.len() && word.starts_with(':')
}

/// Finds the values in a text.
pub(super) fn find<'t>(text: &'t str, limits: &Limits) -> Result<Candidates<'t>, Error> {
    let lenient = Lenient::new(text, limits)?;
    let whole = lenient.whole(Span::new(0, text.len()));
    let broken = match whole {
        Ok(read) => {
            let candidate = Candidate {
                read,
                tier: Tier::Whole,
                follows_comma: false,
            };
            return Ok(Candidates {
                found: vec![candidate],
                broken: None,
            });
        }
        Err(unreadable) if unreadable.is_limit() => return Err(unreadable.into_error(text)),
        Err(unreadable) => unreadable,
    };
    let mut finder = Finder {
        text,
        lenient: &lenient,
        found: Vec::new(),
        broken: None,
        effort: 0,
        fenced: false,
        enclosure: None,
    };
    finder.search(after_thoughts(text))?;
    let broken = finder.broken.or(Some(broken));
    Ok(Candidates {
        found: finder.found,
        broken,
    })
}

/// Reasoning models put their thoughts first, in tags.
fn after_thoughts(text: &str) -> usize {
    const TAGS: [(&str, &str); 2] = [("<think>", "</think>"), ("<thinking>", "</thinking>")];
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..).unwrap_or_default();
    let end = TAGS.iter().find_map(|(open, close)| {
        rest.starts_with(open)
            .then(|| rest.find(close).map(|place| start + place + close.len()))?
    });
    end.unwrap_or(0)
}

impl<'t> Finder<'_, 't> {
    fn search(&mut self, from: usize) -> Result<(), Error> {
        let mut at = from;
        while let Some(next) = self.next_mark(at) {
            let rest = self.text.get(next..).unwrap_or_default();
            at = if rest.starts_with("```") {
                self.fence(next)?
            } else if rest.starts_with('`') {
                next + 1
            } else {
                self.value(next)?
            };
            let most = self.text.len().saturating_mul(MOST_EFFORT).max(1 << 16);
            if self.found.len() >= MOST || self.effort > most {
                break;
            }
        }
        Ok(())
    }

    /// The next bracket or backtick.
    fn next_mark(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        rest.find(['{', '[', '`']).map(|place| at + place)
    }

    /// Passes the marks of a code block. A value other than an object or array can begin right after them.
    fn fence(&mut self, at: usize) -> Result<usize, Error> {
        let rest = self.text.get(at..).unwrap_or_default();
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        self.fenced = !self.fenced;
        if !self.fenced {
            return Ok(at + ticks);
        }
        let is_info = |character: char| {
            character.is_alphanumeric() || matches!(character, '_' | '-' | '+' | '.')
        };
        let after = rest.get(ticks..).unwrap_or_default();
        let info = after.len() - after.trim_start_matches(is_info).len();
        let content = after.get(info..).unwrap_or_default();
        let is_line = content
            .trim_start_matches([' ', '\t', '\r'])
            .starts_with('\n');
        let start = at
            + ticks
            + if is_line || content.starts_with(['{', '[', '(']) {
                info
            } else {
                0
            };
        let inside = self.text.get(start..).unwrap_or_default();
        let start = start + (inside.len() - inside.trim_start().len());
        let begins = self.text.get(start..).and_then(|rest| rest.chars().next());
        match begins {
            Some('{' | '[' | '`') | None => Ok(start),
            Some(_) => self.value(start).map(|end| end.max(start)),
        }
    }

    /// Reads the value that may begin here; where to go on.
    fn value(&mut self, at: usize) -> Result<usize, Error> {
        let is_container = self
            .text
            .get(at..)
            .is_some_and(|rest| rest.starts_with(['{', '[', '(']));
        match self.lenient.value_at(at) {
            Ok(read) => {
                let end = read.span.end.max(at + 1);
                if self.is_enclosed(at) {
                    return Ok(end);
                }
                if let Some(unreadable) = self.belongs_to_more(&read) {
                    self.keep_broken(unreadable);
                } else if self.fenced && self.ends_block(end) || is_container {
                    self.push(read);
                }
                Ok(end)
            }
            Err(unreadable) if unreadable.is_limit() => Err(unreadable.into_error(self.text)),
            Err(unreadable) => {
                self.effort += unreadable.reached() - at.min(unreadable.reached());
                let next = if is_container {
                    unreadable.at().max(at + 1)
                } else {
                    at
                };
                if is_container {
                    self.enclose(at);
                    self.keep_broken(unreadable);
                }
                Ok(next)
            }
        }
    }

    /// Remembers a broken value, so that its parts are not taken for the whole.
    fn enclose(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        if !self.is_enclosed(at) && looks_like_json(rest) {
            self.enclosure = Some(Enclosure {
                at: at + 1,
                depth: 1,
                quoted: false,
            });
        }
    }

    fn is_enclosed(&mut self, at: usize) -> bool {
        let text = self.text;
        let is_inside = self
            .enclosure
            .as_mut()
            .is_some_and(|broken| broken.reaches(text, at));
        if !is_inside {
            self.enclosure = None;
        }
        is_inside
    }

    fn push(&mut self, read: Repaired<'t>) {
        if !self.fenced && is_prose(&read) {
            return;
        }
        let tier = if self.fenced {
            Tier::Fenced
        } else if is_weak(&read) {
            Tier::Weak
        } else {
            Tier::Prose
        };
        let follows_comma = self.found.last().is_some_and(|last| {
            let (after, repairs) = self.lenient.rest_at(last.read.span.end);
            after >= read.span.start
                && repairs
                    .iter()
                    .any(|repair| repair.kind == RepairKind::ExtraComma)
        });
        self.found.push(Candidate {
            read,
            tier,
            follows_comma,
        });
    }

    fn keep_broken(&mut self, unreadable: Unreadable) {
        if self
            .broken
            .as_ref()
            .is_none_or(|kept| kept.at() < unreadable.at())
        {
            self.broken = Some(unreadable);
        }
    }

    fn ends_block(&self, end: usize) -> bool {
        let (after, _) = self.lenient.rest_at(end);
        self.text
            .get(after..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("```"))
    }

    /// Members that follow the value, or a key before it, say that it is a part of something broken.
    fn belongs_to_more(&self, read: &Repaired<'t>) -> Option<Unreadable> {
        let (after, between) = self.lenient.rest_at(read.span.end);
        let rest = self.text.get(after..).unwrap_or_default();
        let has_comma = between
            .iter()
            .any(|repair| repair.kind == RepairKind::ExtraComma);
        let goes_on = has_comma && rest.starts_with('"')
            || rest.strip_prefix('"').is_some_and(|rest| {
                let mut key = rest.chars().take(LOOK);
                key.find(|character| matches!(character, '"' | '\n')) == Some('"')
                    && key.find(|character| !character.is_whitespace()) == Some(':')
            });
        let before = self.text.get(..read.span.start).unwrap_or_default();
        let mut before = before
            .chars()
            .rev()
            .take(LOOK)
            .filter(|character| !character.is_whitespace());
        let follows_key = before.next() == Some(':')
            && before.next() == Some('"')
            && before.find(|character| *character == '"').is_some()
            && before
                .next()
                .is_none_or(|character| matches!(character, '{' | ','));
        (goes_on || follows_key).then(|| Unreadable::trailing(self.text, after))
    }
}

/// Brackets are common in prose: `[1]`, `{}`.
fn is_weak(read: &Repaired<'_>) -> bool {
    match &read.node.kind {
        Kind::Array(elements) => elements.len() < 2 && !elements.iter().any(is_container),
        Kind::Object(object) => object.is_empty(),
        _ => true,
    }
}

/// `[see below]`, and brackets that are never closed.
fn is_prose(read: &Repaired<'_>) -> bool {
    let has_words = || {
        read.repairs
            .iter()
            .any(|repair| repair.kind == RepairKind::BareString)
    };
    let is_list =
        matches!(&read.node.kind, Kind::Array(elements) if !elements.iter().any(is_container));
    is_list && has_words() || is_weak(read) && read.truncated
}

const fn is_container(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Array(_) | Kind::Object(_))
}

/// The repairs that leave out what stands around a candidate.
pub(super) fn surroundings(text: &str, part: Span) -> Vec<Repair> {
    let before = text.get(..part.start).unwrap_or_default();
    let after = text.get(part.end..).unwrap_or_default();
    let mut repairs = Vec::new();
    let mut leave_out = |outside: &str, offset: usize| {
        let start = offset + (outside.len() - outside.trim_start().len());
        let inside = outside.trim();
        if inside.is_empty() {
            return;
        }
        let is_fence =
            inside.trim_matches('`').chars().all(char::is_alphanumeric) && inside.contains("```");
        let kind = if is_fence {
            RepairKind::Fence
        } else {
            RepairKind::Prose
        };
        repairs.push(Repair::new(kind, start, start + inside.len()));
    };
    leave_out(before, 0);
    leave_out(after, part.end);
    repairs
}
