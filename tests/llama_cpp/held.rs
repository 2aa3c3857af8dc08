//! What the server holds: schemas, grammars, tools that are named, in one piece and in many.

use std::collections::BTreeMap;

use larkspur_client::{ToolChoice, Verdict, tool};
use larkspur_output::{Outcome, OutputType as _, grammar, json, regex};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;

use super::{Person, TEXTS, ask, known};

/// Most of what has to be lowered and lifted.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its form matters")]
struct Report {
    mood: Mood,
    subject: Option<Subject>,
    marks: (u8, bool),
    #[schemars(length(max = 3))]
    notes: Vec<Note>,
    #[schemars(extend("maxProperties" = 2))]
    more: BTreeMap<String, u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Mood {
    Good,
    Bad,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its form matters")]
enum Subject {
    Person {
        #[schemars(length(max = 20))]
        name: String,
    },
    Place {
        code: u16,
    },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its form matters")]
struct Note {
    #[schemars(length(max = 20))]
    text: String,
}

#[tokio::test]
async fn types() {
    let client = known();
    for text in TEXTS {
        let reply = ask(&client, text).extract::<Person>().await.unwrap();
        assert!(!reply.constraint_ignored() && reply.enforced);
        assert!(reply.usage().input_tokens > 30 && reply.usage().output_tokens > 10);
        assert!(reply.value.name.chars().count() <= 40);
    }
}

#[tokio::test]
async fn types_that_are_lowered_and_lifted() {
    let client = known();
    let output = json::<Report>().prepare(client.target()).unwrap();
    for text in TEXTS {
        let answer = ask(&client, text).ask(&output).await.unwrap();
        // A number or a key may run on until the bound; nothing else may come in place of a value.
        assert!(
            matches!(
                answer.outcome,
                Outcome::Value(_) | Outcome::Truncated { .. }
            ),
            "{}",
            answer.text
        );
        assert!(!answer.constraint_ignored());
    }
}

#[tokio::test]
async fn grammars_and_regexes() {
    let client = known();
    let pair = grammar("start: NAME \"=\" INT\nNAME: /[a-z]{1,8}/\nINT: /[0-9]{1,4}/\n").unwrap();
    let date =
        regex(r"(?<year>[12][0-9]{3})-(?<month>0[1-9]|1[0-2])-(?<day>[0-2][0-9]|3[01])").unwrap();
    for text in TEXTS {
        let reply = ask(&client, text).extract_with(&pair).await.unwrap();
        assert_eq!(reply.value.root().name(), "start");
        let reply = ask(&client, text).extract_with(&date).await.unwrap();
        assert_eq!(reply.value.get("year").map(str::len), Some(4));
        assert!(reply.enforced && !reply.constraint_ignored());
    }
}

#[tokio::test]
async fn answers_that_come_in_pieces() {
    let client = known();
    for text in TEXTS {
        let stream = ask(&client, text).stream::<Person>().await.unwrap();
        let mut partials = stream.partials_as::<BTreeMap<String, serde_json::Value>>();
        let mut steps = 0;
        let mut members = 0;
        while let Some(progress) = partials.next().await.unwrap() {
            let now = progress.get().map_or(0, BTreeMap::len);
            assert!(now >= members, "a step takes nothing back");
            (steps, members) = (steps + 1, now);
        }
        assert!(
            steps > 3 && members == 3,
            "{steps} steps, {members} members"
        );
        let streamed = partials.answer().await.unwrap().into_reply().unwrap();
        let whole = ask(&client, text).extract::<Person>().await.unwrap();
        assert_eq!(streamed.text, whole.text);
    }
}

#[tokio::test]
async fn a_stream_keeps_within_a_grammar() {
    let client = known();
    let list = grammar("start: WORD (\", \" WORD){2}\nWORD: /[a-z]{3,8}/\n").unwrap();
    let stream = ask(&client, TEXTS[0]).stream_with(&list).await.unwrap();
    let reply = stream.guarded().unwrap().answer().await.unwrap();
    let reply = reply.into_reply().unwrap();
    assert_eq!(reply.text.split(", ").count(), 3);
}

#[tokio::test]
async fn a_tool_that_is_named_is_called_and_run() {
    let client = known();
    let save = tool("save", |person: Person| async move {
        Ok::<_, String>(format!("{} is saved", person.name))
    });
    let request = ask(&client, TEXTS[0]).tool_choice(ToolChoice::function("save"));
    let reply = request.run_tools([save]).text().await.unwrap();
    let calls = reply.tool_calls();
    assert_eq!((calls.len(), calls[0].tool.as_str()), (1, "save"));
}

#[tokio::test]
async fn it_is_found_out_beforehand() {
    let found = known().chat("smollm2").max_output_tokens(60);
    let found = found.check_enforcement().await.unwrap();
    assert_eq!(
        (found.schema, found.grammar),
        (Verdict::Enforced, Verdict::Enforced)
    );
}
