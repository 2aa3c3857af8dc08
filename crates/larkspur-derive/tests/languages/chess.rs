//! A list of chess moves in standard algebraic notation.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Game {
    #[syntax(separator = " ", min = 1)]
    turns: Vec<Turn>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{number}. {white}{black}")]
pub(crate) struct Turn {
    #[syntax(range = 1..=300)]
    number: u16,
    white: Move,
    #[syntax(some = " {}")]
    black: Option<Move>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{action}{check}")]
pub(crate) struct Move {
    action: Action,
    check: Option<Check>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Action {
    #[syntax("O-O")]
    Short,
    #[syntax("O-O-O")]
    Long,
    #[syntax("{piece}{from}{takes}{to}")]
    Piece {
        piece: Piece,
        from: Option<From>,
        takes: Option<Takes>,
        to: Square,
    },
    #[syntax("{from}{to}{promotion}")]
    Pawn {
        #[syntax(some = "{}x")]
        from: Option<File>,
        to: Square,
        #[syntax(some = "={}")]
        promotion: Option<Piece>,
    },
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("x")]
pub(crate) struct Takes;

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum From {
    File(File),
    Rank(Rank),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{file}{rank}")]
pub(crate) struct Square {
    file: File,
    rank: Rank,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-h]")]
pub(crate) struct File(char);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 1..=8)]
pub(crate) struct Rank(u8);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Piece {
    #[syntax("K")]
    King,
    #[syntax("Q")]
    Queen,
    #[syntax("R")]
    Rook,
    #[syntax("B")]
    Bishop,
    #[syntax("N")]
    Knight,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Check {
    #[syntax("+")]
    Check,
    #[syntax("#")]
    Mate,
}

pub(crate) type Root = Game;

pub(crate) const ACCEPTED: &[&str] = &[
    "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Bxc6 dxc6 5. O-O",
    "31. Nbd2 R1xa3+ 32. exd8=Q# O-O-O",
];

pub(crate) const REFUSED: &[&str] = &["e4", "1. e9", "1. i4", "1. e4 e5 e6", "0. e4", "1. Pe4", "1. O-O-"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let file = || prop::char::range('a', 'h').prop_map(File);
    let rank = || (1..=8_u8).prop_map(Rank);
    let square = || (file(), rank()).prop_map(|(file, rank)| Square { file, rank });
    let piece = || {
        prop_oneof![
            Just(Piece::King),
            Just(Piece::Queen),
            Just(Piece::Rook),
            Just(Piece::Bishop),
            Just(Piece::Knight)
        ]
    };
    let from = prop_oneof![file().prop_map(From::File), rank().prop_map(From::Rank)];
    let action = prop_oneof![
        Just(Action::Short),
        Just(Action::Long),
        (piece(), maybe(from), maybe(Just(Takes)), square())
            .prop_map(|(piece, from, takes, to)| Action::Piece { piece, from, takes, to }),
        (maybe(file()), square(), maybe(piece()))
            .prop_map(|(from, to, promotion)| Action::Pawn { from, to, promotion }),
    ];
    let check = prop_oneof![Just(Check::Check), Just(Check::Mate)];
    let half = (action, maybe(check)).prop_map(|(action, check)| Move { action, check }).boxed();
    let turn = (1..=300_u16, half.clone(), maybe(half))
        .prop_map(|(number, white, black)| Turn { number, white, black });
    some(turn, 5).prop_map(|turns| Game { turns })
}
