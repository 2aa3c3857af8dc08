//! Answers over real HTTP: the grammar goes out, the local server holds a random writer to it, the answer is read as the type.

use std::fmt::Debug;

use larkspur::sim::{Fault, Sim, Writer};
use larkspur::{Client, Syntax, syntax};
use proptest::prelude::*;
use tokio::runtime::Runtime;

/// Answers of one language, at most.
const ANSWERS: u32 = 100;

/// Asks for values of `T`, until there are enough answers that are whole; each is one, and prints to a text that is read as the
/// same value.
#[track_caller]
pub(crate) fn answers<T: Syntax + Debug + PartialEq>(_: impl Strategy<Value = T>, texts: u32) {
    let sim = Sim::builder().writer(Writer::Random).start().unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let runtime = Runtime::new().unwrap();
    let wanted = (texts / 16).clamp(1, ANSWERS);
    let mut whole = 0;
    for number in 0..4 * wanted {
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
        if whole == wanted {
            return;
        }
    }
    panic!("{whole} of {wanted} answers are whole");
}

/// A gateway that ignores the grammar: its answer is rejected with the place and with what was expected there, the model is told
/// so, and what it writes then is read.
#[track_caller]
pub(crate) fn ignored<T: Syntax + Debug + PartialEq>(_: impl Strategy<Value = T>) {
    let sim = Sim::builder()
        .fault_times(Fault::ConstraintIgnored, 1)
        .start()
        .unwrap();
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let request = client.responses("gpt-5.2").input("something");
    let reply = Runtime::new()
        .unwrap()
        .block_on(request.extract_with(&syntax::<T>()))
        .unwrap();
    assert_eq!(reply.attempts().len(), 2);
    let rejected = reply.attempts()[0].failure.as_ref().unwrap();
    let again = sim.requests().last().unwrap().json().unwrap();
    let items = again["input"].as_array().unwrap();
    let told = items.last().unwrap()["output"].as_str().unwrap();
    let has_place = told.contains("- after ") || told.contains("- at the beginning");
    assert!(has_place && told.contains("expected "), "{told}");
    assert!(rejected.contains("expected "), "{rejected}");
}
