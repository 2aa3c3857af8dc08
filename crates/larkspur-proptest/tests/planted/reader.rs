//! What the parsers read from.

/// A text with a place in it.
pub(crate) struct Reader<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: usize,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn eat(&mut self, piece: &str) -> bool {
        let found = self.rest().starts_with(piece);
        if found {
            self.at += piece.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, piece: &str) -> Result<(), String> {
        if self.eat(piece) {
            Ok(())
        } else {
            Err(self.fault(&format!("expected {piece:?}")))
        }
    }

    pub(crate) fn eat_if(&mut self, test: impl Fn(char) -> bool) -> Option<char> {
        let c = self.peek().filter(|c| test(*c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// From `least` to `most` characters of a kind; not more than `most` may stand there.
    pub(crate) fn run(
        &mut self,
        least: usize,
        most: usize,
        test: impl Fn(char) -> bool,
    ) -> Result<&'t str, String> {
        let start = self.at;
        while self.eat_if(&test).is_some() {}
        let run = &self.text[start..self.at];
        if (least..=most).contains(&run.len()) {
            Ok(run)
        } else {
            Err(self.fault(&format!("expected {least} to {most} characters of a kind")))
        }
    }

    pub(crate) fn end(&self) -> Result<(), String> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.fault("expected the end"))
        }
    }

    pub(crate) fn fault(&self, what: &str) -> String {
        format!("{what} at {}", self.at)
    }
}
