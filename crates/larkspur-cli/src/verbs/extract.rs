//! `larkspur extract`: asks a model and prints the answer that satisfies the constraint.

use std::io::{self, Write as _};

use clap::{ArgGroup, Args};
use larkspur_client::{Answer, Delta, RequestBuilder};
use larkspur_grammar::{
    Dialect,
    convert::{Notation, Options},
    print as printers,
};
use larkspur_json::{Kind as NodeKind, Member, Node, Object, Span};
use larkspur_output::{
    Constraint, GrammarFormat, GrammarReader, GrammarSyntax, Outcome, Output, OutputType as _,
    Target, json_schema,
};
use serde_json::json;

use crate::{
    args::{ConstraintArgs, Format, ModelArgs},
    asked::asked,
    exit::{Failure, Verdict, say},
    grammar::{self, GrammarArgs, Known, Written},
    input::{self, Source},
    runtime, server,
};

#[derive(Args)]
#[command(group = ArgGroup::new("asked for").args(["schema", "grammar", "regex"]).required(true))]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    constraint: ConstraintArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Show the model's text on stderr while it comes. A rejected answer is then not asked for again.
    #[arg(long)]
    stream: bool,
    /// What to ask; stdin where left out or `-`.
    prompt: Option<String>,
    /// `json` prints the outcome with usage, cost and attempts instead of the value alone.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &ExtractArgs) -> Result<Verdict, Failure> {
    let prompt = input::text(args.prompt.as_deref())?;
    // The local server runs as long as it is held.
    let (client, _local) = server::client(&args.model)?;
    let output = output(&args.constraint, client.target())?;
    let answer = runtime::block_on(async {
        asked!(args.model.api, client, args.model.name(), |request| {
            ask(request.input(prompt), &output, args.stream).await
        })
    })?
    .map_err(Failure::new)?;
    print(answer, args.constraint.schema.is_some(), args.format)
}

/// Asks; while the answer streams, the model's text goes to stderr as it comes.
async fn ask<A: larkspur_client::Api, V>(
    request: RequestBuilder<A>,
    output: &Output<V>,
    streams: bool,
) -> Result<Answer<V>, larkspur_client::Error> {
    if !streams {
        return request.ask(output).await;
    }
    let mut stream = request.ask_streaming(output).await?;
    let mut shown = false;
    while let Some(delta) = stream.next().await? {
        if let Delta::Text(text) | Delta::Call { text, .. } = delta {
            // Whoever does not read along still gets the answer.
            let _ = write!(anstream::stderr(), "{}", harmless(&text));
            shown = true;
        }
    }
    if shown {
        let _ = writeln!(anstream::stderr());
    }
    stream.answer().await
}

/// A text without the characters that a terminal obeys.
fn harmless(text: &str) -> String {
    let shown = |c: char| c == '\n' || c == '\t' || !c.is_control();
    text.chars()
        .map(|c| if shown(c) { c } else { '\u{fffd}' })
        .collect()
}

/// Reads to the text that is printed. JSON keeps the digits of its numbers.
pub(crate) fn output(args: &ConstraintArgs, target: Target) -> Result<Output<String>, Failure> {
    if let Some(path) = &args.schema {
        let source = input::read(path)?;
        let name = path
            .file_stem()
            .map_or("answer".into(), |stem| stem.to_string_lossy());
        let output = json_schema(name, input::json(&source)?)
            .lossless()
            .prepare(target)
            .map_err(|error| Failure::new(format_args!("`{}`: {error}", source.name)))?;
        return Ok(output.and_then(|_, node| Ok(node.to_string())));
    }
    let (syntax, file) = match (&args.grammar, &args.regex) {
        (Some(path), _) => (GrammarSyntax::Lark, Written::open(&GrammarArgs::of(path))?),
        (None, regex) => (
            GrammarSyntax::Regex,
            of_regex(regex.as_deref().unwrap_or_default()),
        ),
    };
    let (file, relaxations) = file.read_expanded()?;
    grammar::tell(&file.source.name, &relaxations);
    // The server may not enforce what it was sent.
    let reader = GrammarReader::new(&file.grammar).map_err(Failure::new)?;
    let constraint = Constraint::Grammar(GrammarFormat::new(syntax, definition(syntax, file)));
    Ok(Output::new(constraint, Vec::new(), move |text| {
        reader.accept(text).map(|()| text.to_owned())
    }))
}

fn of_regex(regex: &str) -> Written {
    let source = Source {
        name: "--regex".to_owned(),
        text: regex.to_owned(),
    };
    Written::new(Notation::Regex, source, Options::default())
}

/// The text that is sent: as it was written where every server reads it so, else as Lark.
fn definition(syntax: GrammarSyntax, file: Known) -> String {
    if syntax == GrammarSyntax::Regex || file.notation == Notation::Lark && !file.is_expanded {
        return file.source.text;
    }
    let printed = printers::lark(&file.grammar, Dialect::openai());
    for loss in file.losses.iter().chain(&printed.losses) {
        say(format_args!("note: `{}` as Lark: {loss}", file.source.name));
    }
    printed.text
}

fn print(answer: Answer<String>, is_json: bool, format: Format) -> Result<Verdict, Failure> {
    let verdict = Verdict::from_ok(matches!(answer.outcome, Outcome::Value(_)));
    let mut stdout = io::stdout().lock();
    match format {
        Format::Json => writeln!(stdout, "{}", to_json(&answer, is_json))?,
        Format::Text => match answer.into_reply() {
            Ok(reply) => writeln!(stdout, "{}", reply.value)?,
            Err(no_value) => say(no_value),
        },
    }
    Ok(verdict)
}

/// One JSON object; a value that is JSON stands in it with its own digits.
fn to_json(answer: &Answer<String>, is_json: bool) -> Node<'static> {
    let (outcome, detail) = match &answer.outcome {
        Outcome::Value(text) => ("value", value(text, is_json)),
        Outcome::Refusal(words) => ("refusal", Node::from_value(&json!(words))),
        Outcome::Truncated { reason, .. } => ("truncated", Node::from_value(&json!(reason))),
        Outcome::ContentFilter { .. } => ("content_filter", Node::from_value(&json!(null))),
        Outcome::Invalid(rejection) => {
            ("invalid", Node::from_value(&json!(rejection.violations())))
        }
        _ => ("other", Node::from_value(&json!(null))),
    };
    let mut object = Object::new();
    object.push(Member::new("outcome", Node::from_value(&json!(outcome))));
    object.push(Member::new(outcome, detail));
    let rest = [
        ("text", json!(answer.text)),
        ("usage", json!(answer.usage())),
        ("cost", json!(answer.cost().to_string())),
        ("attempts", json!(answer.attempts())),
    ];
    for (key, value) in rest {
        object.push(Member::new(key, Node::from_value(&value)));
    }
    Node {
        kind: NodeKind::Object(object),
        span: Span::default(),
    }
}

/// What was read, as JSON: the string it is, or the JSON that the reader printed. Were that none, it would be shown as a string.
pub(crate) fn value(text: &str, is_json: bool) -> Node<'static> {
    match larkspur_json::parse(text) {
        Ok(node) if is_json => node.into_owned(),
        _ => Node::from_value(&json!(text)),
    }
}
