//! How long it shall last.

use std::time::Duration;

use domain::broker::Offer;
use domain::duration;
use leptos::prelude::*;

use super::longest;
use crate::Rejected;
use crate::parts::Problem;

/// The lengths offered, as far as a role allows them.
const PRESETS: [(&str, u64); 7] =
    [("15m", 15), ("30m", 30), ("1h", 60), ("2h", 120), ("4h", 240), ("8h", 480), ("1d", 1_440)];

#[component]
pub(super) fn Lengths(
    offers: Vec<Offer>,
    /// What stands there at first, as typed; none for what is usual.
    typed: Option<String>,
) -> impl IntoView {
    let rejected = Rejected::current();
    let most = offers.iter().map(longest).max().unwrap_or_default();
    let least = offers.iter().map(longest).min().unwrap_or_default();
    let presets: Vec<_> = PRESETS
        .into_iter()
        .map(|(value, minutes)| (value, Duration::from_mins(minutes)))
        .filter(|(_, length)| *length <= most)
        .collect();
    let usual = presets
        .iter()
        .rev()
        .find(|(_, length)| *length <= least.min(Duration::from_mins(30)))
        .map_or("other", |(value, _)| *value);
    let offered = |text: &String| presets.iter().any(|(value, _)| value == text);
    let (first_choice, first_other) = match typed {
        None => (usual.to_owned(), None),
        Some(typed) if offered(&typed) => (typed, None),
        Some(typed) => ("other".to_owned(), Some(typed)),
    };
    let chosen = rejected.value("length").unwrap_or(first_choice);
    let wrong = rejected.problem("length").is_some();
    let first = rejected.is_first("length");
    let over = |length: Duration| {
        offers
            .iter()
            .enumerate()
            .filter(|(_, offer)| longest(offer) < length)
            .map(|(index, _)| index.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let other = chosen == "other";
    view! {
        <fieldset aria-describedby=wrong.then_some("length-problem")>
            <legend>"How long?"</legend>
            <div class="segments">
                {presets
                    .iter()
                    .map(|(value, length)| {
                        view! {
                            <label data-over=over(*length)>
                                <input
                                    type="radio"
                                    name="length"
                                    value=*value
                                    checked=chosen == *value
                                    autofocus=first && !other && chosen == *value
                                />
                                <span>{duration::words(*length)}</span>
                            </label>
                        }
                    })
                    .collect_view()} <label>
                    <input type="radio" name="length" value="other" checked=other />
                    <span>"Other"</span>
                </label>
            </div>
            <div class="field other">
                <label for="length-other">"Other length"</label>
                <input
                    id="length-other"
                    name="length_other"
                    value=rejected.value("length_other").or(first_other)
                    placeholder="45m"
                    autocomplete="off"
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=if wrong { "length-problem" } else { "length-hint" }
                    autofocus=first && other
                />
                <small id="length-hint">"Such as 45m or 1h 30m."</small>
            </div>
            <Problem field="length" />
        </fieldset>
    }
    .into_any()
}
