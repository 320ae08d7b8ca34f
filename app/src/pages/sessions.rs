//! Live and past sessions.

use domain::SessionState;
use domain::broker::SessionRow;
use leptos::prelude::*;

use crate::parts::{Content, Empty, Head, Icon, SessionTable, Tab, page};

/// The sessions page.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    page(Tab::Sessions, |broker| async move {
        let rows = broker.sessions().await?;
        Ok(Content {
            title: "Sessions".to_owned(),
            live: "sessions",
            body: view! { <SessionsView rows /> }.into_any(),
        })
    })
}

#[component]
fn SessionsView(rows: Vec<SessionRow>) -> impl IntoView {
    let none = rows.is_empty();
    let (past, live): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| matches!(row.session.state, SessionState::Ended { .. }));
    let line = match live.len() {
        0 => "None is live.".to_owned(),
        count => format!("{count} live now."),
    };
    view! {
        <Head title="Sessions" line=move || line.clone().into_any() />
        {none
            .then(|| {
                view! {
                    <Empty picture=Icon::Terminal title="No sessions yet">
                        <p>
                            "A session begins when you open a shell under a grant. Yours are listed here, and those that you may look after."
                        </p>
                        <p>
                            <a class="button" href="/">
                                "To the namespaces"
                            </a>
                        </p>
                    </Empty>
                }
            })}
        {(!live.is_empty()).then(|| view! { <SessionTable caption="Live" rows=live /> })}
        {(!past.is_empty()).then(|| view! { <SessionTable caption="Past" rows=past /> })}
    }
    .into_any()
}
