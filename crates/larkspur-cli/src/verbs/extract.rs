//! `larkspur extract`: asks a model and prints the answer that satisfies the constraint.

use std::{
    env,
    io::{self, Write as _},
    path::Path,
};

use larkspur_client::{Answer, Client, ClientBuilder, env::OPENAI_BASE_URL};
use larkspur_json::{Kind, Member, Node, Object, Span};
use larkspur_output::{
    Constraint, GrammarFormat, GrammarSyntax, Outcome, Output, OutputType as _, json_schema,
};
use larkspur_schema::Dialect;
use larkspur_sim::Sim;
use serde_json::json;

use crate::{
    args::{Api, ConstraintArgs, ExtractArgs, Format},
    exit::{Failure, Verdict, say},
    input, runtime,
};

pub(crate) fn run(args: &ExtractArgs) -> Result<Verdict, Failure> {
    let prompt = prompt(args.prompt.as_deref())?;
    // The local server runs as long as it is held.
    let (client, _local) = client(args.base_url.as_deref())?;
    let output = output(&args.constraint, client.dialect())?;
    let answer = runtime::block_on(async {
        match args.api {
            Api::Responses => {
                client
                    .responses(&args.model)
                    .input(prompt)
                    .ask(&output)
                    .await
            }
            Api::Chat => client.chat(&args.model).input(prompt).ask(&output).await,
        }
    })?
    .map_err(Failure::new)?;
    print(answer, args.constraint.schema.is_some(), args.format)
}

fn prompt(given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(prompt) if prompt != "-" => Ok(prompt.to_owned()),
        _ => Ok(input::read(Path::new("-"))?.text),
    }
}

/// The server that was named, else the one of the environment, else a local one.
fn client(base_url: Option<&str>) -> Result<(Client, Option<Sim>), Failure> {
    let vars = |name: &str| match base_url {
        Some(url) if name == OPENAI_BASE_URL => Some(url.to_owned()),
        _ => env::var(name).ok(),
    };
    match ClientBuilder::from_vars(vars).and_then(ClientBuilder::build) {
        Ok(client) => Ok((client, None)),
        Err(error) if error.is_no_server() => local(),
        Err(error) => Err(Failure::new(&error)),
    }
}

fn local() -> Result<(Client, Option<Sim>), Failure> {
    let sim = Sim::start()
        .map_err(|error| Failure::new(format_args!("the local server did not start: {error}")))?;
    say("note: no key and no URL are set, so the local server answers, with invented values");
    let client = Client::builder().base_url(sim.base_url()).build();
    Ok((client.map_err(Failure::new)?, Some(sim)))
}

/// Reads to the text that is printed. JSON keeps the digits of its numbers.
fn output(args: &ConstraintArgs, dialect: &Dialect) -> Result<Output<String>, Failure> {
    if let Some(path) = &args.schema {
        let source = input::read(path)?;
        let name = path
            .file_stem()
            .map_or("answer".into(), |stem| stem.to_string_lossy());
        let output = json_schema(name, input::json(&source)?)
            .lossless()
            .prepare(dialect)
            .map_err(|error| Failure::new(format_args!("`{}`: {error}", source.name)))?;
        return Ok(output.and_then(|_, node| Ok(node.to_string())));
    }
    let (syntax, definition) = match (&args.grammar, &args.regex) {
        (Some(path), _) => (GrammarSyntax::Lark, input::read(path)?.text),
        (None, regex) => (GrammarSyntax::Regex, regex.clone().unwrap_or_default()),
    };
    let constraint = Constraint::Grammar(GrammarFormat::new(syntax, definition));
    Ok(Output::new(constraint, Vec::new(), |text| {
        Ok(text.to_owned())
    }))
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
        Outcome::Value(text) if is_json => ("value", exact(text)),
        Outcome::Value(text) => ("value", Node::from_value(&json!(text))),
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
        kind: Kind::Object(object),
        span: Span::default(),
    }
}

/// The reader printed this text, so it is JSON; were it not, it would be shown as the string it is.
fn exact(text: &str) -> Node<'static> {
    larkspur_json::parse(text).map_or_else(|_| Node::from_value(&json!(text)), Node::into_owned)
}
