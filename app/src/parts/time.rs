//! Times: relative for reading, absolute on demand.

use std::time::Duration;

use domain::{Request, duration};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::PageContext;

/// How long ago something was, or how soon it will be; the absolute time is beside it.
#[component]
pub(crate) fn Ago(at: Timestamp) -> impl IntoView {
    let now = PageContext::current().now;
    view! {
        <time datetime=at.to_string() data-relative data-absolute=absolute(at)>
            {ago(at, now)}
        </time>
    }
}

/// What is left until an instant; counted down by the script.
#[component]
pub(crate) fn Countdown(
    /// What is left now.
    left: Duration,
    /// The instant at which nothing is left.
    until: Timestamp,
) -> impl IntoView {
    view! {
        <span class="countdown" data-countdown=until.to_string() data-absolute=absolute(until)>
            {format!("{} left", duration::words(rounded(left)))}
        </span>
    }
}

/// `24 Nov 2026, 14:03:11 UTC`.
pub(crate) fn absolute(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M:%S UTC").to_string()
}

/// From when the length of a request counts, after a comma.
pub(crate) fn from(request: &Request) -> String {
    match (&request.extends, request.starts_at) {
        (Some(base), _) => format!(", on top of what ends {}", absolute(base.until)),
        (None, Some(at)) => format!(", from {}", absolute(at)),
        (None, None) => ", from approval".to_owned(),
    }
}

/// A place in a recording, from microseconds: `1:23`, `1:02:03`.
pub(crate) fn clock(at_us: u64) -> String {
    let seconds = at_us / 1_000_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// `2 min ago`, `in 23 h`, `just now`.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let distance = now.duration_since(at);
    let words = duration::words(coarse(distance.unsigned_abs()));
    if distance.unsigned_abs() < Duration::from_secs(10) {
        "just now".to_owned()
    } else if distance.is_negative() {
        format!("in {words}")
    } else {
        format!("{words} ago")
    }
}

/// One unit is enough to say how long ago something was.
fn coarse(length: Duration) -> Duration {
    let unit = match length.as_secs() {
        0..60 => 1,
        60..3_600 => 60,
        3_600..86_400 => 3_600,
        _ => 86_400,
    };
    Duration::from_secs(length.as_secs() / unit * unit)
}

/// Seconds matter only in the last minute.
fn rounded(left: Duration) -> Duration {
    if left < Duration::from_mins(1) {
        left
    } else {
        Duration::from_mins(left.as_secs().div_ceil(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_one_unit() {
        let now: Timestamp = "2026-11-24T14:00:00Z".parse().unwrap();
        for (at, said) in [
            ("2026-11-24T13:59:55Z", "just now"),
            ("2026-11-24T13:59:15Z", "45 s ago"),
            ("2026-11-24T13:57:01Z", "2 min ago"),
            ("2026-11-24T09:30:00Z", "4 h ago"),
            ("2026-11-21T14:00:00Z", "3 d ago"),
            ("2026-11-25T13:00:00Z", "in 23 h"),
        ] {
            assert_eq!(ago(at.parse().unwrap(), now), said);
        }
    }

    #[test]
    fn places_in_a_recording_are_said_like_those_of_a_film() {
        for (at_us, said) in [(0, "0:00"), (83_900_000, "1:23"), (28_799_000_000, "7:59:59")] {
            assert_eq!(clock(at_us), said);
        }
    }

    #[test]
    fn what_is_left_is_said_in_minutes_until_the_last() {
        assert_eq!(duration::words(rounded(Duration::from_secs(702))), "12 min");
        assert_eq!(duration::words(rounded(Duration::from_secs(42))), "42 s");
    }
}
