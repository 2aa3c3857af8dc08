//! Grammar files, whatever their notation.

use std::path::{Path, PathBuf};

use clap::Args;
use larkspur_grammar::{
    Dialect, Grammar, Loss,
    convert::{self, Notation, Options},
    grammar::Opaque,
    import::{ImportError, Imported},
};
use larkspur_schema::{
    Relaxation,
    grammar::{SchemaGrammar, expand_json},
};
use serde_json::Value;

use crate::{
    args::Kind,
    exit::{Failure, say},
    input::{self, Source},
    render::Findings,
    schema::{self, SchemaArgs},
};

/// A grammar file, or a schema, and how it is read.
#[derive(Args)]
pub(crate) struct GrammarArgs {
    /// The grammar or the JSON Schema; `-` is stdin.
    #[arg(value_name = "CONSTRAINT")]
    pub(crate) file: PathBuf,
    /// What the file holds, where its name does not say.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Whose reading of Lark applies, also how texts are cut into lexemes: default `llguidance`.
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The rule to begin with, in a `.pest` file; default: the first one.
    #[arg(long, value_name = "RULE")]
    pub(crate) start: Option<String>,
    #[command(flatten)]
    pub(crate) schema: SchemaArgs,
}

impl GrammarArgs {
    /// A file of which nothing else is said.
    pub(crate) fn of(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            kind: None,
            dialect: None,
            start: None,
            schema: SchemaArgs::default(),
        }
    }
}

/// What a verb works with.
pub(crate) enum File {
    /// A grammar, as text.
    Grammar(Written),
    /// A schema, as a grammar.
    Schema(Described),
}

/// A schema that was made a grammar.
pub(crate) struct Described {
    pub(crate) source: Source,
    pub(crate) schema: Value,
    pub(crate) made: SchemaGrammar,
}

impl File {
    /// The file that a verb works with; a schema as the verb has it where nothing else is said.
    pub(crate) fn open(
        args: &GrammarArgs,
        verb: larkspur_schema::grammar::Options,
    ) -> Result<Self, Failure> {
        let (kind, source) = input::constraint(&args.file, args.kind)?;
        if let Some(notation) = kind.notation() {
            return Written::of_source(notation, source, args).map(Self::Grammar);
        }
        let (schema, made) = schema::read(&source, &args.schema, verb)?;
        Ok(Self::Schema(Described {
            source,
            schema,
            made,
        }))
    }

    /// The grammar, what it goes by in messages, and the schema it comes from. Where it is not what was written goes to stderr.
    pub(crate) fn read(self) -> Result<(Grammar, String, Option<Value>), Failure> {
        match self {
            Self::Grammar(written) => {
                let (file, relaxations) = written.read_expanded()?;
                for loss in &file.losses {
                    say(format_args!("note: `{}`: {loss}", file.source.name));
                }
                tell(&file.source.name, &relaxations);
                Ok((file.grammar, file.source.name, None))
            }
            Self::Schema(file) => {
                tell(&file.source.name, &file.made.relaxations);
                Ok((file.made.grammar, file.source.name, Some(file.schema)))
            }
        }
    }
}

/// Whether a grammar has `%json` blocks.
pub(crate) fn has_schemas(grammar: &Grammar) -> bool {
    let pieces = grammar.opaque_pieces();
    pieces
        .iter()
        .any(|(piece, _)| matches!(piece, Opaque::JsonSchema(_)))
}

/// Says which rules of schemas a grammar does not keep.
pub(crate) fn tell(name: &str, relaxations: &[Relaxation]) {
    for relaxation in relaxations {
        let told = schema::told(relaxation);
        say(format_args!("note: `{name}`: relaxed: {told}"));
    }
}

/// A grammar file that is to be read.
pub(crate) struct Written {
    pub(crate) notation: Notation,
    pub(crate) source: Source,
    pub(crate) options: Options,
}

/// A grammar file that was read.
pub(crate) struct Known {
    pub(crate) notation: Notation,
    pub(crate) source: Source,
    pub(crate) grammar: Grammar,
    /// Where the grammar is not what was written, as can be with a `.pest` file.
    pub(crate) losses: Vec<Loss>,
    /// Rules stand in the place of `%json` blocks.
    pub(crate) is_expanded: bool,
}

impl Written {
    /// The file that a verb works with.
    pub(crate) fn open(args: &GrammarArgs) -> Result<Self, Failure> {
        let (kind, source) = input::constraint(&args.file, args.kind)?;
        let notation = kind.notation().ok_or_else(|| {
            Failure::new("a JSON Schema is not a grammar")
                .hint("`--schema` asks for JSON; `--kind` says what a file holds")
        })?;
        Self::of_source(notation, source, args)
    }

    fn of_source(notation: Notation, source: Source, args: &GrammarArgs) -> Result<Self, Failure> {
        let mut options = Options {
            start: args.start.clone(),
            ..Options::default()
        };
        if let Some(name) = &args.dialect {
            options.from = dialect(name)?;
        }
        Ok(Self::new(notation, source, options))
    }

    pub(crate) fn new(notation: Notation, mut source: Source, options: Options) -> Self {
        if notation == Notation::Regex {
            // Editors end the last line, which nobody means as part of the regex.
            let end = source.text.trim_end_matches(['\n', '\r']).len();
            source.text.truncate(end);
        }
        Self {
            notation,
            source,
            options,
        }
    }

    /// Reads it. One that is no grammar is a reason not to run; what is wrong with it goes to stderr.
    pub(crate) fn read(self) -> Result<Known, Failure> {
        let read = convert::read(&self.source.text, self.notation, &self.options);
        let Imported {
            grammar, losses, ..
        } = read.map_err(|error| self.unusable(&error))?;
        Ok(Known {
            notation: self.notation,
            source: self.source,
            grammar,
            losses,
            is_expanded: false,
        })
    }

    /// Reads it, with ordinary rules in the place of `%json` blocks; and the rules of their schemas that are not kept.
    pub(crate) fn read_expanded(self) -> Result<(Known, Vec<Relaxation>), Failure> {
        let mut known = self.read()?;
        let made = expand_json(&known.grammar, &schema::Options::llguidance())
            .map_err(|error| schema::unusable(&known.source, &error))?;
        known.is_expanded = has_schemas(&known.grammar);
        known.grammar = made.grammar;
        Ok((known, made.relaxations))
    }

    pub(crate) fn unusable(&self, error: &ImportError) -> Failure {
        let findings = Findings::of_grammar(&self.source, error.diagnostics());
        say(anstream::adapter::strip_str(&findings.to_text()));
        Failure::new(format_args!(
            "`{}` is not a grammar that can be used",
            self.source.name
        ))
    }
}

/// The dialect of grammars with that name.
pub(crate) fn dialect(name: &str) -> Result<&'static Dialect, Failure> {
    Dialect::named(name).ok_or_else(|| {
        let known: Vec<_> = Dialect::all()
            .iter()
            .map(|dialect| dialect.name())
            .collect();
        Failure::new(format_args!("unknown dialect `{name}`"))
            .hint(format_args!("of grammars one of: {}", known.join(", ")))
    })
}
