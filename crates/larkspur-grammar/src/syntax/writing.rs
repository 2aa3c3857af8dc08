//! Values to text.

use super::{Error, List, MAX_DEPTH, Syntax, cached};

/// The text of a value on its way. See [`Syntax::write`].
#[derive(Debug)]
pub struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            depth: 0,
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Writes a text as it is.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a value.
    ///
    /// # Errors
    /// Where its grammar cannot say it, or it is nested too deep.
    pub fn value<T: Syntax>(&mut self, value: &T) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::too_deep());
        }
        self.depth += 1;
        value.write(self)?;
        self.depth -= 1;
        Ok(())
    }

    /// Writes an operand that must bind at least as tightly as `precedence`, between the texts of `group` where it does not.
    ///
    /// # Errors
    /// As [`value`](Self::value); also where the operand binds too loosely and there is no `group`.
    pub fn operand<T: Syntax>(
        &mut self,
        value: &T,
        precedence: u32,
        group: Option<[&str; 2]>,
    ) -> Result<(), Error> {
        if value.precedence() >= precedence {
            return self.value(value);
        }
        let Some([open, close]) = group else {
            return Err(Error::unsayable(
                "an operand binds too loosely to stand here without a group around it",
            ));
        };
        self.text(open);
        self.value(value)?;
        self.text(close);
        Ok(())
    }

    /// Writes the items of a list.
    ///
    /// # Errors
    /// As [`value`](Self::value); also where there are too few or too many.
    pub fn list<T: Syntax>(&mut self, items: &[T], list: List<'_>) -> Result<(), Error> {
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
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text(list.separator);
            }
            self.value(item)?;
        }
        Ok(())
    }

    /// Writes the text of a leaf of the type `T`, which must be a sentence of its grammar.
    ///
    /// # Errors
    /// Where it is not.
    pub fn leaf<T: Syntax>(&mut self, text: &str) -> Result<(), Error> {
        if !cached::compiled::<T>()?.accepts(text)? {
            let name = std::any::type_name::<T>();
            let name = name.rsplit("::").next().unwrap_or(name);
            let message = format!("{text:?} does not match the pattern of `{name}`");
            return Err(Error::unsayable(message));
        }
        self.text(text);
        Ok(())
    }
}
