//! Types of the standard library and of other crates.

use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;
use std::num::{NonZeroI8, NonZeroU32};
use std::ops::{Bound, Range};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use insta::assert_snapshot;
use larkspur_schema::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use crate::schema;

#[test]
fn integers_have_the_range_of_their_type() {
    #[derive(Deserialize, JsonSchema)]
    struct Integers {
        a: i8,
        b: i32,
        c: i64,
        d: isize,
        e: i128,
        f: u8,
        g: u32,
        h: u64,
        i: u128,
        j: Option<u16>,
        k: NonZeroU32,
        l: NonZeroI8,
    }
    assert_snapshot!(schema::<Integers>());
}

#[test]
fn floats_have_no_format() {
    #[derive(Deserialize, JsonSchema)]
    struct Floats {
        narrow: f32,
        wide: f64,
    }
    assert_snapshot!(schema::<Floats>());
}

#[test]
fn a_char_is_one_code_point() {
    assert_snapshot!(schema::<char>());
}

#[test]
fn lists_sets_arrays_and_tuples() {
    #[derive(Deserialize, JsonSchema)]
    struct Sequences {
        list: VecDeque<bool>,
        set: BTreeSet<bool>,
        array: [bool; 3],
        none: [bool; 0],
        tuple: (bool, String),
        one: (bool,),
    }
    assert_snapshot!(schema::<Sequences>());
}

#[test]
fn times_and_spans_are_closed_and_fit() {
    #[derive(Deserialize, JsonSchema)]
    struct Times {
        every: Duration,
        since: SystemTime,
        between: Range<u8>,
        from: Bound<bool>,
        result: Result<bool, String>,
        delta: TimeDelta,
    }
    assert_snapshot!(schema::<Times>());
}

#[test]
fn texts_have_standard_formats() {
    #[derive(Deserialize, JsonSchema)]
    struct Texts {
        day: NaiveDate,
        time: NaiveTime,
        at: DateTime<Utc>,
        id: Uuid,
        link: Url,
        address: IpAddr,
        maybe: Option<IpAddr>,
    }
    assert_snapshot!(schema::<Texts>());
}

#[test]
fn anything_is_true() {
    #[derive(Deserialize, JsonSchema)]
    struct Anything {
        value: Value,
        object: Map<String, Value>,
    }
    assert_snapshot!(schema::<Anything>());
}

#[test]
fn the_root_can_be_any_type() {
    assert_snapshot!(schema::<Vec<Option<bool>>>());
    assert_snapshot!(schema::<Value>());
    assert_snapshot!(schema::<()>());
    assert_snapshot!(schema::<str>());
}
