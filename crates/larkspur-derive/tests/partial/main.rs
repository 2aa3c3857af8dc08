//! What types show while they come.

#![expect(clippy::expect_used, reason = "helpers of tests")]

mod variants;

use std::collections::{BTreeMap, HashMap};

use larkspur::partial::{Draft, Elements, Progress};
use larkspur::{JsonSchema, OutputType as _, Partial, Target, json, json_schema, schemars};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::variants::{CirclePartial, Event, EventPartial, Shape, ShapeSoFar};
use Progress::{Absent, Done, InFlight};

/// What of a type is shown when the text has come so far, whichever way it is cut.
#[track_caller]
fn shows<T: Partial + DeserializeOwned + 'static>(text: &str) -> Progress<T::Partial> {
    follow::<T>(Target::plain(), json!(true), text)
}

/// The text in pieces of one letter and as a whole show the same.
#[track_caller]
fn follow<T: Partial>(target: Target, schema: Value, text: &str) -> Progress<T::Partial> {
    let output = json_schema("test", schema)
        .prepare(target)
        .expect("a schema");
    let (mut whole, mut pieces) = (output.incoming(), output.incoming());
    let (mut at_once, mut by_letter) = (Draft::<T>::new(), Draft::<T>::new());
    whole.push(text).expect("the beginning of JSON");
    for letter in text.chars() {
        pieces.push(letter.encode_utf8(&mut [0; 4])).expect("JSON");
        by_letter.update(&pieces);
    }
    let shown = at_once.update(&whole).clone();
    assert_eq!(
        format!("{shown:?}"),
        format!("{:?}", by_letter.progress()),
        "{text}"
    );
    shown
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
#[serde(rename_all = "camelCase")]
struct Order {
    due_day: u32,
    #[serde(rename = "who", alias = "customer")]
    by: String,
    #[serde(default)]
    lines: Vec<Line>,
    note: Option<String>,
    #[serde(skip)]
    secret: (),
    prices: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
struct Line {
    title: String,
    count: u8,
}

fn order() -> OrderPartial {
    OrderPartial::default()
}

#[test]
fn fields_are_as_far_as_they_have_come() {
    let is = |text: &str, expected: Progress<OrderPartial>| {
        assert_eq!(shows::<Order>(text), expected, "{text}");
    };
    is("", Absent);
    is("{", InFlight(order()));
    is("[", Absent);
    is(r#"{"dueDay": 12"#, InFlight(order()));
    let number = || OrderPartial {
        due_day: Done(12),
        ..order()
    };
    is(r#"{"dueDay": 12,"#, InFlight(number()));
    is(r#"{"dueDay": 12, "who": "#, InFlight(number()));
    let by = |by| InFlight(OrderPartial { by, ..number() });
    is(r#"{"dueDay": 12, "who": ""#, by(InFlight(String::new())));
    is(
        r#"{"dueDay": 12, "customer": "An"#,
        by(InFlight("An".to_owned())),
    );
    is(
        r#"{"dueDay": 12, "who": "Ann\""#,
        by(InFlight("Ann\"".to_owned())),
    );
    is(r#"{"dueDay": 12, "who": "Ann""#, by(Done("Ann".to_owned())));
    is(r#"{"dueDay": 12}"#, Done(number()));
    // What does not fit is not shown.
    is(
        r#"{"dueDay": -1, "who": [], "lines": {}, "#,
        InFlight(order()),
    );
    // What is shown of a key that is there twice is the first; reading the whole refuses it.
    is(r#"{"dueDay": 12, "dueDay": 13, "#, InFlight(number()));
    is(
        r#"{"dueDay": 12, "unknown": {"who": 1}, "#,
        InFlight(number()),
    );
}

#[test]
fn null_and_nothing_are_told_apart() {
    let note = |text: &str| shows::<Order>(text).into_inner().map(|order| order.note);
    assert_eq!(note(r#"{"note": nul"#), Some(Absent));
    assert_eq!(note(r#"{"note": null,"#), Some(Done(None)));
    assert_eq!(
        note(r#"{"note": "so"#),
        Some(InFlight(Some("so".to_owned())))
    );
    assert_eq!(note(r#"{"note": "so""#), Some(Done(Some("so".to_owned()))));
}

#[test]
fn elements_and_entries_have_a_progress_each() {
    let lines = |text: &str| shows::<Order>(text).into_inner().map(|order| order.lines);
    let line = |title| LinePartial {
        title,
        count: Absent,
    };
    assert_eq!(lines(r#"{"lines": "#), Some(Absent));
    assert_eq!(lines(r#"{"lines": ["#), Some(InFlight(vec![])));
    assert_eq!(
        lines(r#"{"lines": [{"title": "a", "count": 1}, {"title": "b"#),
        Some(InFlight(vec![
            Done(LinePartial {
                count: Done(1),
                ..line(Done("a".to_owned()))
            }),
            InFlight(line(InFlight("b".to_owned()))),
        ]))
    );
    let prices = |text: &str| shows::<Order>(text).into_inner().map(|order| order.prices);
    assert_eq!(
        prices(r#"{"prices": {"a": 1.5, "b": 2"#),
        Some(InFlight(BTreeMap::from([("a".to_owned(), Done(1.5))])))
    );
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Green,
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[serde(untagged)]
enum Either {
    Number(u8),
    Text(String),
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(whole)]
struct Version {
    major: u8,
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
struct Title(String);

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
struct Point(f64, #[serde(default)] String);

fn shout<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| text.to_uppercase())
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
struct Mixed {
    colour: Colour,
    either: Either,
    version: Version,
    title: Title,
    point: Point,
    #[serde(deserialize_with = "shout")]
    loud: String,
    #[partial(whole)]
    list: Vec<u8>,
    pair: (String, Option<u8>),
    next: Option<Box<Mixed>>,
    any: Value,
}

#[test]
fn what_cannot_grow_is_shown_when_it_is_whole() {
    let mixed = |text: &str| shows::<Mixed>(text).into_inner().expect("an object");
    let nothing = MixedPartial::default;
    assert_eq!(mixed(r#"{"colour": "re"#), nothing());
    let is = |text: &str, expected: MixedPartial| assert_eq!(mixed(text), expected, "{text}");
    is(
        r#"{"colour": "red""#,
        MixedPartial {
            colour: Done(Colour::Red),
            ..nothing()
        },
    );
    is(r#"{"either": "re"#, nothing());
    is(
        r#"{"either": "re""#,
        MixedPartial {
            either: Done(Either::Text("re".to_owned())),
            ..nothing()
        },
    );
    is(r#"{"version": {"major": 1"#, nothing());
    is(
        r#"{"version": {"major": 1}"#,
        MixedPartial {
            version: Done(Version { major: 1 }),
            ..nothing()
        },
    );
    is(
        r#"{"title": "a"#,
        MixedPartial {
            title: InFlight("a".to_owned()),
            ..nothing()
        },
    );
    is(r#"{"loud": "a"#, nothing());
    is(
        r#"{"loud": "a""#,
        MixedPartial {
            loud: Done("A".to_owned()),
            ..nothing()
        },
    );
    is(r#"{"list": [1, 2"#, nothing());
    is(
        r#"{"list": [1, 2]"#,
        MixedPartial {
            list: Done(vec![1, 2]),
            ..nothing()
        },
    );
    is(r#"{"any": {"a": [1, "b"#, nothing());
    is(
        r#"{"any": {"a": [1]}"#,
        MixedPartial {
            any: Done(json!({"a": [1]})),
            ..nothing()
        },
    );
    is(
        r#"{"point": [1.5, "x"#,
        MixedPartial {
            point: InFlight(PointPartial(Done(1.5), InFlight("x".to_owned()))),
            ..nothing()
        },
    );
    is(
        r#"{"pair": ["x", null"#,
        MixedPartial {
            pair: InFlight((Done("x".to_owned()), Absent)),
            ..nothing()
        },
    );
    is(
        r#"{"next": {"next": {"title": "deep"#,
        MixedPartial {
            next: InFlight(Some(Box::new(MixedPartial {
                next: InFlight(Some(Box::new(MixedPartial {
                    title: InFlight("deep".to_owned()),
                    ..nothing()
                }))),
                ..nothing()
            }))),
            ..nothing()
        },
    );
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
struct Page {
    title: String,
    #[serde(flatten)]
    paging: Paging,
    #[serde(flatten)]
    kind: Option<Shape>,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
struct Paging {
    from: u8,
    to: u8,
}

#[test]
fn flattened_fields_take_their_members() {
    let page = |text: &str| shows::<Page>(text).into_inner().expect("an object");
    let so_far = page(
        r#"{"title": "t", "from": 1, "more": 2, "to": 3, "round_thing": {"radius": 1}, "last": 4"#,
    );
    assert_eq!(so_far.title, Done("t".to_owned()));
    let paging = PagingPartial {
        from: Done(1),
        to: Done(3),
    };
    assert_eq!(so_far.paging, InFlight(paging));
    let circle = CirclePartial { radius: Done(1.0) };
    assert_eq!(
        so_far.kind,
        InFlight(Some(ShapeSoFar::RoundThing(Done(circle))))
    );
    assert_eq!(
        so_far.rest,
        InFlight(HashMap::from([("more".to_owned(), Done(2))]))
    );
    assert!(page(r#"{"title": "t", "from": 1}"#).paging.is_done());
}

/// The same in the shape that the server is asked for.
#[test]
fn lowered_answers_show_the_shape_of_the_type() {
    #[track_caller]
    fn sent<T: Partial + JsonSchema + DeserializeOwned + 'static>(
        text: &str,
    ) -> Progress<T::Partial> {
        let schema = larkspur::schema::schema_for::<T>();
        follow::<T>(Target::openai(), schema, text)
    }

    let due = |due_day| InFlight(OrderPartial { due_day, ..order() });
    assert_eq!(sent::<Order>(r#"{"dueDay": 12, "#), due(Done(12)));
    let order = sent::<Order>(
        r#"{"note": null, "lines": null, "prices": [{"key": "a", "value": 1}, {"key": "b"#,
    );
    let order = order.into_inner().expect("an object");
    assert_eq!((order.note, order.lines), (Done(None), Absent));
    assert_eq!(
        order.prices,
        InFlight(BTreeMap::from([("a".to_owned(), Done(1.0))]))
    );

    // A root that is no object is wrapped, and maps are entries.
    assert_eq!(sent::<Vec<String>>(r#"{"val"#), Absent);
    assert_eq!(
        sent::<Vec<String>>(r#"{"value": ["a", "b"#),
        InFlight(vec![Done("a".to_owned()), InFlight("b".to_owned())])
    );
    assert_eq!(
        sent::<(u8, String)>(r#"{"item_0": 1, "item_1": "b"#)
            .into_inner()
            .map(|pair| pair.0),
        sent::<(u8, String)>(r#"[1, "b"#)
            .into_inner()
            .map(|pair| pair.0),
    );
    let page = sent::<Event>(r#"{"value": {"kind": "draw", "radius": 2,"#);
    assert_eq!(
        page,
        InFlight(EventPartial::Draw(InFlight(CirclePartial {
            radius: Done(2.0)
        })))
    );
    // Open values travel as JSON text.
    let any = sent::<Mixed>(r#"{"any": "{\"a\": [1]}", "#)
        .into_inner()
        .expect("an object");
    assert_eq!(any.any, Done(json!({"a": [1]})));
}

#[test]
fn elements_are_handed_out_once() {
    let output = json::<Order>().prepare(Target::openai()).expect("a schema");
    let mut incoming = output.incoming();
    let mut elements = Elements::<Line>::at("/lines".parse().expect("a pointer"));
    let mut taken = Vec::new();
    let text = r#"{"dueDay": 1, "who": "a", "lines": [{"title": "a", "count": 1}, {"title": "b", "count": 2}, {"title": "c", "count": 300}, {"title": "d", "count": 4}], "note": null}"#;
    for letter in text.chars() {
        incoming
            .push(letter.encode_utf8(&mut [0; 4]))
            .expect("JSON");
        taken.push(elements.take(&incoming).len());
    }
    assert_eq!(taken.iter().sum::<usize>(), 2);
    assert_eq!(taken.iter().max(), Some(&1));
    assert!(elements.take(&incoming).is_empty());
}

#[test]
fn a_deep_value_does_no_harm() {
    let text = r#"{"next": "#.repeat(127);
    let shown = shows::<Mixed>(&text);
    assert!(shown.is_in_flight());
}

#[test]
fn many_pieces_take_linear_time() {
    // Quadratic, this would take minutes.
    let output = json_schema("test", json!(true))
        .prepare(Target::plain())
        .expect("a schema");
    let mut incoming = output.incoming();
    let mut draft = Draft::<Order>::new();
    incoming.push(r#"{"prices": {"first": 0"#).expect("JSON");
    for index in 0..100_000 {
        incoming
            .push(&format!(r#", "k{index}": {index}"#))
            .expect("JSON");
        draft.update(&incoming);
    }
    let order = draft.progress().get().expect("an object");
    assert_eq!(order.prices.get().map(BTreeMap::len), Some(100_000));
}
