//! What narrows a list, what stands where nothing of it is left, and the ways to the rest of it.

use leptos::prelude::*;

use crate::parts::{Empty, Icon};

/// The form. What it asks for is in the address, so that a list can be linked to.
#[component]
pub(crate) fn FilterForm(
    /// The address of the page.
    action: &'static str,
    /// Whether the list is narrowed now.
    narrowed: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="get" action=action class="filter" id="filter" role="search">
            {children()}
            <div class="row">
                <button class="button" data-kind="main">
                    "Filter"
                </button>
                {narrowed.then(|| view! { <a class="button" href=action>"Clear"</a> })}
            </div>
        </form>
    }
    .into_any()
}

/// A field of it.
#[component]
pub(crate) fn FilterField(
    /// Its name in the address.
    name: &'static str,
    /// What is asked for.
    label: &'static str,
    /// What it is set to.
    value: Option<String>,
    /// What is typed: a text, or a date.
    #[prop(default = "text")]
    kind: &'static str,
    /// The key that leads to it.
    #[prop(optional)]
    key: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value
                maxlength="200"
                autocomplete="off"
                data-key=key
            />
        </div>
    }
    .into_any()
}

/// What stands there when the filter leaves nothing: each part of it, and the way to leave it out.
#[component]
pub(crate) fn NothingLeft(
    /// A picture of what is listed.
    picture: Icon,
    /// That there is none.
    title: &'static str,
    /// Why.
    why: String,
    /// The parts of the filter that are set, as words, and the address of the list without each.
    without: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <Empty picture title>
            <p>{why}</p>
            <ul class="row">
                {without
                    .into_iter()
                    .map(|(part, href)| {
                        view! {
                            <li>
                                <a class="button" href=href>
                                    {format!("without {part}")}
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Empty>
    }
    .into_any()
}

/// The ways to newer and older things.
#[component]
pub(crate) fn Pages(
    /// The address of the first page, from any other.
    newest: Option<String>,
    /// The address of the next page, where there is one.
    older: Option<String>,
) -> impl IntoView {
    view! {
        <nav class="row" aria-label="Pages">
            {newest.map(|href| view! { <a class="button" href=href>"Newest"</a> })}
            {older.map(|href| view! { <a class="button" rel="next" href=href>"Older"</a> })}
        </nav>
    }
    .into_any()
}
