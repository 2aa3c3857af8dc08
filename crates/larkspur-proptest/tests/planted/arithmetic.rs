//! A parser of arithmetic, right for `grammars/arithmetic.lark` but for one bug.

use crate::reader::Reader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    SignAfterOperator,
    PowerOfPower,
    CallWithoutArguments,
    ThreeArguments,
    PointFirst,
    SignedExponent,
    FourDeep,
    BlankBeforeClosing,
    NameWithDigit,
    MinusToTheRight,
    PowerBeforeSign,
    UnclosedAtTheEnd,
    OperatorAtTheEnd,
    AnyNumberOfBlanks,
    EmptyArgument,
}

/// The text as an S-expression.
pub(crate) fn parse(text: &str, bug: Bug) -> Result<String, String> {
    let mut parser = Parser {
        reader: Reader::new(text),
        bug,
        depth: 0,
    };
    let tree = parser.sum()?;
    parser.reader.end()?;
    Ok(tree)
}

struct Parser<'t> {
    reader: Reader<'t>,
    bug: Bug,
    depth: usize,
}

impl Parser<'_> {
    fn is(&self, bug: Bug) -> bool {
        self.bug == bug
    }

    fn blank(&mut self) {
        while self.reader.eat(" ") && self.is(Bug::AnyNumberOfBlanks) {}
    }

    /// An operator with a blank before and after it, or nothing.
    fn operator(&mut self, among: &str) -> Option<char> {
        let before = self.reader.at;
        self.blank();
        let found = self.reader.eat_if(|c| among.contains(c));
        if found.is_some() {
            self.blank();
        } else {
            self.reader.at = before;
        }
        found
    }

    fn sum(&mut self) -> Result<String, String> {
        let left = self.product(false)?;
        self.sum_after(left)
    }

    fn sum_after(&mut self, mut left: String) -> Result<String, String> {
        while let Some(operator) = self.operator("+-") {
            if self.is(Bug::OperatorAtTheEnd) && self.reader.rest().is_empty() {
                return Ok(left);
            }
            let mut right = self.product(true)?;
            if self.is(Bug::MinusToTheRight) {
                right = self.sum_after(right)?;
            }
            left = format!("({operator} {left} {right})");
        }
        Ok(left)
    }

    fn product(&mut self, behind: bool) -> Result<String, String> {
        let mut left = self.signed(behind)?;
        while let Some(operator) = self.operator("*/%") {
            let right = self.signed(true)?;
            left = format!("({operator} {left} {right})");
        }
        Ok(left)
    }

    fn signed(&mut self, behind: bool) -> Result<String, String> {
        let Some(sign) = self.reader.eat_if(|c| "+-".contains(c)) else {
            return self.power(None);
        };
        if behind && self.is(Bug::SignAfterOperator) {
            return Err(self.reader.fault("unexpected sign"));
        }
        if self.is(Bug::PowerBeforeSign) {
            return self.power(Some(sign));
        }
        Ok(format!("({sign} {})", self.power(None)?))
    }

    fn power(&mut self, sign: Option<char>) -> Result<String, String> {
        let mut base = self.atom()?;
        if let Some(sign) = sign {
            base = format!("({sign} {base})");
        }
        if self.operator("^").is_none() {
            return Ok(base);
        }
        if self.is(Bug::PowerOfPower) {
            return Ok(format!("(^ {base} {})", self.atom()?));
        }
        Ok(format!("(^ {base} {})", self.signed(false)?))
    }

    fn atom(&mut self) -> Result<String, String> {
        match self.reader.peek() {
            Some('(') => self.group(),
            Some('0'..='9' | '.') => self.number(),
            Some('a'..='z' | 'A'..='Z' | '_') => self.name(),
            _ => Err(self.reader.fault("expected a number, a name or `(`")),
        }
    }

    fn group(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > 3 && self.is(Bug::FourDeep) {
            return Err(self.reader.fault("too deep"));
        }
        self.reader.expect("(")?;
        self.blank();
        let inner = self.sum()?;
        self.close()?;
        self.depth -= 1;
        Ok(inner)
    }

    fn close(&mut self) -> Result<(), String> {
        if !self.is(Bug::BlankBeforeClosing) {
            self.blank();
        }
        if self.is(Bug::UnclosedAtTheEnd) && self.reader.rest().is_empty() {
            return Ok(());
        }
        self.reader.expect(")")
    }

    fn number(&mut self) -> Result<String, String> {
        let start = self.reader.at;
        let digit = |c: char| c.is_ascii_digit();
        if self.reader.peek() != Some('.') {
            self.reader.run(1, 15, digit)?;
        } else if self.is(Bug::PointFirst) {
            return Err(self.reader.fault("expected a digit"));
        }
        if self.reader.eat(".") {
            self.reader.run(1, 15, digit)?;
        }
        if self.reader.eat_if(|c| "eE".contains(c)).is_some() {
            if !self.is(Bug::SignedExponent) {
                self.reader.eat_if(|c| "+-".contains(c));
            }
            self.reader.run(1, 3, digit)?;
        }
        Ok(self.reader.text[start..self.reader.at].to_owned())
    }

    fn name(&mut self) -> Result<String, String> {
        let digits = !self.is(Bug::NameWithDigit);
        let name = self.reader.run(1, 32, |c| {
            c == '_' || c.is_ascii_alphabetic() || digits && c.is_ascii_digit()
        })?;
        if !self.reader.eat("(") {
            return Ok(name.to_owned());
        }
        self.blank();
        let mut arguments = Vec::new();
        if !self.is(Bug::CallWithoutArguments) && self.reader.eat(")") {
            return Ok(format!("({name})"));
        }
        loop {
            if self.is(Bug::EmptyArgument) && self.reader.peek() == Some(',') {
                arguments.push(String::new());
            } else {
                arguments.push(self.sum()?);
            }
            if self.operator(",").is_none() {
                break;
            }
        }
        if arguments.len() > 2 && self.is(Bug::ThreeArguments) {
            return Err(self.reader.fault("too many arguments"));
        }
        self.close()?;
        Ok(format!("({name} {})", arguments.join(" ")))
    }
}
