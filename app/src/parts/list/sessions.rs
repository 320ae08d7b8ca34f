//! Sessions as rows of a table.

use domain::broker::SessionRow;
use domain::{LeftBehind, SessionState};
use leptos::prelude::*;

use super::Table;
use crate::parts::{Ago, Countdown, GlassTag, RiskTag, Tag, Tone};

/// Sessions with what can be done about them.
#[component]
pub(crate) fn SessionTable(
    /// What the table holds.
    caption: &'static str,
    /// The sessions, in the order shown.
    rows: Vec<SessionRow>,
) -> impl IntoView {
    view! {
        <Table class="sessions" caption columns=&["Container", "Who", "Begun", "State"]>
            {rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}
        </Table>
    }
    .into_any()
}

/// Where a session is; it leads on, and names its row.
#[component]
pub(crate) fn Target(
    /// The session.
    row: SessionRow,
    /// The id by which the row's actions are described.
    id: String,
    /// Where it leads.
    href: String,
) -> impl IntoView {
    let target = row.session.target;
    view! {
        <a id=id href=href class="name">
            {target.pod.to_string()}
        </a>
        <small>
            {format!("container {}", target.container)} " · " {target.place.namespace.to_string()} " "
            <RiskTag risk=row.risk /> {row.broke_glass.then(|| view! { " " <GlassTag /> })}
        </small>
    }
    .into_any()
}

/// Whose a session is, as the person who looks would say it.
pub(crate) fn who(row: &SessionRow) -> String {
    if row.own { "you".to_owned() } else { row.session.person.username.to_string() }
}

#[component]
fn Row(row: SessionRow) -> impl IntoView {
    let id = row.session.id;
    let ended = matches!(row.session.state, SessionState::Ended { .. });
    let described = format!("session-{id}-target");
    view! {
        <tr id=format!("session-{id}") data-item>
            <td class="main">
                <Target row=row.clone() id=described.clone() href=format!("/sessions/{id}") />
            </td>
            <td data-label="Who">{who(&row)}</td>
            <td data-label="Begun">
                <Ago at=row.session.asked_at />
            </td>
            <td data-label="State">
                <State row=row.clone() />
            </td>
            <td class="end">
                <div class="row">
                    {(row.own && !ended)
                        .then(|| {
                            view! {
                                <a
                                    class="button"
                                    data-kind="main"
                                    href=format!("/sessions/{id}")
                                    aria-describedby=described.clone()
                                >
                                    "Open"
                                </a>
                            }
                        })}
                    {(!row.own && !ended)
                        .then(|| {
                            view! {
                                <a
                                    class="button"
                                    href=format!("/sessions/{id}?watch=1")
                                    aria-describedby=described.clone()
                                >
                                    "Watch"
                                </a>
                            }
                        })}
                    {(row.may_end && !ended)
                        .then(|| {
                            view! {
                                <form
                                    method="post"
                                    action=format!("/sessions/{id}/end")
                                    id=format!("end-{id}")
                                >
                                    <input type="hidden" name="back" value="sessions" />
                                    <button
                                        class="button"
                                        data-kind="stop"
                                        aria-describedby=described.clone()
                                    >
                                        "End session"
                                    </button>
                                </form>
                            }
                        })}
                    {(ended && row.may_replay)
                        .then(|| {
                            view! {
                                <a
                                    class="button"
                                    href=format!("/recordings/{id}")
                                    aria-describedby=described.clone()
                                >
                                    "Play"
                                </a>
                            }
                        })}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// Whether it runs, for how long still, or how it ended.
#[component]
fn State(row: SessionRow) -> impl IntoView {
    match row.session.state {
        SessionState::Starting => view! { <Tag tone=Tone::Warn text="starting" /> }.into_any(),
        SessionState::Live { .. } => view! {
            <span>
                <Tag tone=Tone::Good text="live" />
                " "
                <Countdown left=row.remaining until=row.session.not_after />
            </span>
        }
        .into_any(),
        SessionState::Ended { how, left, .. } => {
            let suspicious = left != LeftBehind::Nothing;
            view! {
                <span>{how.words()}</span>
                {suspicious.then(|| view! { <small class="warn">{left.words()}</small> })}
            }
            .into_any()
        }
    }
}
