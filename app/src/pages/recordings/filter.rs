//! Which recordings are wanted: a form, and an address.

use domain::broker::{RecordingFilter, Reviewed};
use leptos::prelude::*;

use crate::pages::address as address_of;
use crate::parts::{FilterField, FilterForm};

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

/// The parts of a filter that are set, in words, each with the filter without it.
pub(super) fn parts(filter: &RecordingFilter) -> Vec<(String, RecordingFilter)> {
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
    .into_iter()
    .filter_map(|(name, value, rest)| Some((format!("{name} “{}”", value?), rest)))
    .collect()
}

fn days(filter: &RecordingFilter) -> (Option<String>, Option<String>) {
    (filter.since.map(|day| day.to_string()), filter.until.map(|day| day.to_string()))
}

/// The form.
#[component]
pub(super) fn Filter(filter: RecordingFilter) -> impl IntoView {
    let (since, until) = days(&filter);
    let reviewed = filter.reviewed;
    let narrowed = address(&filter) != "/recordings";
    view! {
        <FilterForm action="/recordings" narrowed>
            <FilterField name="shown" label="Shown in the terminal" value=filter.shown key="/" />
            <FilterField name="who" label="Who" value=filter.who />
            <FilterField name="namespace" label="Namespace" value=filter.namespace />
            <FilterField name="target" label="Pod or container" value=filter.target />
            <FilterField name="since" label="Since" value=since kind="date" />
            <FilterField name="until" label="Until" value=until kind="date" />
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
        </FilterForm>
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
