//! A parser of JSON without blanks, right but for one bug.

use crate::reader::Reader;

/// The language that it is meant to read.
pub(crate) const GRAMMAR: &str = r#"
start: value
value: object | array | STRING | NUMBER | "true" | "false" | "null"
object: "{" (member ("," member)*)? "}"
member: STRING ":" value
array: "[" (value ("," value)*)? "]"
STRING: /"([^"\\\x00-\x1f]|\\["\\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,20}"/
NUMBER: /-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?/
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    EmptyObject,
    TwoMembers,
    UnicodeEscape,
    CapitalExponent,
    NegativeZero,
    LongNumber,
    BytesForCharacters,
    NullInArray,
    ArrayInMember,
    TrailingComma,
    LeadingZero,
    ControlCharacter,
    WrongBracket,
}

/// The text as `Debug` would show a value.
pub(crate) fn parse(text: &str, bug: Bug) -> Result<String, String> {
    let mut parser = Parser {
        reader: Reader::new(text),
        bug,
    };
    parser.value()?;
    parser.reader.end()?;
    Ok(text.to_owned())
}

struct Parser<'t> {
    reader: Reader<'t>,
    bug: Bug,
}

impl Parser<'_> {
    fn is(&self, bug: Bug) -> bool {
        self.bug == bug
    }

    fn value(&mut self) -> Result<(), String> {
        match self.reader.peek() {
            Some('{') => self.object(),
            Some('[') => self.array(),
            Some('"') => self.string(),
            Some('-' | '0'..='9') => self.number(),
            _ if ["true", "false", "null"]
                .iter()
                .any(|word| self.reader.eat(word)) =>
            {
                Ok(())
            }
            _ => Err(self.reader.fault("expected a value")),
        }
    }

    fn object(&mut self) -> Result<(), String> {
        self.reader.expect("{")?;
        if !self.is(Bug::EmptyObject) && self.reader.eat("}") {
            return Ok(());
        }
        loop {
            self.string()?;
            self.reader.expect(":")?;
            if self.is(Bug::ArrayInMember) && self.reader.peek() == Some('[') {
                return Err(self.reader.fault("unexpected array"));
            }
            self.value()?;
            if self.is(Bug::TwoMembers) || !self.reader.eat(",") {
                return self.reader.expect("}");
            }
        }
    }

    fn array(&mut self) -> Result<(), String> {
        self.reader.expect("[")?;
        if self.reader.eat("]") {
            return Ok(());
        }
        loop {
            if self.is(Bug::NullInArray) && self.reader.rest().starts_with("null") {
                return Err(self.reader.fault("unexpected null"));
            }
            self.value()?;
            if self.is(Bug::WrongBracket) && self.reader.eat("}") {
                return Ok(());
            }
            if !self.reader.eat(",") {
                return self.reader.expect("]");
            }
            if self.is(Bug::TrailingComma) && self.reader.eat("]") {
                return Ok(());
            }
        }
    }

    fn string(&mut self) -> Result<(), String> {
        self.reader.expect("\"")?;
        let mut length = 0;
        while !self.reader.eat("\"") {
            length += 1;
            let hex = |c: char| c.is_ascii_hexdigit();
            if self.reader.eat("\\u") {
                if self.is(Bug::UnicodeEscape) {
                    return Err(self.reader.fault("unknown escape"));
                }
                for _ in 0..4 {
                    self.reader.eat_if(hex).ok_or("expected a digit")?;
                }
            } else if self.reader.eat("\\") {
                let known = |c: char| "\"\\/bfnrt".contains(c);
                self.reader.eat_if(known).ok_or("unknown escape")?;
            } else if self.is(Bug::BytesForCharacters) {
                // Panics in the middle of a character.
                let _ = self.reader.peek().ok_or("expected a quote")?;
                self.reader.at += 1;
            } else {
                let control = self.is(Bug::ControlCharacter);
                let allowed = |c: char| c >= ' ' || control;
                self.reader.eat_if(allowed).ok_or("expected a quote")?;
            }
        }
        if length > 20 {
            return Err(self.reader.fault("too long"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let start = self.reader.at;
        let digit = |c: char| c.is_ascii_digit();
        let negative = self.reader.eat("-");
        if !self.reader.eat("0")
            || self.is(Bug::LeadingZero) && self.reader.peek().is_some_and(digit)
        {
            self.reader.run(1, 20, digit)?;
        } else if negative && self.is(Bug::NegativeZero) {
            return Err(self.reader.fault("minus zero"));
        }
        if self.is(Bug::LongNumber) {
            let text = &self.reader.text[start..self.reader.at];
            text.parse::<i64>().map_err(|error| error.to_string())?;
        }
        if self.reader.eat(".") {
            self.reader.run(1, 9, digit)?;
        }
        let exponents = if self.is(Bug::CapitalExponent) {
            "e"
        } else {
            "eE"
        };
        if self.reader.eat_if(|c| exponents.contains(c)).is_some() {
            self.reader.eat_if(|c| "+-".contains(c));
            self.reader.run(1, 3, digit)?;
        }
        Ok(())
    }
}
