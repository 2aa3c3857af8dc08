//! Types of the standard library and of other crates that have a form of their own in JSON.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::{Bound, Range, RangeInclusive};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use larkspur_schema::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Number, Value};
use url::Url;
use uuid::Uuid;

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Meeting {
    /// The day.
    pub day: NaiveDate,
    pub starts: NaiveTime,
    pub created: DateTime<Utc>,
    pub moved: Option<NaiveDateTime>,
    pub room: Uuid,
    pub link: Option<Url>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Timer {
    pub every: Duration,
    pub since: SystemTime,
    pub at_most: Option<Duration>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Host {
    pub any: IpAddr,
    pub old: Ipv4Addr,
    pub new: Ipv6Addr,
    pub maybe: Option<IpAddr>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Spans {
    pub half_open: Range<u8>,
    pub closed: RangeInclusive<i64>,
    pub from: Bound<u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Cells {
    pub cell: Cell<u8>,
    pub shared: RefCell<String>,
    pub reversed: Reverse<i8>,
    pub marker: PhantomData<Host>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Anything {
    pub value: Value,
    pub object: Map<String, Value>,
    pub number: Number,
    pub maybe: Option<Value>,
}

super::table! {
    "NaiveDate" => NaiveDate: "2024-02-29";
    "NaiveTime" => NaiveTime: "23:59:59.5";
    "NaiveDateTime" => NaiveDateTime: "2023-12-31T00:00:00", "2000-02-29T23:59:60.123456789";
    "DateTime_Utc" => DateTime<Utc>: "2024-01-02T03:04:05Z";
    "DateTime_FixedOffset" => DateTime<FixedOffset>: "2024-01-02T03:04:05.6+02:00";
    "TimeDelta" => TimeDelta: [-5, 0], [9, 999_999_999];
    "Weekday" => Weekday: "Mon";
    "Uuid" => Uuid: "67e55044-10b1-426f-9247-bb680e5fe0c8";
    "Url" => Url: "https://example.com/a?b=c#d";
    "SocketAddr" => SocketAddr: "127.0.0.1:80", "[::1]:80";
    "Meeting" => Meeting: {
        "day": "2024-01-31", "starts": "09:00:00", "created": "2024-01-02T03:04:05Z",
        "moved": null, "room": "67e55044-10b1-426f-9247-bb680e5fe0c8", "link": "https://example.com/"
    };
    "Timer" => Timer: {"every": {"secs": 1, "nanos": 5}, "since": {"secs_since_epoch": 1, "nanos_since_epoch": 2}};
    "Host" => Host: {"any": "::1", "old": "127.0.0.1", "new": "2001:db8::1", "maybe": "10.0.0.1"};
    "Spans" => Spans: {"half_open": {"start": 1, "end": 2}, "closed": {"start": -1, "end": 1}, "from": "Unbounded"},
        {"half_open": {"end": 1, "start": 2}, "closed": {"start": 0, "end": 0}, "from": {"Included": 3}};
    "Cells" => Cells: {"cell": 1, "shared": "s", "reversed": -1, "marker": null};
    "Anything" => Anything: {"value": [1, {"a": null}], "object": {"x": true}, "number": 1.5};
    "Result" => Result<u8, String>: {"Ok": 1}, {"Err": "no"};
}
