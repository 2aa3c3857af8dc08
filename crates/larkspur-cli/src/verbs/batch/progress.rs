//! How far a batch is, on stderr, where somebody looks on.

use std::{fmt, time::Duration};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use larkspur_client::Cost;

/// A bar with rate, time left, failures and cost. It shows nothing where stderr is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    failures: usize,
    cost: Cost,
}

impl Progress {
    pub(crate) fn new(rows: u64, done: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}, {rate}, {eta} left{msg}");
        let bar = ProgressBar::new(rows).with_position(done);
        let bar = match style {
            Ok(style) => bar.with_style(style.with_key("rate", rate)),
            Err(_) => bar,
        };
        bar.reset_eta();
        bar.enable_steady_tick(Duration::from_millis(500));
        Self {
            bar,
            failures: 0,
            cost: Cost::ZERO,
        }
    }

    /// One row more.
    pub(crate) fn row(&mut self, has_value: bool, cost: Cost) {
        self.failures += usize::from(!has_value);
        self.cost += cost;
        self.bar.inc(1);
        let failures = match self.failures {
            0 => String::new(),
            failures => format!(", {failures} without a value"),
        };
        let dollars = self.cost.dollars();
        self.bar.set_message(format!("{failures}, ${dollars:.2}"));
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn rate(state: &ProgressState, to: &mut dyn fmt::Write) {
    let _ = write!(to, "{:.1}/s", state.per_sec());
}
