//! Several measurements of one thing.

use std::time::Duration;

/// Durations, and what is typical of them.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Without any.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn add(&mut self, one: Duration) {
        self.0.push(one);
    }

    /// The shortest that at least this share of all do not exceed, in milliseconds; the share is
    /// in percent. Zero where there are none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(0.0, |one| one.as_secs_f64() * 1_000.0)
    }
}

impl Extend<Duration> for Sample {
    fn extend<T: IntoIterator<Item = Duration>>(&mut self, more: T) {
        self.0.extend(more);
    }
}

impl FromIterator<Duration> for Sample {
    fn from_iter<T: IntoIterator<Item = Duration>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut sample = Sample::default();
        assert!(sample.percentile(50).abs() < f64::EPSILON);
        sample.extend((1..=20).rev().map(Duration::from_millis));
        for (percent, value) in [(0, 1.0), (50, 10.0), (95, 19.0), (99, 20.0), (100, 20.0)] {
            assert!((sample.percentile(percent) - value).abs() < 1e-9, "{percent}");
        }
    }
}
