//! Contenders in turn, so that what disturbs the machine disturbs all.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// How often.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) rounds: u32,
    /// In a round.
    pub(crate) counted: u32,
    /// Before those that count, so that nobody pays for what the one before has left in the caches.
    pub(crate) before: u32,
}

/// What came of all rounds of a contender.
pub(crate) struct Outcome {
    /// Each time, in the best round.
    pub(crate) wall: Duration,
    /// The same, of the processor in the client's thread.
    pub(crate) client: Duration,
    /// To the first contender in the same round: the median of all rounds.
    pub(crate) wall_ratio: f64,
    /// The same, of the processor in the client's thread.
    pub(crate) client_ratio: f64,
}

/// What a round took, on the wall and of the processor.
type Took = [Duration; 2];

pub(crate) fn race<const N: usize>(
    times: Times,
    mut contenders: [Box<dyn FnMut() + '_>; N],
) -> [Outcome; N] {
    let rounds: Vec<[Took; N]> = (0..times.rounds)
        .map(|_| contenders.each_mut().map(|work| round(times, work)))
        .collect();
    std::array::from_fn(|contender| {
        let best = |clock: usize| rounds.iter().map(|round| round[contender][clock]).min();
        let ratio = |clock: usize| {
            let seconds = |took: &Took| took[clock].as_secs_f64();
            let ratio = |round: &[Took; N]| seconds(&round[contender]) / seconds(&round[0]);
            median(rounds.iter().map(ratio).collect())
        };
        Outcome {
            wall: best(0).expect("a round") / times.counted,
            client: best(1).expect("a round") / times.counted,
            wall_ratio: ratio(0),
            client_ratio: ratio(1),
        }
    })
}

fn round(times: Times, work: &mut dyn FnMut()) -> Took {
    (0..times.before).for_each(|_| work());
    let (wall, client) = (Instant::now(), ThreadTime::now());
    (0..times.counted).for_each(|_| work());
    let client = client.elapsed();
    [wall.elapsed(), client]
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
