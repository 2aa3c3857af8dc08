//! Queries in which any identifier may stand for a table, a column or another name: the shape of a query without a catalog.
//!
//! What cannot be known is left to whoever judges the answer. All that the policy says of shapes still holds.

use larkspur_grammar::{Grammar, grammar::Expr};

use super::{
    Columns, Common, GrammarError, Words,
    query::{Level, Operands, Statement},
    scope::ScopeRules,
    sources::{Scope, Sources},
    spelling::Spelling,
    table::TableRules,
};
use crate::{Catalog, Dialect, MissingLimit, Policy};

/// Most queries of a `WITH`, but for the first.
const MORE: u32 = 2;

/// The grammar of queries that join so many tables and stand so deep in one another.
pub(super) fn grammar(
    policy: &Policy,
    catalog: &Catalog,
    max_tables: usize,
    depth: usize,
) -> Result<Grammar, GrammarError> {
    let hides = policy.visibility().is_of_columns();
    let all = Sources::any(catalog.dialect(), hides);
    let spelling = Spelling::of(&all, Columns::Qualified, catalog.dialect());
    let mut words = Words::new();
    let start = words.builder.rule("start");
    let name = name(&mut words, catalog.dialect());
    let mut common = Common::define(&mut words, policy, catalog.dialect(), max_tables > 1);
    common.alias = Expr::seq([words.text(" AS "), name.clone()]).optional();
    let mut statement = Statement::new(&mut words, &common, policy, catalog, (&all, &spelling));
    statement.depth = depth;
    statement.max_tables = max_tables;
    statement.exists_any = true;
    let body = Any { statement, name }.define();
    words.build(start, body)
}

/// A name without quotes that is no key word, or anything in quotes.
fn name(words: &mut Words, dialect: Dialect) -> Expr {
    let plain = dialect.plain_names();
    words.regex(
        "NAME",
        &format!("{plain}|\"([^\"\\x00-\\x1f\\x7f]|\"\"){{1,60}}\""),
    )
}

/// A statement over whatever there may be.
struct Any<'a> {
    statement: Statement<'a>,
    /// An identifier.
    name: Expr,
}

impl Any<'_> {
    fn define(mut self) -> Expr {
        let scope = Scope::from([0]);
        let statement = &mut self.statement;
        let dotted = Expr::seq([statement.words.text("."), self.name.clone()]).optional();
        let column = Expr::seq([self.name.clone(), dotted]);
        let column = statement.words.rule("column", column);
        let (common, policy) = (statement.common, statement.policy);
        let table = TableRules::of_any(statement.words, common, policy, column);
        let mut rules = statement.scope_rules_of(&scope, &[&table], None);
        let items = statement.words.list(&rules.named, 11);
        let all = rules.shows_all.then(|| statement.words.text("*"));
        let items = Expr::alt(std::iter::once(items).chain(all));
        let items = statement.words.rule("items", items);
        let mut levels: Vec<Level> = Vec::new();
        let mut rows: Option<Expr> = None;
        for depth in 0..self.statement.depth {
            rules.from = Some(self.from(depth, rows.as_ref(), &rules));
            // `*` is so many columns as nobody knows.
            let scopes = [(scope.clone(), rules.clone().counted())];
            let level = self.statement.level(&scopes, depth, levels.last());
            rows = level
                .bodies
                .get(&scope)
                .map(|body| self.rows(depth, &items, body));
            levels.push(level);
        }
        rules.from = Some(self.from(self.statement.depth, rows.as_ref(), &rules));
        self.outermost(&scope, &rules, rows, levels.last())
    }

    /// A query of some columns.
    fn rows(&mut self, depth: usize, items: &Expr, body: &Expr) -> Expr {
        let head = self.statement.head();
        let limit = self.statement.common.limit.clone().optional();
        let query = Expr::seq([head, items.clone(), body.clone(), limit]);
        self.statement.words.rule(&format!("rows{depth}"), query)
    }

    /// Tables, and queries of the next level, joined on columns.
    fn from(&mut self, depth: usize, rows: Option<&Expr>, rules: &ScopeRules) -> Expr {
        let statement = &mut self.statement;
        let words = &mut *statement.words;
        let called = Expr::seq([words.text(" AS "), self.name.clone()]);
        let table = Expr::seq([self.name.clone(), called.clone().optional()]);
        let query = rows.map(|rows| {
            let (open, close) = (words.text("("), words.text(")"));
            Expr::seq([open, rows.clone(), close, called])
        });
        let source = Expr::alt(std::iter::once(table).chain(query));
        let source = words.rule(&format!("source{depth}"), source);
        let more = u32::try_from(statement.max_tables.saturating_sub(1)).unwrap_or(u32::MAX);
        if more == 0 {
            return source;
        }
        // Behind the name of its table, so that whoever judges the text can say what it joins.
        let column = if statement.policy.cartesian_products {
            rules.column.clone()
        } else {
            Expr::seq([self.name.clone(), words.text("."), self.name.clone()])
        };
        let equal = Expr::seq([column.clone(), words.text(" = "), column]);
        let also = Expr::seq([words.text(" AND "), equal.clone()]);
        let on = Expr::seq([words.text(" ON "), equal, also.repeat(0, Some(3))]);
        let on = if statement.policy.cartesian_products {
            on.optional()
        } else {
            on
        };
        let joined = Expr::seq([statement.common.join.clone(), source.clone(), on]);
        let from = Expr::seq([source, joined.repeat(0, Some(more))]);
        words.rule(&format!("from{depth}"), from)
    }

    fn outermost(
        mut self,
        scope: &Scope,
        rules: &ScopeRules,
        rows: Option<Expr>,
        inner: Option<&Level>,
    ) -> Expr {
        let statement = &mut self.statement;
        let depth = statement.depth;
        statement.held_against(depth, inner);
        let within = inner.map(Level::within);
        let (body, _) = statement.body(scope, rules, depth, within.as_ref());
        let list = statement.list(scope, rules, within.as_ref());
        let select = [statement.head(), list, body.ordered.clone()];
        let mut ways = vec![Expr::seq(select)];
        let mut operands = Operands::default();
        let some = rules.clone().counted();
        statement.operands(scope, &some, &body, &mut operands);
        for (kind, of_kind) in operands {
            let operand = statement.operand(of_kind, kind, depth);
            ways.push(statement.set_of(&operand));
        }
        let with = rows.filter(|_| statement.policy.ctes).map(|rows| {
            let words = &mut *statement.words;
            let (open, close) = (words.text(" AS ("), words.text(")"));
            let query = Expr::seq([self.name.clone(), open, rows, close]);
            let more = Expr::seq([words.text(", "), query.clone()]);
            let with = [
                words.text("WITH "),
                query,
                more.repeat(0, Some(MORE)),
                words.text(" "),
            ];
            Expr::seq(with).optional()
        });
        let limit = statement.common.limit.clone();
        let rule = statement.policy.limit;
        let must = rule.is_some_and(|limit| limit.missing == MissingLimit::Refuse);
        let limit = if must { limit } else { limit.optional() };
        Expr::seq(with.into_iter().chain([Expr::alt(ways), limit]))
    }
}
