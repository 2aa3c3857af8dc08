//! Just enough JSON to know where the value behind `%json` ends, and to read the small objects of `%regex` and `%llguidance`.

use super::escape;

/// Where JSON is broken.
#[derive(Debug)]
pub(crate) struct JsonError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// A value, as far as grammars need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number,
    String(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Value {
    /// What it is, for messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// How many bytes the first JSON value of `text` takes, white space before it included.
pub(crate) fn skip_value(text: &str, max_depth: usize) -> Result<usize, JsonError> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: max_depth,
    };
    reader.value()?;
    Ok(reader.at)
}

/// Reads a text that [`skip_value`] has accepted.
pub(crate) fn read(text: &str, max_depth: usize) -> Result<Value, JsonError> {
    Reader {
        text,
        at: 0,
        depth: max_depth,
    }
    .value()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// How many levels are left.
    depth: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail<T>(&self, message: &str) -> Result<T, JsonError> {
        Err(JsonError {
            at: self.at,
            message: message.to_owned(),
        })
    }

    fn eat(&mut self, sign: char) -> bool {
        let eaten = self.rest().starts_with(sign);
        self.at += if eaten { sign.len_utf8() } else { 0 };
        eaten
    }

    /// Recursion is bounded by `depth`.
    fn value(&mut self) -> Result<Value, JsonError> {
        self.blanks();
        match self.rest().bytes().next() {
            None => self.fail("there is none"),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                let words = [
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                    ("null", Value::Null),
                ];
                for (word, value) in words {
                    if self.rest().starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.fail("a value is expected here")
            }
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, JsonError>,
    ) -> Result<Value, JsonError> {
        if self.depth == 0 {
            return self.fail("it is nested too deep");
        }
        self.depth -= 1;
        self.at += 1;
        let value = read(self);
        self.depth += 1;
        value
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut members = Vec::new();
        self.blanks();
        if self.eat('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            if !self.rest().starts_with('"') {
                return self.fail("a key in double quotes is expected here");
            }
            let key = self.string()?;
            self.blanks();
            if !self.eat(':') {
                return self.fail("`:` is expected behind a key");
            }
            members.push((key, self.value()?));
            self.blanks();
            if self.eat('}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(',') {
                return self.fail("`,` or `}` is expected here");
            }
        }
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.blanks();
        if self.eat(']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            if self.eat(']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(',') {
                return self.fail("`,` or `]` is expected here");
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let from = self.at + 1;
        let mut escaped = false;
        for (offset, c) in self.text.get(from..).unwrap_or_default().char_indices() {
            match c {
                c if c < ' ' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let raw = self.text.get(from..from + offset).unwrap_or_default();
                    self.at = from + offset + 1;
                    return escape::json(raw).map_err(|error| JsonError {
                        at: from + error.span.start,
                        message: error.message,
                    });
                }
                _ => {}
            }
        }
        self.fail("the string is not closed")
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        self.eat('-');
        let digits = self.digits();
        if digits == 0 {
            return self.fail("a digit is expected here");
        }
        if self.eat('.') && self.digits() == 0 {
            return self.fail("a digit is expected here");
        }
        if self.rest().starts_with(['e', 'E']) {
            self.at += 1;
            self.at += usize::from(self.rest().starts_with(['+', '-']));
            if self.digits() == 0 {
                return self.fail("a digit is expected here");
            }
        }
        Ok(Value::Number)
    }

    fn digits(&mut self) -> usize {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.at += count;
        count
    }
}
