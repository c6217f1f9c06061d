//! One figure beside its bare limit.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

/// What was measured.
#[derive(Serialize)]
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// The bare limit taken in the same run, or the target where that is a number.
    limit: Option<f64>,
    /// The figure over the limit, where the limit was measured.
    ratio: Option<f64>,
}

impl Figure {
    /// A figure and the target it is held to.
    pub fn absolute(
        name: impl Into<String>,
        (value, unit): (f64, &'static str),
        at_most: f64,
    ) -> Self {
        Self {
            name: name.into(),
            value: rounded(value),
            unit,
            limit: Some(at_most),
            ratio: None,
        }
    }

    /// A figure and the bare limit that was measured beside it.
    pub fn beside(name: impl Into<String>, (value, unit): (f64, &'static str), limit: f64) -> Self {
        Self {
            name: name.into(),
            value: rounded(value),
            unit,
            limit: Some(rounded(limit)),
            ratio: Some(rounded(value / limit)),
        }
    }

    /// A rate and its bare limit, taken in turn: of the amount done in these seconds, pair by pair.
    /// The ratio is the middle one of the pairs, which a machine that drifts disturbs least.
    pub fn paired(
        name: impl Into<String>,
        (amount, unit): (f64, &'static str),
        pairs: &[(f64, f64)],
    ) -> Self {
        let rate = |seconds: Vec<f64>| amount / median(seconds);
        let ratios = pairs.iter().map(|(taken, bare)| bare / taken).collect();
        Self {
            name: name.into(),
            value: rounded(rate(pairs.iter().map(|(taken, _)| *taken).collect())),
            unit,
            limit: Some(rounded(rate(pairs.iter().map(|(_, bare)| *bare).collect()))),
            ratio: Some(rounded(median(ratios))),
        }
    }

    /// A figure that is only told.
    pub fn told(name: impl Into<String>, (value, unit): (f64, &'static str)) -> Self {
        Self {
            name: name.into(),
            value: rounded(value),
            unit,
            limit: None,
            ratio: None,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} {}", self.name, self.value, self.unit)?;
        if let Some(limit) = self.limit {
            write!(formatter, ", limit {limit}")?;
        }
        if let Some(ratio) = self.ratio {
            write!(formatter, ", ratio {ratio}")?;
        }
        Ok(())
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// Returns the instant to measure from.
#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the clock"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Returns how long something took, in seconds, and what it came to.
pub fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(f64, T)> {
    let begun = now();
    let done = work()?;
    Ok((begun.elapsed().as_secs_f64(), done))
}

/// Returns the middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns a duration in milliseconds.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
