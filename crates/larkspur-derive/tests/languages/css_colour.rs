//! Colours of CSS.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, name};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase", ignore_case)]
pub(crate) enum Colour {
    #[syntax("#{0}")]
    Hex(#[syntax(pattern = "([0-9A-Fa-f]{3}){1,2}|([0-9A-Fa-f]{4}){1,2}")] String),
    #[syntax("rgb({red} {green} {blue}{alpha})")]
    Rgb {
        red: u8,
        green: u8,
        blue: u8,
        #[syntax(some = " / {}")]
        alpha: Option<Alpha>,
    },
    #[syntax("hsl({hue}deg {saturation}% {lightness}%{alpha})")]
    Hsl {
        #[syntax(range = -360..=360)]
        hue: i16,
        #[syntax(range = 0..=100)]
        saturation: u8,
        #[syntax(range = 0..=100)]
        lightness: u8,
        #[syntax(some = " / {}")]
        alpha: Option<Alpha>,
    },
    #[syntax("color-mix(in srgb, {0}, {1})")]
    Mix(Box<Colour>, Box<Colour>),
    Transparent,
    RebeccaPurple,
    CurrentColor,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Alpha {
    #[syntax("{0}%")]
    Percent(#[syntax(range = 0..=100)] u8),
    Part(#[syntax(pattern = r"0|1|0?\.[0-9]{1,4}")] String),
}

pub(crate) type Root = Colour;

pub(crate) const ACCEPTED: &[&str] = &[
    "rgb(255 0 0 / 50%)",
    "color-mix(in srgb, #FFaa00, hsl(-120deg 100% 50% / .25))",
    "rebeccapurple",
    "#abcd",
];

pub(crate) const REFUSED: &[&str] = &["#ab", "#abcde", "rgb(256 0 0)", "hsl(361deg 1% 1%)", "red", "rgb(1,2,3)"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let alpha = || {
        maybe(prop_oneof![
            (0..=100_u8).prop_map(Alpha::Percent),
            name(r"0|1|0?\.[0-9]{1,4}", Alpha::Part)
        ])
    };
    let leaf = prop_oneof![
        name("([0-9A-Fa-f]{3}){1,2}|([0-9A-Fa-f]{4}){1,2}", Colour::Hex),
        (any::<[u8; 3]>(), alpha())
            .prop_map(|([red, green, blue], alpha)| Colour::Rgb { red, green, blue, alpha }),
        (-360..=360_i16, 0..=100_u8, 0..=100_u8, alpha()).prop_map(
            |(hue, saturation, lightness, alpha)| Colour::Hsl { hue, saturation, lightness, alpha }
        ),
        Just(Colour::Transparent),
        Just(Colour::RebeccaPurple),
        Just(Colour::CurrentColor),
    ];
    leaf.prop_recursive(4, 8, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        (boxed(), boxed()).prop_map(|(a, b)| Colour::Mix(a, b))
    })
}
