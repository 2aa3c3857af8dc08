//! What values of each type are held against: literals, parameters and queries.

use larkspur_grammar::grammar::Expr;

use super::{
    super::Words,
    kinds::{Kind, Of},
    words::Common,
};

/// Of each type.
pub(super) type Against = Of<Expr>;

/// Literals and parameters, queries of one column, and of one value.
pub(super) fn against(
    words: &mut Words,
    common: &Common,
    depth: usize,
    many: &Of<Option<Expr>>,
    one: &Of<Option<Expr>>,
) -> Against {
    let literals = Of {
        number: common.number.clone(),
        text: common.text.clone(),
        date: common.date.clone(),
        stamp: common.stamp.clone(),
    };
    literals.map(|kind, literal| {
        let parameter = kind.of(&common.parameters).clone();
        let value = Expr::alt(std::iter::once(literal.clone()).chain(parameter));
        let (close, and) = (words.text(")"), words.text(" AND "));
        let list = words.list(&value, 20);
        let within = Expr::alt(std::iter::once(list).chain(kind.of(many).clone()));
        let compared = Expr::alt(std::iter::once(value.clone()).chain(kind.of(one).clone()));
        let between = [common.between.clone(), value.clone(), and, value.clone()];
        let mut ways = vec![
            Expr::seq([common.comparison.clone(), compared]),
            Expr::seq(between),
            Expr::seq([common.within.clone(), within, close]),
            common.null.clone(),
        ];
        if kind == Kind::Text && common.like != Expr::Empty {
            ways.push(Expr::seq([common.like.clone(), value]));
        }
        words.rule(&format!("against_{}{depth}", kind.name()), Expr::alt(ways))
    })
}
