//! Values to text.

use super::{Blank, Error, List, MAX_DEPTH, Part, Syntax};

/// The text of a value on its way. See [`Syntax::write`].
#[derive(Debug)]
pub struct Writer {
    text: String,
    depth: usize,
    /// Where leaves and values have been written.
    places: Vec<(usize, usize)>,
    layout: Option<Layout>,
}

/// How far lines are indented.
#[derive(Clone, Copy, Debug, Default)]
struct Layout {
    /// The line on which the value begins that is being written.
    base: usize,
    /// The line that is being written.
    line: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            depth: 0,
            places: Vec::new(),
            layout: None,
        }
    }

    /// Line breaks are written as such.
    pub(super) fn pretty() -> Self {
        Self {
            layout: Some(Layout::default()),
            ..Self::new()
        }
    }

    /// The text, and where its leaves and the values are that have a text: each leaves a node in the tree.
    pub(super) fn finish(self) -> (String, Vec<(usize, usize)>) {
        (self.text, self.places)
    }

    /// Writes a text as it is.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes the text of one terminal that stays in the tree. Printing makes sure that it is read as such.
    pub fn lexeme(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.places.push((start, self.text.len()));
    }

    pub(super) fn spaces(&mut self, count: u32) {
        self.text.extend((0..count).map(|_| ' '));
    }

    /// A line break if lines are wanted and the white space may hold it.
    pub(super) fn line_break(&mut self, blank: Blank, indent: u32) {
        match &mut self.layout {
            Some(layout) if blank.lines && blank.max > 0 => {
                let indent = usize::try_from(indent).unwrap_or_default();
                layout.line = layout.base + indent;
                let room = usize::try_from(blank.max - 1).unwrap_or(usize::MAX);
                let spaces = layout.line.min(room);
                self.text.push('\n');
                self.text.extend((0..spaces).map(|_| ' '));
            }
            _ => self.spaces(blank.min),
        }
    }

    /// Writes a value by [`Syntax::write`] of its type.
    ///
    /// # Errors
    /// Where its grammar cannot say it, or it is nested too deep.
    pub fn value<T>(
        &mut self,
        value: &T,
        write: impl FnOnce(&T, &mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = self.text.len();
        self.nested(|this| write(value, this))?;
        if self.text.len() > start {
            self.places.push((start, self.text.len()));
        }
        Ok(())
    }

    /// What is written inside begins on this line, whatever line breaks it writes.
    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::too_deep());
        }
        self.depth += 1;
        let outer = self.layout;
        if let Some(layout) = &mut self.layout {
            layout.base = layout.line;
        }
        write(self)?;
        if let (Some(layout), Some(outer)) = (&mut self.layout, outer) {
            layout.base = outer.base;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes an operand that must bind at least as tightly as `precedence`, between the two of `group` where it does not.
    ///
    /// # Errors
    /// As [`value`](Self::value); also where the operand binds too loosely and there is no `group`.
    pub fn operand<T: Syntax>(
        &mut self,
        value: &T,
        precedence: u32,
        group: Option<[&[Part<'_>]; 2]>,
    ) -> Result<(), Error> {
        if value.precedence() >= precedence {
            return self.value(value, T::write);
        }
        let Some([open, close]) = group else {
            return Err(Error::unsayable(
                "an operand binds too loosely to stand here without a group around it",
            ));
        };
        self.parts(open);
        self.value(value, T::write)?;
        self.parts(close);
        Ok(())
    }

    /// Writes the items of a list, each by `write`.
    ///
    /// # Errors
    /// Where there are too few or too many, or `write` says so.
    pub fn list<T>(
        &mut self,
        items: &[T],
        list: List<'_>,
        mut write: impl FnMut(&mut Self, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let List { min, max, .. } = list;
        let fits = |bound: u32| usize::try_from(bound).unwrap_or(usize::MAX);
        if items.len() < fits(min) || max.is_some_and(|max| items.len() > fits(max)) {
            let count = items.len();
            let bounds = match max {
                Some(max) if max == min => format!("{min}"),
                Some(max) => format!("{min} to {max}"),
                None => format!("at least {min}"),
            };
            let message = format!("a list of {count} items, where the syntax has {bounds}");
            return Err(Error::unsayable(message));
        }
        if items.is_empty() {
            return Ok(());
        }
        self.parts(list.before);
        self.nested(|this| {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    this.parts(list.separator);
                }
                write(this, item)?;
            }
            Ok(())
        })?;
        self.parts(list.after);
        Ok(())
    }
}
