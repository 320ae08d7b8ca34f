//! What several tests need.

use std::env::var;
use std::time::Duration;

use faults::Ending;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// Nothing passes later than this after a deadline (docs/threats.md, invariant 3).
pub(crate) const AFTER_DEADLINE: Duration = Duration::from_secs(1);
/// Nothing passes later than this after a revocation (docs/threats.md, invariant 4).
pub(crate) const AFTER_REVOCATION: Duration = Duration::from_secs(2);
/// The pod's clock is read in hundredths of a second.
const COARSE: Duration = Duration::from_millis(10);

/// So many seconds before a point in time.
pub(crate) fn before(at: Duration, seconds: u64) -> Duration {
    at.saturating_sub(Duration::from_secs(seconds))
}

/// How often, or how much, as the environment says.
pub(crate) fn amount(variable: &str, otherwise: u64) -> u64 {
    var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Chance that can be repeated.
pub(crate) fn chance() -> StdRng {
    let seed = amount("FAULTS_SEED", rand::random_range(0..1_000_000));
    println!("FAULTS_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// Up to so many milliseconds.
pub(crate) fn milliseconds(chance: &mut StdRng, most: u64) -> Duration {
    Duration::from_micros(chance.random_range(0..=most * 1_000))
}

/// Nothing passed after a point in time, in either direction, and something did before it.
pub(crate) async fn nothing_passed_after(last: Duration, ending: &Ending<'_>) {
    let shown = ending.last_output().unwrap();
    assert!(shown <= last, "output came {:?} too late", shown.saturating_sub(last));
    let notes = ending.notes().await.unwrap();
    let &(read, number) = notes.last().unwrap();
    assert!(
        read <= last + COARSE,
        "line {number} was read {:?} too late",
        read.saturating_sub(last)
    );
}
