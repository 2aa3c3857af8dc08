//! Answers over real HTTP: the grammar goes out, the local server holds a random writer to it, the answer is read as the type.

use std::fmt::Debug;

use larkspur::sim::{Sim, Writer};
use larkspur::{Client, Syntax, syntax};
use proptest::prelude::*;
use tokio::runtime::Runtime;

/// Answers of one language, at most.
const ANSWERS: u32 = 100;

/// Asks for values of `T`; every answer that is whole is one, and prints to a text that is read as the same value.
#[track_caller]
pub(crate) fn answers<T: Syntax + Debug + PartialEq>(_: impl Strategy<Value = T>, texts: u32) {
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let runtime = Runtime::new().unwrap();
    let wanted = (texts / 16).clamp(1, ANSWERS);
    let mut whole = 0;
    for number in 0..wanted {
        let request = client
            .responses("gpt-5.2")
            .input(format!("number {number}"))
            .reask(0);
        match runtime.block_on(request.extract_with(&syntax::<T>())) {
            Ok(reply) => {
                let printed = reply.value.print().unwrap();
                assert_eq!(T::parse(&printed).unwrap(), reply.value, "{}", reply.text);
                whole += 1;
            }
            // A random writer does not know when to stop.
            Err(error) => assert!(error.is_truncated(), "{error}"),
        }
    }
    assert!(2 * whole >= wanted, "{whole} of {wanted} answers are whole");
}
