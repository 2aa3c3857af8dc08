//! Enums: which variant is shown, and from when on.

use std::collections::BTreeMap;

use larkspur::partial::Progress;
use larkspur::{JsonSchema, Partial, schemars};
use serde::Deserialize;

use super::shows;
use Progress::{Absent, Done, InFlight};

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq), name = "ShapeSoFar")]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Shape {
    Nothing,
    #[serde(alias = "ball")]
    RoundThing(Circle),
    Pair(String, u8),
    Rectangle {
        line_width: u8,
        title: String,
    },
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
pub(crate) struct Circle {
    pub(crate) radius: f64,
}

#[test]
fn external_variants_are_there_when_their_name_is() {
    let is = |text: &str, expected: Progress<ShapeSoFar>| {
        assert_eq!(shows::<Shape>(text), expected, "{text}");
    };
    is(r#""noth"#, Absent);
    is(r#""nothing""#, Done(ShapeSoFar::Nothing));
    is(r#""nothings""#, Absent);
    is(r#"{"round_thing": "#, Absent);
    let circle = |radius| CirclePartial { radius };
    is(
        r#"{"round_thing": {"#,
        InFlight(ShapeSoFar::RoundThing(InFlight(circle(Absent)))),
    );
    is(
        r#"{"ball": {"radius": 1}}"#,
        Done(ShapeSoFar::RoundThing(Done(circle(Done(1.0))))),
    );
    is(
        r#"{"pair": ["a", 1"#,
        InFlight(ShapeSoFar::Pair(Done("a".to_owned()), Absent)),
    );
    is(
        r#"{"rectangle": {"lineWidth": 1, "title": "x"#,
        InFlight(ShapeSoFar::Rectangle {
            line_width: Done(1),
            title: InFlight("x".to_owned()),
        }),
    );
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Event {
    Say {
        text: String,
    },
    Draw(Circle),
    Map(BTreeMap<String, u8>),
    Stop,
    #[serde(other)]
    Other,
}

#[derive(Clone, Debug, Deserialize, PartialEq, JsonSchema, Partial)]
#[partial(derive(PartialEq))]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Text(String),
    Two(u8, u8),
    Named { a: String },
    Unit,
}

#[test]
fn tagged_variants_are_there_when_the_tag_is() {
    let is = |text: &str, expected: Progress<EventPartial>| {
        assert_eq!(shows::<Event>(text), expected, "{text}");
    };
    is(r#"{"kind": "sa"#, Absent);
    let say = |text| InFlight(EventPartial::Say { text });
    is(r#"{"kind": "say""#, say(Absent));
    is(
        r#"{"kind": "say", "text": "H"#,
        say(InFlight("H".to_owned())),
    );
    // The tag behind its content.
    is(r#"{"text": "Hi", "kind": "#, Absent);
    is(
        r#"{"text": "Hi", "kind": "say","#,
        say(Done("Hi".to_owned())),
    );
    is(
        r#"{"kind": "draw", "radius": 2,"#,
        InFlight(EventPartial::Draw(InFlight(CirclePartial {
            radius: Done(2.0),
        }))),
    );
    is(
        r#"{"kind": "map", "a": 1}"#,
        Done(EventPartial::Map(Done(BTreeMap::from([(
            "a".to_owned(),
            Done(1),
        )])))),
    );
    is(r#"{"kind": "stop"}"#, Done(EventPartial::Stop));
    is(r#"{"kind": "sing"}"#, Done(EventPartial::Other));

    let is = |text: &str, expected: Progress<AdjacentPartial>| {
        assert_eq!(shows::<Adjacent>(text), expected, "{text}");
    };
    is(
        r#"{"t": "Text", "c": "x"#,
        InFlight(AdjacentPartial::Text(InFlight("x".to_owned()))),
    );
    is(
        r#"{"c": "x", "t": "Text"}"#,
        Done(AdjacentPartial::Text(Done("x".to_owned()))),
    );
    is(
        r#"{"t": "Two", "c": [1, 2"#,
        InFlight(AdjacentPartial::Two(Done(1), Absent)),
    );
    is(
        r#"{"t": "Named", "c": {"a": "b"#,
        InFlight(AdjacentPartial::Named {
            a: InFlight("b".to_owned()),
        }),
    );
    is(r#"{"t": "Unit""#, InFlight(AdjacentPartial::Unit));
    is(r#"{"t": "Nothing""#, Absent);
}
