//! Generic types and several instances of one.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use larkspur_schema::JsonSchema;
use serde::Deserialize;

use super::records::Item;

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Box<Page<T>>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Two<A, B> {
    pub a: A,
    pub b: B,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Pages {
    pub numbers: Page<u8>,
    pub lines: Page<Item>,
    pub pairs: Two<Page<Item>, Option<Two<u8, String>>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Typed<T> {
    pub id: u32,
    #[serde(skip)]
    pub kind: PhantomData<T>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "value")]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Matrix<const N: usize> {
    pub label: String,
    pub cells: BTreeMap<String, u8>,
}

super::table! {
    "Page" => Page<String>: {"items": ["a"]}, {"items": [], "next": {"items": []}};
    "Pages" => Pages: {"numbers": {"items": [1]}, "lines": {"items": []}, "pairs": {"a": {"items": []}, "b": null}};
    "Typed" => Typed<Item>: {"id": 1};
    "Either" => Either<u8, Page<bool>>: {"type": "Left", "value": 1}, {"type": "Right", "value": {"items": [true]}};
    "Matrices" => Two<Matrix<2>, Matrix<3>>: {"a": {"label": "x", "cells": {}}, "b": {"label": "y", "cells": {"q": 1}}};
}
