//! Finding requests in the inbox.

use domain::broker::{Inbox, RequestRow};

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
