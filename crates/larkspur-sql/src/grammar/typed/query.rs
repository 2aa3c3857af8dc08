//! Whole queries over sets of tables.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    super::{
        Joins, Words,
        scope::name,
        sources::{Scope, Sources},
        spelling::{Rules, Spelling},
    },
    against::{Against, against},
    from,
    kinds::{Kind, Of, signature},
    level::Level,
    rows::{Behind, Rows},
    table::{Making, TableRules},
    words::Common,
};
use crate::{Catalog, MissingLimit, Policy};

/// Most columns that rows are grouped by, and of a query with `DISTINCT`.
const GROUPS: usize = 3;

/// Makes the rules of a statement.
pub(super) struct Statement<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    pub(super) policy: &'a Policy,
    pub(super) catalog: &'a Catalog,
    pub(super) all: &'a Sources,
    pub(super) spelling: &'a Spelling,
    pub(super) joins: Joins,
    /// How deep queries stand within queries.
    pub(super) depth: usize,
    /// Whether a `WITH` can have several queries, and those that are read any shape.
    pub(super) several: bool,
    /// What values are held against, but for queries.
    pub(super) plain: Against,
    /// What is equal along each key.
    pub(super) keys: Vec<Expr>,
    /// Groups of the one column that is selected, and orders of it.
    pub(super) groups: Expr,
    pub(super) froms: BTreeMap<Scope, Option<Expr>>,
    /// What stands behind rows, by the names of their tables.
    pub(super) behind: BTreeMap<String, Behind>,
    /// Rules that several others share, by their names.
    pub(super) shared: BTreeMap<String, Expr>,
}

pub(super) type Tables = Rules<TableRules>;

/// Sides of set operations that go together, by what they select.
type Operands = BTreeMap<String, (usize, Vec<Expr>)>;

impl<'a> Statement<'a> {
    /// A statement without queries in it.
    pub(super) fn new(
        words: &'a mut Words,
        common: &'a Common,
        policy: &'a Policy,
        catalog: &'a Catalog,
        (all, spelling): (&'a Sources, &'a Spelling),
    ) -> Self {
        let plain = against(words, common, 0, &Of::default(), &Of::default());
        let keys = from::keys(words, all);
        let groups = groups(words, common);
        Self {
            words,
            common,
            policy,
            catalog,
            all,
            spelling,
            joins: Joins::Keys,
            depth: 0,
            several: false,
            plain,
            keys,
            groups,
            froms: BTreeMap::new(),
            behind: BTreeMap::new(),
            shared: BTreeMap::new(),
        }
    }

    /// Nothing where no table has a column that can be compared.
    pub(super) fn define(mut self) -> Option<Expr> {
        let tables = self.tables();
        let mut levels: Vec<Level> = Vec::new();
        for depth in 0..self.depth {
            let is_last = depth + 1 == self.depth;
            levels.push(self.level(&tables, depth, levels.last(), is_last));
        }
        self.outermost(&tables, &levels)
    }

    fn tables(&mut self) -> Tables {
        let (words, common, dialect) = (&mut *self.words, self.common, self.catalog.dialect());
        let plain = &self.plain;
        Rules::define(self.all, self.spelling, |source, spelled, suffix| {
            let making = Making::new(words, common, plain, suffix);
            making.rules(&source.table, spelled, dialect)
        })
    }

    fn outermost(&mut self, tables: &Tables, levels: &[Level]) -> Option<Expr> {
        let inner = levels.last();
        let (mut ways, mut operands) = (Vec::new(), Operands::new());
        for scope in self.all.scopes.clone() {
            let Some(rows) = self.rows(&scope, tables, self.depth, inner) else {
                continue;
            };
            self.operands(&scope, &rows, &mut operands);
            let totals = inner.map_or_else(Vec::new, |inner| self.totals(&scope, tables, inner));
            let singles = inner.and_then(|inner| inner.single.clone());
            let singles: Vec<Expr> = singles.into_iter().chain(totals).collect();
            let single = (!singles.is_empty()).then(|| Expr::alt(singles));
            let body = self.queries(&name("", &scope), &rows, inner, single);
            ways.push(self.words.rule(&name("select", &scope), body));
        }
        if ways.is_empty() {
            return None;
        }
        let withs = self.of_derived(levels, &mut ways);
        let select = self.words.text("SELECT ");
        let mut all = vec![Expr::seq([select, Expr::alt(ways)])];
        all.extend(withs);
        for (kind, (columns, ways)) in operands {
            all.push(self.set_of(&kind, columns, ways));
        }
        let limit = self.common.limit.clone();
        let rule = self.policy.limit;
        let must = rule.is_some_and(|limit| limit.missing == MissingLimit::Refuse);
        let limit = if must { limit } else { limit.optional() };
        Some(Expr::seq([Expr::alt(all), limit]))
    }

    /// What a scope can be on the sides of set operations: a column of each type; of single tables also two, or all there are.
    fn operands(&mut self, scope: &Scope, rows: &Rows<'_>, operands: &mut Operands) {
        if !self.policy.set_operations {
            return;
        }
        let mut add = |kind: String, columns: usize, way: Expr| {
            let (_, ways) = operands.entry(kind).or_insert((columns, Vec::new()));
            ways.push(way);
        };
        let values = Of::each(|kind| rows.any(|rules| kind.of(&rules.values).clone()));
        let from = rows.from.clone();
        for kind in [Kind::Number, Kind::Text, Kind::Date] {
            if let Some(value) = kind.of(&values).clone() {
                add(kind.name().to_owned(), 1, Expr::seq([value, from.clone()]));
            }
        }
        let pairs = [Kind::Number, Kind::Text].map(|first| {
            let second = [Kind::Number, Kind::Text];
            second.map(|second| (first, second))
        });
        for (first, second) in pairs.into_iter().flatten().filter(|_| scope.len() == 1) {
            let pair = first.of(&values).clone().zip(second.of(&values).clone());
            if let Some((left, right)) = pair {
                let kind = format!("{}_{}", first.name(), second.name());
                let comma = self.words.text(", ");
                add(kind, 2, Expr::seq([left, comma, right, from.clone()]));
            }
        }
        // Of several tables, the order of the columns is that of the joins.
        if rows.shows_all && scope.len() == 1 {
            let sources = scope.iter().filter_map(|index| self.all.list.get(*index));
            let columns = sources.flat_map(|source| &source.table.columns);
            let way = Expr::seq([self.words.text("*"), from]);
            add(signature(columns), 1, way);
        }
    }

    fn set_of(&mut self, kind: &str, columns: usize, ways: Vec<Expr>) -> Expr {
        let select = self.words.text("SELECT ");
        let distinct = self.words.text("DISTINCT ").optional();
        let operand = Expr::seq([select, distinct, Expr::alt(ways)]);
        let operand = self.words.rule(&format!("operand_{kind}"), operand);
        let more = Expr::seq([self.common.set_operation.clone(), operand.clone()]);
        let order = self.placed(columns);
        Expr::seq([operand, more.repeat(1, Some(2)), order.optional()])
    }

    /// What stands behind `SELECT`: rows, rows without doubles, numbers about all rows, and about groups.
    pub(super) fn queries(
        &mut self,
        key: &str,
        rows: &Rows<'_>,
        inner: Option<&Level>,
        single: Option<Expr>,
    ) -> Expr {
        let behind = self.behind(key, rows);
        let value = rows.any(|of| Some(of.value.clone())).unwrap_or(Expr::Empty);
        let value = self.named("selected", key, value);
        let more = rows.any(|of| of.window.clone()).into_iter().chain(single);
        let more = Expr::alt(more.collect::<Vec<_>>());
        let item = Expr::alt([value.clone(), self.named("item", key, more)]);
        let items = self.words.list(&item, 11);
        let all = rows.shows_all.then(|| self.words.text("*"));
        let items = Expr::alt(std::iter::once(items).chain(all));
        let from = rows.from.clone();
        let plain = Expr::seq([items, from.clone(), behind.order.clone().optional()]);
        let distinct = [
            self.words.text("DISTINCT "),
            self.distinct(&value, &from, 1),
        ];
        let mut ways = vec![plain, Expr::seq(distinct)];
        if let Some(aggregate) = &behind.aggregate {
            let against = inner.map_or(self.plain.number.clone(), |inner| {
                inner.against.number.clone()
            });
            let having = self.having(key, &behind, self.depth, &against);
            let having = having.map_or(Expr::Empty, Expr::optional);
            let counted = self.named("counted", key, aggregate.clone());
            let comma = self.words.text(", ");
            let more = Expr::seq([comma, counted.clone()]).repeat(0, Some(4));
            let more = Expr::seq([more, from.clone()]);
            let more = self.words.rule(&format!("more{key}"), more);
            ways.push(Expr::seq([counted, more.clone(), having.clone()]));
            let groups = [value, more, having];
            ways.push(self.grouped(&groups, behind.grouped.as_ref(), 1));
        }
        Expr::alt(ways)
    }

    /// Something with or without a name.
    fn named(&mut self, kind: &str, key: &str, of: Expr) -> Expr {
        let named = Expr::seq([of, self.common.alias.clone()]);
        self.words.rule(&format!("{kind}{key}"), named)
    }

    /// So many values or more, ordered by their places.
    fn distinct(&mut self, value: &Expr, from: &Expr, values: usize) -> Expr {
        let order = self.placed(values).optional();
        let last = Expr::seq([from.clone(), order]);
        let more = (values < GROUPS).then(|| {
            let more = self.distinct(value, from, values + 1);
            Expr::seq([self.words.text(", "), more])
        });
        let behind = Expr::alt(std::iter::once(last).chain(more));
        Expr::seq([value.clone(), behind])
    }

    /// So many values or more, with numbers about the groups that they make.
    fn grouped(
        &mut self,
        [value, counted, having]: &[Expr; 3],
        order: Option<&Expr>,
        values: usize,
    ) -> Expr {
        let places: Vec<String> = (1..=values).map(|place| place.to_string()).collect();
        let group = self.words.text(&format!(" GROUP BY {}", places.join(", ")));
        let orders = std::iter::once(self.placed(values)).chain(order.cloned());
        let order_by = Expr::alt(orders.collect::<Vec<_>>()).optional();
        let last = Expr::seq([counted.clone(), group, having.clone(), order_by]);
        let more = (values < GROUPS).then(|| {
            let groups = [value.clone(), counted.clone(), having.clone()];
            let more = self.grouped(&groups, order, values + 1);
            Expr::seq([self.words.text(", "), more])
        });
        let behind = Expr::alt(std::iter::once(last).chain(more));
        Expr::seq([value.clone(), behind])
    }

    /// ` ORDER BY` the places of so many columns.
    pub(super) fn placed(&mut self, most: usize) -> Expr {
        self.shared(&format!("places{most}"), |own| own.places(most))
    }

    /// A rule that is made once.
    pub(super) fn shared(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if let Some(known) = self.shared.get(name) {
            return known.clone();
        }
        let body = make(self);
        let rule = self.words.rule(name, body);
        self.shared.insert(name.to_owned(), rule.clone());
        rule
    }
}

/// ` GROUP BY 1 HAVING count(*) > 1 ORDER BY count(*) DESC`, ` ORDER BY 1`.
fn groups(words: &mut Words, common: &Common) -> Expr {
    let direction = common.direction.clone().optional();
    let (by, place, group) = (
        words.text(" ORDER BY "),
        words.text("1"),
        words.text(" GROUP BY 1"),
    );
    let order = Expr::seq([by.clone(), place.clone(), direction.clone()]);
    let (mut having, mut counted) = (Expr::Empty, vec![place]);
    if let Some(count) = common.calls.count_all.clone() {
        let test = [
            count.clone(),
            common.comparison.clone(),
            common.number.clone(),
        ];
        let test = [words.text(" HAVING ")].into_iter().chain(test);
        having = Expr::seq(test).optional();
        counted.push(count);
    }
    let of_groups = Expr::seq([by, Expr::alt(counted), direction]).optional();
    let groups = Expr::alt([order, Expr::seq([group, having, of_groups])]);
    words.rule("groups", groups)
}
