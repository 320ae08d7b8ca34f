//! Which recordings are wanted: a form, and an address.

use domain::broker::{RecordingFilter, Reviewed};
use leptos::prelude::*;

use crate::pages::address as address_of;

/// The address of the page with this filter.
pub(super) fn address(filter: &RecordingFilter) -> String {
    let before = filter.before.map(|id| id.to_string());
    let (since, until) = days(filter);
    address_of(
        "/recordings",
        &[
            ("shown", filter.shown.as_deref()),
            ("who", filter.who.as_deref()),
            ("namespace", filter.namespace.as_deref()),
            ("target", filter.target.as_deref()),
            ("since", since.as_deref()),
            ("until", until.as_deref()),
            ("reviewed", filter.reviewed.map(Reviewed::word)),
            ("before", before.as_deref()),
        ],
    )
}

/// Each part of a filter in words, with what it is set to and the filter without it.
pub(super) fn parts(
    filter: &RecordingFilter,
) -> [(&'static str, Option<String>, RecordingFilter); 7] {
    let filter = RecordingFilter { before: None, ..filter.clone() };
    let all = || filter.clone();
    let (since, until) = days(&filter);
    let reviewed = filter.reviewed.map(|reviewed| reviewed.word().to_owned());
    [
        ("shown", filter.shown.clone(), RecordingFilter { shown: None, ..all() }),
        ("who", filter.who.clone(), RecordingFilter { who: None, ..all() }),
        ("namespace", filter.namespace.clone(), RecordingFilter { namespace: None, ..all() }),
        ("container", filter.target.clone(), RecordingFilter { target: None, ..all() }),
        ("since", since, RecordingFilter { since: None, ..all() }),
        ("until", until, RecordingFilter { until: None, ..all() }),
        ("reviewed", reviewed, RecordingFilter { reviewed: None, ..all() }),
    ]
}

fn days(filter: &RecordingFilter) -> (Option<String>, Option<String>) {
    (filter.since.map(|day| day.to_string()), filter.until.map(|day| day.to_string()))
}

/// The form.
#[component]
pub(super) fn Filter(filter: RecordingFilter) -> impl IntoView {
    let (since, until) = days(&filter);
    let reviewed = filter.reviewed;
    let filtered = address(&filter) != "/recordings";
    view! {
        <form
            method="get"
            action="/recordings"
            class="filter recordings-filter"
            id="filter"
            role="search"
        >
            <div class="field">
                <label for="shown">"Shown in the terminal"</label>
                <input
                    id="shown"
                    name="shown"
                    value=filter.shown
                    maxlength="200"
                    autocomplete="off"
                    data-key="/"
                />
            </div>
            <div class="field">
                <label for="who">"Who"</label>
                <input id="who" name="who" value=filter.who autocomplete="off" />
            </div>
            <div class="field">
                <label for="namespace">"Namespace"</label>
                <input id="namespace" name="namespace" value=filter.namespace autocomplete="off" />
            </div>
            <div class="field">
                <label for="target">"Pod or container"</label>
                <input id="target" name="target" value=filter.target autocomplete="off" />
            </div>
            <div class="field">
                <label for="since">"Since"</label>
                <input id="since" name="since" type="date" value=since />
            </div>
            <div class="field">
                <label for="until">"Until"</label>
                <input id="until" name="until" type="date" value=until />
            </div>
            <div class="field">
                <label for="reviewed">"Reviewed"</label>
                <select id="reviewed" name="reviewed">
                    <option value="" selected=reviewed.is_none()>
                        "either"
                    </option>
                    {Reviewed::ALL
                        .into_iter()
                        .map(|either| {
                            view! {
                                <option value=either.word() selected=reviewed == Some(either)>
                                    {either.word()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <div class="row">
                <button class="button" data-kind="main">
                    "Filter"
                </button>
                {filtered.then(|| view! { <a class="button" href="/recordings">"Clear"</a> })}
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_carries_the_filter_and_nothing_else() {
        let filter = RecordingFilter {
            shown: Some("rm -rf /".to_owned()),
            since: "2026-11-24".parse().ok(),
            reviewed: Some(Reviewed::No),
            ..RecordingFilter::default()
        };
        let expected = "/recordings?shown=rm%20-rf%20%2F&since=2026-11-24&reviewed=no";
        assert_eq!(address(&filter), expected);
        assert_eq!(address(&RecordingFilter::default()), "/recordings");
    }
}
