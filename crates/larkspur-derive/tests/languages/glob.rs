//! Glob patterns of paths.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{name, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Glob {
    #[syntax(separator = "/", min = 1)]
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Segment {
    #[syntax("**")]
    Anywhere,
    #[syntax("*")]
    Any,
    Pieces(#[syntax(separator = "", min = 1)] Vec<Piece>),
    #[syntax("*{0}")]
    Ending(#[syntax(separator = "", min = 1)] Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Piece {
    Letter(#[syntax(pattern = "[A-Za-z0-9_.-]")] char),
    #[syntax("?")]
    One,
    #[syntax("[{negated}{from}-{to}]")]
    Class {
        negated: Option<Not>,
        from: Letter,
        to: Letter,
    },
    #[syntax("{{{0}}}")]
    Either(#[syntax(separator = ",", min = 2, max = 6, pattern = "[a-z.]{1,8}")] Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("!")]
pub(crate) struct Not;

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z0-9]")]
pub(crate) struct Letter(char);

pub(crate) type Root = Glob;

pub(crate) const ACCEPTED: &[&str] = &["src/**/*.{rs,toml}", "?x/[!a-z]1", "*"];

pub(crate) const REFUSED: &[&str] = &["", "a//b", "***", "[a]", "{a}", "a/", "a b"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let letter = || prop::char::range('a', 'z').prop_map(Letter);
    let piece = prop_oneof![
        "[A-Za-z0-9_.-]".prop_map(|text| Piece::Letter(text.chars().next().unwrap_or('a'))),
        Just(Piece::One),
        (prop::option::of(Just(Not)), letter(), letter())
            .prop_map(|(negated, from, to)| Piece::Class { negated, from, to }),
        prop::collection::vec(name("[a-z.]{1,8}", |text| text), 2..=6).prop_map(Piece::Either),
    ]
    .boxed();
    let segment = prop_oneof![
        Just(Segment::Anywhere),
        Just(Segment::Any),
        some(piece.clone(), 5).prop_map(Segment::Pieces),
        some(piece, 5).prop_map(Segment::Ending),
    ];
    some(segment, 4).prop_map(|segments| Glob { segments })
}
