//! Output types: what is asked for and what is read, for Rust types and for schemas.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
};

use larkspur_output::{
    Constraint, GrammarFormat, GrammarSyntax, JsonSchemaFormat, Outcome, Output, OutputType,
    PrepareError, Rejection, Target, Violation, json, json_schema,
};
use larkspur_schema::{Dialect, JsonSchema, Lift, lower, schema_for, schemars};
use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Item {
    name: String,
    count: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    extra: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Circle { radius: f64 },
    Label { text: String, at: (i32, i32) },
    Group { parts: Vec<Shape> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Step {
    Stop,
    Wait(u32),
    Move { x: i8, y: i8 },
    Both(Box<Step>, Box<Step>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

fn output<T: JsonSchema + DeserializeOwned + 'static>() -> Output<T> {
    json::<T>()
        .prepare(Target::openai())
        .expect("a type that can be asked for")
}

fn format<V>(output: &Output<V>) -> &JsonSchemaFormat {
    match output.constraint() {
        Constraint::JsonSchema(format) => Some(format),
        _ => None,
    }
    .expect("a schema")
}

/// The value, said as the model would say it, reads back as itself; and as `serde_json` would read it.
#[track_caller]
fn survives<T>(value: &T)
where
    T: JsonSchema + Serialize + DeserializeOwned + PartialEq + Debug + 'static,
{
    let original = serde_json::to_value(value).expect("it serialises");
    let schema = schema_for::<T>();
    let lift = Lift::new(&lower(&schema, Dialect::openai()).expect("it lowers")).expect("a plan");
    let said = lift
        .lower_value(&original)
        .expect("it can be said")
        .to_string();
    assert_eq!(
        &output::<T>().read(&said).expect("it is read"),
        value,
        "{said}"
    );

    let plain = json::<T>().prepare(Target::plain()).expect("any schema");
    let text = original.to_string();
    let read = plain.read(&text).expect("it is read");
    assert_eq!(
        read,
        serde_json::from_str::<T>(&text).expect("serde_json reads it")
    );
}

fn item() -> impl Strategy<Value = Item> {
    let extra = prop::collection::btree_map(any::<String>(), any::<i64>(), 0..3);
    let tags = prop::collection::vec(any::<String>(), 0..3);
    (any::<String>(), any::<Option<u8>>(), tags, extra).prop_map(|(name, count, tags, extra)| {
        Item {
            name,
            count,
            tags,
            extra,
        }
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        (-1e6..1e6).prop_map(|radius: f64| Shape::Circle {
            radius: radius.round() / 8.0
        }),
        (any::<String>(), any::<(i32, i32)>()).prop_map(|(text, at)| Shape::Label { text, at }),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop::collection::vec(inner, 0..3).prop_map(|parts| Shape::Group { parts })
    })
}

fn step() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![
        Just(Step::Stop),
        any::<u32>().prop_map(Step::Wait),
        any::<(i8, i8)>().prop_map(|(x, y)| Step::Move { x, y }),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), inner)
            .prop_map(|(first, second)| Step::Both(Box::new(first), Box::new(second)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_said_is_read(item in item(), shapes in prop::collection::vec(shape(), 0..3), step in step()) {
        survives(&item);
        survives(&shapes);
        survives(&step);
        survives(&Page { items: vec![item.clone()], next: Some(Box::new(Page { items: vec![item], next: None })) });
    }

    #[test]
    fn scalars_and_collections_are_read(
        wide in any::<(u128, i128)>(), text in any::<Option<String>>(), letter in any::<char>(),
        set in any::<BTreeSet<u16>>(), map in prop::collection::btree_map(any::<i16>(), any::<bool>(), 0..4),
    ) {
        survives(&set);
        survives(&map);
        survives(&text);
        survives(&letter);
        survives(&(wide.0 >> 70, wide.1 >> 70));
    }
}

#[test]
fn integers_of_128_bits_are_read_exactly() {
    let read = json::<Vec<u128>>()
        .prepare(Target::plain())
        .expect("any schema");
    let text = "[340282366920938463463374607431768211455, 18446744073709551616]";
    assert_eq!(read.read(text).ok(), Some(vec![u128::MAX, 1 << 64]));
    assert!(
        read.read("[340282366920938463463374607431768211456]")
            .is_err()
    );
    let read = json::<(i128, i128)>()
        .prepare(Target::plain())
        .expect("any schema");
    let text =
        "[-170141183460469231731687303715884105728, 170141183460469231731687303715884105727]";
    assert_eq!(read.read(text).ok(), Some((i128::MIN, i128::MAX)));
    for beyond in [
        "-170141183460469231731687303715884105729",
        "170141183460469231731687303715884105728",
    ] {
        assert!(read.read(&format!("[{beyond}, 0]")).is_err());
    }
}

#[test]
fn places_are_those_of_the_models_text() {
    let text = r#"{"value": [{"name": "nut", "count": 256, "tags": null, "extra": [{"key": "a/b", "value": "1"}]}]}"#;
    let rejection = output::<Vec<Item>>().read(text).expect_err("a rejection");
    let told: Vec<_> = rejection
        .violations()
        .iter()
        .map(|violation| {
            let pointer = violation
                .pointer
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            (
                pointer,
                violation
                    .span
                    .and_then(|span| span.of(text))
                    .unwrap_or_default(),
                violation.message.as_str(),
            )
        })
        .collect();
    let expected = [
        (
            "/0/count",
            "256",
            "expected a number of at most 255, found the number 256",
        ),
        (
            "/0/extra/a~1b",
            "\"1\"",
            "expected an integer, found the string \"1\"",
        ),
    ];
    assert_eq!(
        told,
        expected.map(|(pointer, covered, message)| (pointer.to_owned(), covered, message))
    );
}

#[test]
fn keys_that_are_written_twice() {
    let text =
        r#"{"value": [{"name": "nut", "name": "bolt", "count": null, "tags": [], "extra": []}]}"#;
    let rejection = output::<Vec<Item>>().read(text).expect_err("a rejection");
    let [violation] = rejection.violations() else {
        unreachable_violations(&rejection)
    };
    assert_eq!(violation.message, "the key `name` is there twice");
    assert_eq!(
        violation.pointer.as_ref().expect("a pointer").to_string(),
        "/0/name"
    );

    let entries = r#"{"value": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}"#;
    let rejection = output::<HashMap<String, u8>>()
        .read(entries)
        .expect_err("a rejection");
    assert_eq!(rejection.violations().len(), 1);
    let span = rejection.violations()[0].span.expect("a place");
    assert!(span.start > 36, "{rejection}");
}

#[track_caller]
#[expect(clippy::panic, reason = "the end of a test")]
fn unreachable_violations(rejection: &Rejection) -> ! {
    panic!("another number of violations:\n{rejection}")
}

#[test]
fn formats_are_named_after_the_type() {
    assert_eq!(format(&output::<Item>()).name, "Item");
    assert!(format(&output::<Item>()).strict);
    assert_eq!(format(&output::<Page<Item>>()).name, "Page_of_Item");
    let named = json::<Item>()
        .name("line item")
        .description("One line.")
        .prepare(Target::openai())
        .expect("prepared");
    let format = format(&named);
    assert!(format.name.starts_with("line_item"), "{}", format.name);
    assert_eq!(format.description.as_deref(), Some("One line."));
    assert!(named.read("{}").is_err());
    assert_eq!(
        self::format(&output::<Item>()).description,
        None,
        "the name given once does not stick"
    );
}

#[test]
fn a_type_is_prepared_once() {
    let [first, second] = [output::<Shape>(), output::<Shape>()];
    assert!(std::ptr::eq(format(&first), format(&second)));
    let plain = json::<Shape>().prepare(Target::plain()).expect("prepared");
    assert_ne!(format(&first).schema, format(&plain).schema);
    assert_eq!(*format(&plain).schema, schema_for::<Shape>());
}

#[test]
fn what_the_dialect_cannot_say_is_listed_and_still_holds() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"type": "string", "minLength": 2}},
        "required": ["a"],
        "additionalProperties": false
    });
    let output = json_schema("a", schema)
        .prepare(Target::openai())
        .expect("prepared");
    let keywords: Vec<_> = output
        .relaxations()
        .iter()
        .map(|relaxation| relaxation.keyword.as_str())
        .collect();
    if !keywords.is_empty() {
        assert_eq!(keywords, ["minLength"]);
    }
    assert!(output.read(r#"{"a": "xy"}"#).is_ok());
    #[cfg(feature = "validate")]
    assert_eq!(
        output
            .read(r#"{"a": "x"}"#)
            .expect_err("too short")
            .message(),
        r#"expected at least 2 characters, found the string "x" at /a"#
    );
}

#[test]
fn lossless_values_keep_their_numbers() {
    let schema = json!({"type": "object", "additionalProperties": {"type": "number"}});
    let scores = json_schema("scores of today", schema.clone());
    assert_eq!(scores.schema(), &schema);
    let text = r#"{"value": [{"key": "a", "value": 1.50}, {"key": "b", "value": 123456789012345678901234567890}]}"#;
    let lossless = scores
        .clone()
        .lossless()
        .prepare(Target::openai())
        .expect("prepared");
    assert_eq!(
        lossless.read(text).expect("read").to_string(),
        r#"{"a":1.50,"b":123456789012345678901234567890}"#
    );
    let output = scores
        .description("Points.")
        .prepare(Target::openai())
        .expect("prepared");
    assert_eq!(output.read(text).expect("read")["a"], json!(1.5));
    assert_eq!(format(&output).description.as_deref(), Some("Points."));
    assert!(format(&output).name.starts_with("scores_of_today"));
}

#[test]
fn schemas_that_cannot_be_asked_for() {
    for schema in [
        json!({"$ref": "#/$defs/Missing"}),
        json!({"$ref": "https://example.com/x"}),
        json!({"$ref": "#"}),
    ] {
        let error = json_schema("x", schema)
            .prepare(Target::openai())
            .expect_err("an error");
        assert!(!error.diagnostics().is_empty(), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("the schema cannot be lowered: "),
            "{error}"
        );
    }
}

/// An output type of one's own, as the grammar crates make theirs.
struct Hexadecimal;

impl OutputType for Hexadecimal {
    type Value = u64;

    fn prepare(&self, target: Target) -> Result<Output<u64>, PrepareError> {
        if target.schemas().name() != Target::openai().schemas().name() {
            return Err(PrepareError::new(
                "only this dialect has regular expressions",
            ));
        }
        let constraint =
            Constraint::Grammar(GrammarFormat::new(GrammarSyntax::Regex, "[0-9a-f]{1,16}"));
        Ok(Output::new(constraint, Vec::new(), |text| {
            let wrong = |_| {
                Rejection::new(
                    text,
                    vec![Violation::expected("hexadecimal digits", "something else")],
                )
            };
            u64::from_str_radix(text, 16).map_err(wrong)
        }))
    }
}

#[test]
fn output_types_of_ones_own() {
    let output = Hexadecimal.prepare(Target::openai()).expect("prepared");
    assert_eq!(output.read("ff").ok(), Some(255));
    assert_eq!(
        output.read("xyz").expect_err("no digits").to_string(),
        "error: expected hexadecimal digits, found something else"
    );
    let again = output
        .prepare(Target::plain())
        .expect("an output stays what it is");
    assert_eq!(again.constraint(), output.constraint());
    let small = output.and_then(|text, value| {
        u8::try_from(value)
            .map_err(|_| Rejection::new(text, vec![Violation::expected("at most ff", "more")]))
    });
    assert_eq!(small.read("fe").ok(), Some(254));
    assert!(small.read("100").is_err());
    assert!(Hexadecimal.prepare(Target::plain()).is_err());
}

#[test]
fn constraints_are_plain_data() {
    let constraints = [
        Constraint::Text,
        output::<Item>().constraint().clone(),
        Constraint::Grammar(GrammarFormat::new(GrammarSyntax::Lark, "start: \"a\"")),
    ];
    for constraint in constraints {
        let text = serde_json::to_string(&constraint).expect("it serialises");
        assert_eq!(
            serde_json::from_str::<Constraint>(&text).expect("it reads"),
            constraint
        );
    }
}

#[test]
fn outputs_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(value: T) -> T {
        value
    }
    let output = shared(output::<String>());
    let reader =
        std::thread::spawn(move || output.read(r#"{"value": "x"}"#).map(|text| text.len()));
    assert_eq!(reader.join().expect("no panic").ok(), Some(1));
}

#[test]
fn outcomes() {
    assert_eq!(Outcome::Value(2).map(|value| value * 2).value(), Some(4));
    let others: [Outcome<Value>; 4] = [
        Outcome::Refusal("no".to_owned()),
        Outcome::Truncated {
            received: "{".to_owned(),
            reason: "length".to_owned(),
        },
        Outcome::ContentFilter {
            received: String::new(),
        },
        Outcome::Invalid(Rejection::new("", vec![Violation::new("wrong")])),
    ];
    for other in others {
        assert_eq!(
            format!("{:?}", other.clone().map(|_| 1)),
            format!("{other:?}")
        );
        assert_eq!(other.value(), None);
    }
}
