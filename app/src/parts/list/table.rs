//! A table of things that something can be done about.

use leptos::prelude::*;

/// The table; its rows are items that `j` and `k` move through, and their last cell is for what
/// can be done.
#[component]
pub(crate) fn Table(
    /// Its class.
    class: &'static str,
    /// What it holds.
    #[prop(into)]
    caption: String,
    /// The headings of all columns but the last.
    columns: &'static [&'static str],
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <table class=class>
            <caption>{caption}</caption>
            <thead>
                <tr>
                    {columns
                        .iter()
                        .map(|column| view! { <th scope="col">{*column}</th> })
                        .collect_view()}
                    <th scope="col">
                        <span class="unseen">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody data-list>{children()}</tbody>
        </table>
    }
    .into_any()
}
