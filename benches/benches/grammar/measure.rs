//! Rounds and tables.
//!
//! All contenders of a race run in turn, again and again, and the best round of each counts: what else the machine does
//! hits all alike, and time is that of the thread, not of the clock on the wall.

use std::time::Duration;

use cpu_time::ThreadTime;

/// One way to do a task.
pub(crate) struct Contender<'c> {
    name: &'c str,
    /// Does it once and says how long that took, without what does not count.
    run: Box<dyn FnMut() -> Duration + 'c>,
}

impl<'c> Contender<'c> {
    pub(crate) fn new(name: &'c str, run: impl FnMut() -> Duration + 'c) -> Self {
        let run = Box::new(run);
        Self { name, run }
    }
}

/// How long something took, on this thread.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = ThreadTime::now();
    let made = std::hint::black_box(work());
    let took = start.elapsed();
    drop(made);
    took
}

/// Rounds of a race; the first only warms up.
const ROUNDS: usize = 16;

/// The best time of each contender.
pub(crate) fn best(contenders: &mut [Contender<'_>]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; contenders.len()];
    for round in 0..=ROUNDS {
        for (contender, best) in contenders.iter_mut().zip(&mut best) {
            let took = (contender.run)();
            if round > 0 {
                *best = took.min(*best);
            }
        }
    }
    best
}

/// Runs a race over a text of so many bytes and prints it: each time beside that of the first contender.
pub(crate) fn race(title: &str, bytes: usize, mut contenders: Vec<Contender<'_>>) {
    let best = best(&mut contenders);
    let name = contenders.first().map_or("", |first| first.name);
    println!("\n### {title}\n\n| | ms | MB/s | time, {name} = 1 |\n|---|---|---|---|");
    let first = best.first().copied().unwrap_or_default().as_secs_f64();
    for (contender, took) in contenders.iter().zip(best) {
        let seconds = took.as_secs_f64();
        println!(
            "| {} | {} | {} | {} |",
            contender.name,
            significant(seconds * 1e3),
            significant(bytes_to_f64(bytes) / seconds / 1e6),
            significant(seconds / first)
        );
    }
}

pub(crate) fn bytes_to_f64(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::MAX, f64::from)
}

/// Three significant digits.
pub(crate) fn significant(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else if value >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.digits$}")
}
