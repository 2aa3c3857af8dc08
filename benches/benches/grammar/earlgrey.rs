//! JSON by earlgrey, an Earley parser, on the lexer of [`lexing`](crate::lexing).

use earlgrey::{EarleyForest, EarleyParser, GrammarBuilder};

use crate::lexing::Lexer;

#[derive(Clone, Debug)]
#[expect(dead_code, reason = "made to be measured, not to be looked at")]
pub(crate) enum Tree {
    Leaf(String),
    Node(Vec<Tree>),
}

pub(crate) struct Json {
    parser: EarleyParser,
    forest: EarleyForest<'static, Tree>,
}

impl Json {
    pub(crate) fn new() -> Self {
        let mut builder = GrammarBuilder::default();
        for rule in ["value", "object", "pairs", "pair", "array", "values"] {
            builder = builder.nonterm(rule);
        }
        for literal in ["{", "}", "[", "]", ":", ",", "true", "false", "null"] {
            builder = builder.terminal(literal, move |text| text == literal);
        }
        let number = |text: &str| text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let grammar = builder
            .terminal("string", |text| text.starts_with('"'))
            .terminal("number", number)
            .rule("value", &["object"])
            .rule("value", &["array"])
            .rule("value", &["string"])
            .rule("value", &["number"])
            .rule("value", &["true"])
            .rule("value", &["false"])
            .rule("value", &["null"])
            .rule("object", &["{", "}"])
            .rule("object", &["{", "pairs", "}"])
            .rule("pairs", &["pair"])
            .rule("pairs", &["pairs", ",", "pair"])
            .rule("pair", &["string", ":", "value"])
            .rule("array", &["[", "]"])
            .rule("array", &["[", "values", "]"])
            .rule("values", &["value"])
            .rule("values", &["values", ",", "value"])
            .into_grammar("value")
            .expect("the grammar is sound");
        let mut forest = EarleyForest::new(|_, text| Tree::Leaf(text.to_owned()));
        for rule in &grammar.rules {
            forest.action(&rule.to_string(), Tree::Node);
        }
        let parser = EarleyParser::new(grammar);
        Self { parser, forest }
    }

    pub(crate) fn parse(&self, lexer: &Lexer, text: &str) -> Tree {
        let lexemes = lexer
            .lexemes(text)
            .map(|found| &text[found.start..found.end]);
        let parsed = self.parser.parse(lexemes).expect("JSON");
        self.forest.eval(&parsed).expect("a tree")
    }
}
