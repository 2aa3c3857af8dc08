//! Grammars that are known only at run time, as output types.

use larkspur_grammar::diagnostic::render_all;
use larkspur_grammar::grammar::Opaque;
use larkspur_grammar::print::{self, Printed};
use larkspur_grammar::{Diagnostic, Dialect, Grammar, Loss, Tree, lark};
use larkspur_json::Pointer;
use larkspur_schema::Relaxation;
use larkspur_schema::grammar::{Options, expand_json};

use crate::{
    Carrier, Constraint, GrammarFormat, GrammarReader, GrammarSyntax, Output, OutputType,
    PrepareError, Rejection, Target,
};

/// Asks for a sentence of a Lark grammar, as its parse tree.
///
/// The grammar is checked before anything is sent: what OpenAI would refuse is an error here. `%json` blocks, which not every server
/// takes, become ordinary rules ([`expand_json`]); which rules of their schemas those do not keep is told in the output.
///
/// # Errors
/// Where the grammar is none, or the schema of a block is none; the message shows every fault at its place.
///
/// ```
/// use larkspur_output::{OutputType, Target, grammar};
///
/// let pair = grammar("start: NAME \"=\" INT\nNAME: /[a-z]{1,20}/\nINT: /[0-9]{1,9}/\n")?;
/// let output = pair.prepare(Target::openai())?;
/// let tree = output.read("port=80")?;
/// assert_eq!(tree.to_sexpr(), r#"(start (NAME "port") (INT "80"))"#);
///
/// // llama.cpp gets the same language as GBNF.
/// let output = pair.prepare(Target::llama_cpp())?;
/// assert_eq!(output.read("port=80")?.to_sexpr(), tree.to_sexpr());
///
/// // A schema within a grammar is sent as rules.
/// let call = grammar(r#"start: "add " %json { "type": "integer", "minimum": 0 }"#)?;
/// let output = call.prepare(Target::openai())?;
/// assert!(output.read("add 12").is_ok() && output.read("add -1").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grammar(lark: &str) -> Result<GrammarOutput, PrepareError> {
    let faults: Vec<Diagnostic> = lark::check(lark, Dialect::openai())
        .into_iter()
        .filter(Diagnostic::is_error)
        .collect();
    if !faults.is_empty() {
        return Err(PrepareError::new(render_all(&faults, lark)));
    }
    let grammar = lark::compile(lark, Dialect::openai())
        .map_err(|error| PrepareError::new(render_all(error.diagnostics(), lark)))?;
    let pieces = grammar.opaque_pieces();
    let is_schema = |piece: &Opaque| matches!(piece, Opaque::JsonSchema(_));
    if !pieces.iter().any(|(piece, _)| is_schema(piece)) {
        return Ok(GrammarOutput {
            grammar,
            lark: Some(lark.to_owned()),
            relaxations: Vec::new(),
        });
    }
    let made = expand_json(&grammar, &Options::llguidance())
        .map_err(|error| PrepareError::new(error.to_string()))?;
    Ok(GrammarOutput {
        relaxations: made.relaxations,
        ..GrammarOutput::new(made.grammar)
    })
}

/// The output type of a grammar: what [`grammar`](fn@grammar) gives.
///
/// The value is the tree of the answer with a text of its own. An answer that has two trees is rejected, with both readings.
#[derive(Clone, Debug)]
pub struct GrammarOutput {
    grammar: Grammar,
    /// As the author wrote it.
    lark: Option<String>,
    /// What the grammar does not keep of the schemas in it.
    relaxations: Vec<Relaxation>,
}

impl GrammarOutput {
    /// The output type of a grammar that was built or read otherwise.
    pub const fn new(grammar: Grammar) -> Self {
        Self {
            grammar,
            lark: None,
            relaxations: Vec::new(),
        }
    }

    /// The grammar.
    pub const fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    fn said(&self, target: Target) -> Said {
        let mut said = Said::of(&self.grammar, self.lark.as_deref(), target.carrier());
        said.relaxations.extend_from_slice(&self.relaxations);
        said
    }

    /// The constraint of the grammar, with a reader of your own in place of the tree.
    ///
    /// The reader should take every sentence of the grammar. It may take more: a server that does not hold the grammar may answer
    /// with what the grammar does not have.
    ///
    /// ```
    /// use larkspur_output::{Rejection, Target, Violation, grammar};
    ///
    /// let number = grammar("start: /[0-9]{1,9}/")?;
    /// let output = number.prepare_with(Target::openai(), |text| {
    ///     text.trim().parse::<u32>().map_err(|error| Rejection::new(text, vec![Violation::new(error.to_string())]))
    /// });
    /// assert_eq!(output.read("0042\n")?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare_with<V>(
        &self,
        target: Target,
        read: impl Fn(&str) -> Result<V, Rejection> + Send + Sync + 'static,
    ) -> Output<V> {
        self.said(target).output(read)
    }
}

impl OutputType for GrammarOutput {
    type Value = Tree<'static>;

    fn prepare(&self, target: Target) -> Result<Output<Tree<'static>>, PrepareError> {
        let said = self.said(target);
        let reader = GrammarReader::new(&self.grammar)?;
        Ok(said.output(move |text| reader.read(text).map(Tree::into_owned)))
    }
}

/// A grammar as a request says it, and what that does not carry.
pub(crate) struct Said {
    format: GrammarFormat,
    relaxations: Vec<Relaxation>,
}

impl Said {
    /// Prints a grammar for a carrier; `lark` is how its author wrote it, where that is known.
    pub(crate) fn of(grammar: &Grammar, lark: Option<&str>, carrier: Carrier) -> Self {
        let (syntax, printed) = match (carrier, lark) {
            (Carrier::CustomTool | Carrier::Description, Some(lark)) => {
                return Self::written(GrammarSyntax::Lark, lark, carrier);
            }
            (Carrier::CustomTool | Carrier::Description, None) => {
                (GrammarSyntax::Lark, print::lark(grammar, Dialect::openai()))
            }
            (Carrier::GrammarField, _) => (GrammarSyntax::Gbnf, print::gbnf(grammar)),
            (Carrier::StructuredOutputs | Carrier::EbnfField, _) => {
                (GrammarSyntax::Ebnf, print::ebnf(grammar))
            }
        };
        let Printed { text, losses, .. } = printed;
        let mut said = Self::written(syntax, &text, carrier);
        said.relaxations.extend(losses.iter().map(relaxation));
        said
    }

    /// A text that the server reads as it is.
    pub(crate) fn written(syntax: GrammarSyntax, text: &str, carrier: Carrier) -> Self {
        let unheld = (!carrier.is_enforced()).then(|| {
            relaxed("the grammar is told to the model and not held by the server: the answer is checked when it is read")
        });
        Self {
            format: GrammarFormat::new(syntax, text).carried_by(carrier),
            relaxations: unheld.into_iter().collect(),
        }
    }

    pub(crate) fn output<V>(
        self,
        read: impl Fn(&str) -> Result<V, Rejection> + Send + Sync + 'static,
    ) -> Output<V> {
        Output::new(Constraint::Grammar(self.format), self.relaxations, read)
    }
}

fn relaxation(loss: &Loss) -> Relaxation {
    relaxed(loss.message())
}

fn relaxed(reason: impl Into<String>) -> Relaxation {
    Relaxation::new(Pointer::root(), "grammar", reason)
}
