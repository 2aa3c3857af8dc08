//! A small language of your own: the type is its syntax, and the model's answer is a value of it.
//!
//! ```sh
//! cargo run --example filter -- "open bugs of Ada's that are not minor"
//! ```
//!
//! With no key and no URL set, the local server answers, with an invented filter.

use larkspur::{Syntax, syntax};

/// Which issues to show.
#[derive(Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
enum Filter {
    #[syntax("{field}:{value}")]
    Is { field: Field, value: Word },
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Filter>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Filter>, Box<Filter>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Filter>, Box<Filter>),
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
enum Field {
    Status,
    Label,
    Author,
}

#[derive(Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z][a-z0-9-]{0,20}")]
struct Word(String);

impl Filter {
    /// Whether an issue is shown; `values` are the issue's words in a field.
    fn takes(&self, values: &dyn Fn(&Field) -> Vec<&'static str>) -> bool {
        match self {
            Self::Is { field, value } => values(field).contains(&value.0.as_str()),
            Self::Not(inner) => !inner.takes(values),
            Self::And(left, right) => left.takes(values) && right.takes(values),
            Self::Or(left, right) => left.takes(values) || right.takes(values),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let question = std::env::args().nth(1);
    let question = question.unwrap_or_else(|| "open bugs of Ada's that are not minor".to_owned());
    let client = larkspur::connect()?;
    let reply = client
        .responses("gpt-5.2")
        .instructions("Translate the question into a filter over the issues of a project.")
        .input(question)
        .extract_with(&syntax::<Filter>())
        .await?;
    println!("{}", reply.text);
    println!("{:#?}", reply.value);

    // The same definition prints values, and reads what people type.
    let typed = Filter::parse("status:open AND (label:bug OR NOT author:ada)")?;
    assert_eq!(
        typed.print()?,
        "status:open AND (label:bug OR NOT author:ada)"
    );
    let issue = |field: &Field| match field {
        Field::Status => vec!["open"],
        Field::Label => vec!["bug", "parser"],
        Field::Author => vec!["ada"],
    };
    println!(
        "shows issue 7: {}, typed by hand: {}",
        reply.value.takes(&issue),
        typed.takes(&issue)
    );
    if let Err(error) = Filter::parse("status:open AND label") {
        println!("a wrong one: {error}");
    }
    Ok(())
}
