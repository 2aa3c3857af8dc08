//! Trees.
use larkspur_grammar::{Compiled, Parser, Semantics};
use crate::notation::grammar;
#[test]
fn show() {
    for (name, lark, sentences) in crate::grammars::ALL {
        let compiled = Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap();
        let mut cache = compiled.cache();
        let mut parser = Parser::new(&compiled);
        for s in *sentences {
            match parser.parse(&mut cache, *s) { Ok(t) => println!("{name}: {s:?} {t}"), Err(e) => println!("{name}: {s:?} ERR {e}") }
        }
        println!("{:?}", cache.states());
    }
}
