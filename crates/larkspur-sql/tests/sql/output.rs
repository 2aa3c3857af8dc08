//! A grammar of queries as an output: what is sent, what an answer is read to, what the model is told.

use insta::assert_snapshot;
use larkspur_output::{Carrier, Constraint, GrammarSyntax, Output, OutputType as _, Target};
use larkspur_sql::{Query, SelectGrammar};

use crate::support::{HIDING, shop};

fn output(policy: &str) -> Output<Query> {
    shop(policy).select().prepare(Target::openai()).unwrap()
}

#[test]
fn the_grammar_is_sent_as_each_server_takes_it() {
    let db = shop(HIDING);
    for (target, syntax) in [
        (Target::openai(), GrammarSyntax::Lark),
        (Target::llama_cpp(), GrammarSyntax::Gbnf),
        (Target::vllm(), GrammarSyntax::Ebnf),
        (Target::ollama(), GrammarSyntax::Lark),
    ] {
        let output = db.select().prepare(target).unwrap();
        let Constraint::Grammar(format) = output.constraint() else {
            panic!("{:?}", output.constraint());
        };
        assert_eq!(format.syntax, syntax);
        assert!(format.definition.contains("customer.name"));
        assert!(!format.definition.contains("password") && !format.definition.contains("secret"));
        let told = output.relaxations().len();
        assert_eq!(
            told,
            usize::from(target.carrier() == Carrier::Description),
            "{:?}",
            output.relaxations()
        );
    }
}

#[test]
fn an_answer_is_a_query_that_may_be_run() {
    let output = output(HIDING);
    for sql in [
        "SELECT customer.name FROM customer",
        // No sentence of the grammar, and nothing wrong with it.
        "select name from customer c where exists (select 1 from invoice where customer_id = c.id)",
    ] {
        assert_eq!(output.read(sql).unwrap().sql(), sql);
    }
}

#[test]
fn what_the_policy_refuses_goes_back() {
    let output = output(HIDING);
    let rejection = output
        .read("SELECT customer.password FROM customer; DROP TABLE customer")
        .unwrap_err();
    assert_snapshot!(rejection.reask(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- after "SELECT ": `customer` has no column `password`; its columns: id, name, country
- after …"tomer.password FROM customer; ": there are 2 statements in the text, one is allowed
- after …"tomer.password FROM customer; ": only a query is allowed; begin with SELECT or WITH
"#);
    for sql in [
        "",
        "Ada bought most.",
        "DELETE FROM customer",
        "SELECT canary FROM secret",
        "SELECT * FROM customer",
    ] {
        assert!(output.read(sql).is_err(), "{sql}");
    }
}

#[test]
fn the_words_of_the_database_go_back() {
    let rejection = output("{}")
        .read("SELECT abs(customer.id, 1) FROM customer")
        .unwrap_err();
    assert_snapshot!(rejection.reask(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- after "SELECT ": wrong number of arguments to function abs()
"#);
    // Without a database there is only the guard.
    let db = shop("{}");
    let alone = SelectGrammar::new(db.catalog(), db.guard().policy())
        .prepare(Target::openai())
        .unwrap();
    assert!(
        alone
            .read("SELECT abs(customer.id, 1) FROM customer")
            .is_ok()
    );
}

#[test]
fn a_bound_on_rows_holds_in_the_reader_too() {
    let db = shop(r#"{"limit": {"max": 50}}"#);
    for (most, told) in [(10, 10), (90, 50)] {
        let output = db
            .select()
            .max_rows(most)
            .prepare(Target::openai())
            .unwrap();
        let query = output.read("SELECT customer.name FROM customer").unwrap();
        assert_eq!(
            query.sql(),
            format!("SELECT customer.name FROM customer LIMIT {told}")
        );
        assert!(
            output
                .read("SELECT customer.name FROM customer LIMIT 51")
                .is_err()
        );
    }
    // The database itself has its own bound still.
    assert!(db.check("SELECT name FROM customer LIMIT 50").is_ok());
}

#[test]
fn instructions_show_what_the_policy_shows() {
    assert_snapshot!(shop(HIDING).select().instructions(), @r#"
Answer the question with one SELECT statement for SQLite and nothing else. Where there are several tables, write every column behind the name of its table. Join tables along their keys, and ask for no more than the question does. These are the tables, with their keys and where they lead:

customer(id INTEGER, name TEXT, country TEXT)
  key id
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2), day DATE)
  key id
  customer_id -> customer(id)
german(id INTEGER, name TEXT) view
"#);
}
