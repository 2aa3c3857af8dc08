//! Grammar files, whatever their notation.

use larkspur_grammar::{
    Dialect, Grammar, Loss,
    convert::{self, Notation, Options},
    import::{ImportError, Imported},
};

use crate::{
    args::GrammarArgs,
    exit::{Failure, say},
    input::{self, Source},
    render::Findings,
};

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
}

impl Written {
    /// The file that a verb works with.
    pub(crate) fn open(args: &GrammarArgs) -> Result<Self, Failure> {
        let (kind, source) = input::constraint(&args.file, args.kind)?;
        let notation = kind.notation().ok_or_else(|| {
            Failure::new("a JSON Schema is not a grammar").hint(
                "`larkspur validate` reads texts by a schema; `--kind` says what a file holds",
            )
        })?;
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
        })
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
