//! The navigation, the tray of live sessions, and who is signed in.

use domain::broker::Frame;
use leptos::prelude::*;

use crate::parts::{Countdown, GlassTag, Icon, here, icon};
use crate::{PageContext, Theme};

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Namespaces,
    Inbox,
    Sessions,
    Recordings,
    Audit,
    Policy,
    /// None of them.
    Elsewhere,
}

impl Tab {
    const SHOWN: [(Self, &'static str, &'static str, Icon, &'static str); 6] = [
        (Self::Namespaces, "Namespaces", "/", Icon::Namespaces, "g n"),
        (Self::Inbox, "Inbox", "/inbox", Icon::Inbox, "g i"),
        (Self::Sessions, "Sessions", "/sessions", Icon::Terminal, "g s"),
        (Self::Recordings, "Recordings", "/recordings", Icon::Play, "g r"),
        (Self::Audit, "Audit", "/audit", Icon::List, "g a"),
        (Self::Policy, "Policy", "/policy", Icon::Lock, "g p"),
    ];
}

/// What stands beside every page.
#[component]
pub(crate) fn Side(frame: Frame, current: Tab) -> impl IntoView {
    let pending = frame.pending;
    view! {
        <aside class="side" id="side">
            <div class="top">
                <a class="brand" href="/">
                    {icon(Icon::Anchor)} <span>"Shorepass"</span>
                </a>
                <a class="me" href="#account">
                    <span class="avatar" aria-hidden="true">
                        {initial(&frame)}
                    </span>
                    <span class="unseen">{format!("Signed in as {}", frame.person.username)}</span>
                </a>
            </div>
            <nav class="tabs" aria-label="Main">
                {Tab::SHOWN
                    .into_iter()
                    .map(|(tab, name, href, picture, keys)| {
                        let count = (tab == Tab::Inbox && pending > 0).then_some(pending);
                        view! {
                            <a
                                href=href
                                data-key=keys
                                aria-current=(tab == current).then_some("page")
                            >
                                {icon(picture)}
                                <span>{name}</span>
                                {count
                                    .map(|count| {
                                        view! {
                                            <span class="count">
                                                {count}
                                                <span class="unseen">" waiting for you"</span>
                                            </span>
                                        }
                                    })}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <Tray frame=frame.clone() />
            <Account frame />
        </aside>
    }
    .into_any()
}

/// The person's own sessions that run now.
#[component]
fn Tray(frame: Frame) -> impl IntoView {
    (!frame.live.is_empty()).then(|| {
        view! {
            <section class="tray" id="tray" aria-labelledby="tray-title">
                <h2 id="tray-title">"Live now"</h2>
                <ul>
                    {frame
                        .live
                        .into_iter()
                        .map(|row| {
                            let target = row.session.target;
                            view! {
                                <li id=format!("tray-{}", row.session.id)>
                                    <a href=format!("/sessions/{}", row.session.id)>
                                        <b>{target.pod.to_string()}</b>
                                        <small>
                                            {target.place.namespace.to_string()} " · "
                                            <Countdown
                                                left=row.remaining
                                                until=row.session.not_after
                                            />
                                            {row.broke_glass.then(|| view! { " " <GlassTag /> })}
                                        </small>
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Account(frame: Frame) -> impl IntoView {
    let username = frame.person.username.to_string();
    let initial = initial(&frame);
    let groups: Vec<_> = frame.person.groups.iter().map(ToString::to_string).collect();
    let groups = if groups.is_empty() { "no groups".to_owned() } else { groups.join(", ") };
    view! {
        <footer class="account" id="account">
            <p class="connection" id="connection" data-state="still"></p>
            <div class="whoami">
                <span class="avatar" aria-hidden="true">
                    {initial}
                </span>
                <span>
                    <b>{username}</b>
                    <small title=groups.clone()>{groups.clone()}</small>
                </span>
            </div>
            <div class="spread">
                <ThemeForm />
                <form method="post" action="/sign-out" id="sign-out">
                    <button class="quiet">"Sign out"</button>
                </form>
            </div>
        </footer>
    }
}

fn initial(frame: &Frame) -> Option<String> {
    frame.person.username.as_str().chars().next().map(|first| first.to_uppercase().to_string())
}

#[component]
fn ThemeForm() -> impl IntoView {
    let chosen = PageContext::current().theme;
    let pictures = [
        (Theme::System, Icon::Screen, "Colours of the system"),
        (Theme::Light, Icon::Sun, "Light colours"),
        (Theme::Dark, Icon::Moon, "Dark colours"),
    ];
    view! {
        <form method="post" action="/theme" class="theme" id="theme">
            <input type="hidden" name="back" value=here() />
            {pictures
                .into_iter()
                .map(|(theme, picture, name)| {
                    view! {
                        <button
                            name="theme"
                            value=theme.word()
                            aria-label=name
                            title=name
                            aria-pressed=if theme == chosen { "true" } else { "false" }
                        >
                            {icon(picture)}
                        </button>
                    }
                })
                .collect_view()}
        </form>
    }
}
