//! Finding requests in the inbox.

use domain::broker::{Inbox, RequestRow};
use leptos::prelude::*;

use crate::parts::{Icon, icon};

/// The field; what it asks for is in the address, so that it can be linked to.
#[component]
pub(super) fn Search(wanted: Option<String>) -> impl IntoView {
    view! {
        <form method="get" action="/inbox" class="search" role="search" id="search">
            {icon(Icon::Search)}
            <input
                type="search"
                name="q"
                id="q"
                value=wanted
                placeholder="Person, namespace, role or reason"
                aria-label="Find a request"
                data-key="/"
                autocomplete="off"
                spellcheck="false"
            />
            <kbd aria-hidden="true">"/"</kbd>
            <button class="unseen" tabindex="-1">
                "Find"
            </button>
        </form>
    }
}

/// The first request of an inbox that is meant by what was typed.
pub(super) fn first<'a>(inbox: &'a Inbox, wanted: &str) -> Option<&'a RequestRow> {
    let sections = [&inbox.needs_me, &inbox.waiting, &inbox.decided, &inbox.expired];
    sections.into_iter().flatten().find(|row| matches(row, wanted))
}

/// Leaves in an inbox what is meant by what was typed.
pub(super) fn narrow(inbox: &mut Inbox, wanted: &str) {
    for section in [&mut inbox.needs_me, &mut inbox.waiting, &mut inbox.decided, &mut inbox.expired]
    {
        section.retain(|row| matches(row, wanted));
    }
}

/// Whether a request is meant by what was typed: a part of a name, of the reason or of the ticket.
fn matches(row: &RequestRow, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let request = &row.request;
    [
        request.person.username.as_str(),
        request.place.namespace.as_str(),
        request.place.cluster.as_str(),
        request.role.as_str(),
        row.role.as_ref().map_or("", |role| &role.title),
        &request.reason,
        request.ticket.as_deref().unwrap_or_default(),
    ]
    .iter()
    .any(|words| words.to_lowercase().contains(&wanted))
}
