//! What is left of a session, in words.

use std::time::Duration;

use domain::duration;

use crate::parts::Tone;

const MINUTE: Duration = Duration::from_mins(1);

/// People are warned when this much is left.
const WARNINGS: [Duration; 3] = [Duration::from_mins(10), Duration::from_mins(5), MINUTE];
/// An end that is later by more than this was put off; less is a message that was long on its way.
pub(crate) const EXTENDED: Duration = Duration::from_secs(45);

/// What to say when the time left went from one length to another; none where nothing is new.
pub(crate) fn warning(before: Duration, now: Duration) -> Option<String> {
    let crossed = WARNINGS.into_iter().rfind(|mark| *mark < before && now <= *mark)?;
    let left = duration::words(crossed);
    Some(if crossed == MINUTE {
        format!("{left} left: then the shell ends, and all that runs in it")
    } else {
        format!("{left} left")
    })
}

/// `Extended to 14:35: 45 min left`, on this browser's clock, which is at `now_ms` since 1970.
pub(crate) fn extended(left: Duration, now_ms: f64) -> String {
    let end = js_sys::Date::new(&(now_ms + left.as_secs_f64() * 1_000.0).into());
    let (hour, minute) = (end.get_hours(), end.get_minutes());
    format!("Extended to {hour:02}:{minute:02}: {}", words(left))
}

/// What to say when the portal is about to be restarted.
pub(crate) fn restarting(left: Duration) -> String {
    let left = duration::words(Duration::from_secs(left.as_secs()));
    format!("The portal restarts, this terminal ends in {left}")
}

/// `12 min left`; seconds only in the last two minutes, so that nothing moves all the time.
pub(crate) fn words(left: Duration) -> String {
    let whole = match left.as_secs() {
        0..=120 => Duration::from_secs(left.as_secs()),
        more => Duration::from_mins(more.div_ceil(60)),
    };
    format!("{} left", duration::words(whole))
}

/// How near the end is, as a colour; the words say it too.
pub(crate) fn tone(left: Duration) -> Tone {
    match left {
        left if left <= MINUTE => Tone::Bad,
        left if left <= Duration::from_mins(5) => Tone::Warn,
        _ => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_in_seconds_only_at_the_end() {
        for (seconds, said) in
            [(702, "12 min left"), (3_600, "1 h left"), (119, "1 min 59 s left"), (0, "0 s left")]
        {
            assert_eq!(words(Duration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn people_are_warned_once_at_each_mark() {
        let at = Duration::from_secs;
        assert_eq!(warning(at(601), at(600)).as_deref(), Some("10 min left"));
        assert_eq!(warning(at(600), at(599)), None);
        assert!(warning(at(900), at(30)).is_some_and(|said| said.starts_with("1 min left")));
    }

    #[test]
    fn a_restart_is_announced_in_words() {
        let said = "The portal restarts, this terminal ends in 30 s";
        assert_eq!(restarting(Duration::from_secs(30)), said);
    }

    #[test]
    fn the_end_has_a_colour_when_it_is_near() {
        let near = [601, 300, 60].map(|seconds| tone(Duration::from_secs(seconds)));
        assert_eq!(near, [Tone::Plain, Tone::Warn, Tone::Bad]);
    }
}
