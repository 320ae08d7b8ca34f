//! What helps to decide on a request, as rows of a list of facts.

use domain::broker::{Insight, Record};
use leptos::prelude::*;

/// This person of late, similar decisions, and what a shell there reaches.
#[component]
pub(crate) fn Helps(insight: Insight) -> impl IntoView {
    let Insight { before, similar, reach } = insight;
    view! {
        <dt>"Of late"</dt>
        <dd>
            <div>{counted(before)} " " <small>"this person here, in 30 days"</small></div>
            <div>{counted(similar)} " " <small>"anybody for this role here, in 30 days"</small></div>
        </dd>
        <dt>"Reaches"</dt>
        <dd>
            {match reach {
                None => "unknown: the cluster says nothing of its pods now".into_any(),
                Some(reach) if reach.is_empty() => "nothing beyond its containers".into_any(),
                Some(reach) => reach
                    .into_iter()
                    .map(|found| {
                        view! {
                            <div class="reach">
                                <code>{found.workload}</code>
                                <small>{found.what.join(", ")}</small>
                            </div>
                        }
                    })
                    .collect_view()
                    .into_any(),
            }}
        </dd>
    }
    .into_any()
}

/// `3 granted, 1 denied`, or that there was none.
pub(crate) fn counted(record: Record) -> String {
    let parts = [
        (record.approved, "granted"),
        (record.denied, "denied"),
        (record.refused, "refused"),
        (record.other, "withdrawn or lapsed"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
