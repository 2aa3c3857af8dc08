//! A script of `psql` in statements.

use larkspur_json::Span;

/// The statements, without what is between them; or what is not closed, and where it begins.
pub(super) fn statements(text: &str) -> Result<Vec<Span>, (usize, &'static str)> {
    let mut cut = Cut {
        text,
        at: 0,
        begin: None,
        open: Vec::new(),
        found: Vec::new(),
    };
    while let Some(byte) = cut.byte(0) {
        cut.step(byte)?;
    }
    if let Some(open) = cut.open.first() {
        return Err((*open, "the parenthesis is not closed"));
    }
    cut.end();
    Ok(cut.found)
}

struct Cut<'a> {
    text: &'a str,
    at: usize,
    /// Where the statement begins.
    begin: Option<usize>,
    /// Parentheses in it.
    open: Vec<usize>,
    found: Vec<Span>,
}

impl Cut<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self, byte: u8) -> Result<(), (usize, &'static str)> {
        match (byte, self.byte(1)) {
            (b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', _) => self.at += 1,
            (b'-', Some(b'-')) => self.line(),
            // A command of `psql`.
            (b'\\', _) => {
                self.end();
                self.line();
            }
            (b'/', Some(b'*')) => self.comment()?,
            (b';', _) if self.open.is_empty() => {
                self.end();
                self.at += 1;
            }
            _ => {
                self.begin.get_or_insert(self.at);
                self.lexeme(byte)?;
            }
        }
        Ok(())
    }

    fn lexeme(&mut self, byte: u8) -> Result<(), (usize, &'static str)> {
        match byte {
            b'\'' | b'"' => self.quoted(byte, false)?,
            b'$' => self.dollars()?,
            b'(' => {
                self.open.push(self.at);
                self.at += 1;
            }
            b')' => {
                self.open.pop();
                self.at += 1;
            }
            _ if is_name(byte) => {
                let word = self.rest().bytes().take_while(|byte| is_part(*byte));
                let length = word.count();
                let escapes = length == 1 && matches!(byte, b'e' | b'E');
                self.at += length;
                if escapes && self.byte(0) == Some(b'\'') {
                    self.quoted(b'\'', true)?;
                }
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    /// The rest of a line.
    fn line(&mut self) {
        let length = self.rest().find('\n');
        self.at = length.map_or(self.text.len(), |length| self.at + length);
    }

    /// They nest.
    fn comment(&mut self) -> Result<(), (usize, &'static str)> {
        let begin = self.at;
        let mut depth = 0_usize;
        loop {
            match (self.byte(0), self.byte(1)) {
                (Some(b'/'), Some(b'*')) => (depth, self.at) = (depth + 1, self.at + 2),
                (Some(b'*'), Some(b'/')) => (depth, self.at) = (depth - 1, self.at + 2),
                (Some(_), _) => self.at += 1,
                (None, _) => return Err((begin, "the comment is not closed")),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// What is doubled within is two pieces here, which comes to the same; behind it escapes are still escapes.
    fn quoted(&mut self, quote: u8, escapes: bool) -> Result<(), (usize, &'static str)> {
        let begin = self.at;
        while self.byte(0) == Some(quote) {
            loop {
                self.at += 1;
                match self.byte(0) {
                    Some(b'\\') if escapes => self.at += 1,
                    Some(byte) if byte == quote => break,
                    Some(_) => {}
                    None => return Err((begin, "the quote is not closed")),
                }
            }
            self.at += 1;
        }
        Ok(())
    }

    /// `$tag$ … $tag$`, or a parameter.
    fn dollars(&mut self) -> Result<(), (usize, &'static str)> {
        let rest = self.rest();
        let name = rest.bytes().skip(1).take_while(|byte| is_part(*byte));
        let length = name.count() + 2;
        let tag = rest.get(..length).filter(|tag| tag.ends_with('$'));
        let tag = tag.filter(|tag| !tag.as_bytes().get(1).is_some_and(u8::is_ascii_digit));
        let Some(tag) = tag else {
            self.at += 1;
            return Ok(());
        };
        let behind = rest.get(length..).unwrap_or_default();
        let close = behind.find(tag).map(|close| close + 2 * length);
        let close = close.ok_or((self.at, "the quote is not closed"))?;
        self.at += close;
        Ok(())
    }

    /// The statement ends here. Behind some there is data.
    fn end(&mut self) {
        let Some(begin) = self.begin.take() else {
            return;
        };
        self.open.clear();
        let text = self.text.get(begin..self.at).unwrap_or_default();
        let words = || text.split_ascii_whitespace().map(str::to_ascii_lowercase);
        let is_copy = words().next().is_some_and(|word| word == "copy");
        if is_copy && words().any(|word| word == "stdin") {
            let behind = self.rest();
            let data = behind.find("\n\\.").map(|data| data + 3);
            self.at += data.unwrap_or(behind.len());
        } else {
            self.found.push(Span::new(begin, self.at));
        }
    }
}

const fn is_name(byte: u8) -> bool {
    matches!(byte, b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..)
}

const fn is_part(byte: u8) -> bool {
    is_name(byte) || byte.is_ascii_digit()
}
