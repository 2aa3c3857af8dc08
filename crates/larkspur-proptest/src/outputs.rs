//! Values of types that are their own syntax.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use larkspur_grammar::Syntax;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::{Reason, TestRunner};

use crate::read::ReadTree;
use crate::texts::{Sentences, sentences};

/// Values of a type that is its own syntax, as a model could write them. See [`Outputs`].
///
/// ```
/// use larkspur::Syntax;
/// use larkspur_proptest::{laws, outputs};
///
/// #[derive(Clone, Debug, PartialEq, Syntax)]
/// #[syntax("{name}({arguments})")]
/// struct Call { name: Name, arguments: Vec<i8> }
///
/// #[derive(Clone, Debug, PartialEq, Syntax)]
/// #[syntax(pattern = "[a-z]{1,8}")]
/// struct Name(String);
///
/// // What is printed is read again.
/// laws::lower_lift_identity(outputs::<Call>(), Syntax::print, |text| Call::parse(&text))?;
///
/// // And what would have gone wrong: the smallest value that shows it.
/// let short = |call: &Call| call.print().map(|text| text.replace("-", ""));
/// let wrong = laws::lower_lift_identity(outputs::<Call>(), short, |text| Call::parse(&text)).unwrap_err();
/// assert!(wrong.text().starts_with(r#"Call { name: Name("a"), arguments: [-"#), "{wrong}");
/// # Ok::<(), larkspur_proptest::Disagreement>(())
/// ```
pub fn outputs<T: Syntax + Clone + Debug>() -> Outputs<T> {
    Outputs {
        texts: T::grammar()
            .map(|grammar| sentences(&grammar))
            .map_err(|error| error.to_string()),
        kind: PhantomData,
    }
}

/// The strategy of [`outputs`]: [`Sentences`] of the type's grammar, read.
///
/// It shrinks as they do: to the value with the shortest and simplest text. Sentences that say no value of the type, because
/// they are read in two ways or nested too deep, are drawn again.
#[derive(Clone)]
pub struct Outputs<T> {
    texts: Result<Sentences, String>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Outputs<T> {
    /// See [`Sentences::max_lexemes`].
    pub fn max_lexemes(self, lexemes: usize) -> Self {
        self.map(|texts| texts.max_lexemes(lexemes))
    }

    /// See [`Sentences::min_lexemes`].
    pub fn min_lexemes(self, lexemes: usize) -> Self {
        self.map(|texts| texts.min_lexemes(lexemes))
    }

    /// See [`Sentences::weigh_alternative`]; the names of rules are those of the type's grammar.
    pub fn weigh_alternative(self, rule: &str, alternative: usize, weight: u32) -> Self {
        self.map(|texts| texts.weigh_alternative(rule, alternative, weight))
    }

    /// See [`Sentences::weigh_rule`].
    pub fn weigh_rule(self, rule: &str, weight: u32) -> Self {
        self.map(|texts| texts.weigh_rule(rule, weight))
    }

    fn map(self, change: impl FnOnce(Sentences) -> Sentences) -> Self {
        Self {
            texts: self.texts.map(change),
            ..self
        }
    }
}

impl<T> Debug for Outputs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outputs").field(&self.texts).finish()
    }
}

/// A value with the text that it was read from.
pub type OutputTree<T> = ReadTree<T>;

impl<T: Syntax + Clone + Debug> Strategy for Outputs<T> {
    type Tree = OutputTree<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let texts = self
            .texts
            .as_ref()
            .map_err(|why| Reason::from(why.clone()))?;
        let read = |text: &str| T::parse(text).map_err(|error| error.to_string());
        ReadTree::new(texts, Arc::new(read), runner)
    }
}
