//! Events of the audit log, as sentences and as facts.

use std::time::Duration;

use domain::policy::{Commit, PolicyDigest};
use domain::{Event, Fact, GroupName, Scope, Sealed, Stamp, duration};
use leptos::prelude::*;

use super::{Ago, Tone, absolute};

/// What happened, as a sentence: who first, where somebody did it.
#[component]
pub(crate) fn Said(event: Event) -> impl IntoView {
    let who = event.actor.as_ref().map(|actor| actor.username.to_string());
    match who.zip(did(&event)) {
        Some((who, did)) => view! { <b>{who}</b> " " {did} }.into_any(),
        None => happened(&event).into_any(),
    }
}

/// What somebody did; none where the sentence is not about them.
fn did(event: &Event) -> Option<String> {
    let place = event.place.as_ref().map(|place| format!(" in {}", place.namespace));
    let place = place.unwrap_or_default();
    Some(match &event.fact {
        Fact::SignedIn { .. } => "signed in".to_owned(),
        Fact::SignedOut { how } => how.clone(),
        Fact::RequestSent { role, seconds, scope, decision, .. } => {
            let length = duration::words(Duration::from_secs(*seconds));
            let glass = if decision == "break-glass" { "broke the glass and " } else { "" };
            // One part of the namespace, and the namespace: "in pod web-1 in payments".
            format!("{glass}asked for {role}{}{place} for {length}", only(scope))
        }
        Fact::Refused { what, .. } => format!("was refused: {what}"),
        Fact::RequestApproved { count, needed, .. } => {
            format!("approved the request, {count} of {needed}")
        }
        Fact::RequestReminded => "reminded those who decide".to_owned(),
        Fact::ApprovalTakenBack => "took the approval back".to_owned(),
        Fact::GrantClaimed { not_after } => {
            format!("used the grant for the first time, until {}", absolute(*not_after))
        }
        Fact::RequestDenied { .. } => "denied the request".to_owned(),
        Fact::RequestWithdrawn => "withdrew the request".to_owned(),
        Fact::RequestChanged { seconds, scope, void, .. } => {
            let length = duration::words(Duration::from_secs(*seconds));
            format!("changed the request, now{} for {length}{}", only(scope), voided(*void))
        }
        Fact::RequestNarrowed { role, seconds, scope, void } => {
            let length = duration::words(Duration::from_secs(*seconds));
            format!("left {role}{} for {length} of the request{}", only(scope), voided(*void))
        }
        Fact::Commented { .. } => "said".to_owned(),
        Fact::GlassReviewed { .. } => "reviewed the broken glass".to_owned(),
        Fact::SessionStarting { target, .. } => {
            format!("opens a shell in {} of {}", target.container, target.pod)
        }
        Fact::SessionEnding { .. } => "ends the session".to_owned(),
        Fact::Watched => "joined the session to watch".to_owned(),
        Fact::RecordingRead => "read the recording".to_owned(),
        Fact::RecordingsSearched { text } => format!("searched recordings for “{text}”"),
        Fact::RecordingReviewed => "reviewed the recording".to_owned(),
        _ => return None,
    })
}

/// The part of the namespace that something is for, where it is not for all of it.
fn only(scope: &Scope) -> String {
    match scope {
        Scope::Namespace => String::new(),
        part => format!(" in {}", part.words()),
    }
}

/// What became of approvals that were for something else.
fn voided(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "; one approval is void".to_owned(),
        count => format!("; {count} approvals are void"),
    }
}

/// What happened, whoever did it.
fn happened(event: &Event) -> String {
    match &event.fact {
        Fact::SignInRefused { .. } => "A sign-in was refused".to_owned(),
        Fact::RequestLapsed => "The request lapsed: nobody decided in time".to_owned(),
        Fact::RequestEscalated { approvers, after } => {
            let groups: Vec<_> = approvers.iter().map(GroupName::as_str).collect();
            let waited = duration::words(Duration::from_secs(*after));
            format!("After {waited} {} may decide, too", groups.join(" and "))
        }
        Fact::GrantBegan { role, begins: Some(at), .. } => {
            format!("The grant of {role} was made; it begins {}", absolute(*at))
        }
        Fact::GrantBegan { role, .. } => format!("The grant of {role} began"),
        Fact::ApprovalVoided { approver } => {
            format!("The approval of {} does not count any more", approver.username)
        }
        Fact::SessionExtended { not_after } => {
            format!("The session goes on until {}", absolute(*not_after))
        }
        Fact::GrantEnded { how } => format!("The grant ended: {how}"),
        Fact::SessionLive { after_ms, .. } => format!("The shell is open, after {after_ms} ms"),
        Fact::SessionEnding { how } => format!("The portal ends the session: {}", how.words()),
        Fact::SessionEnded { how, .. } => format!("The session ended: {}", how.words()),
        Fact::SessionCleanedUp { left } => {
            format!("The portal looked into the container again: {}", left.words())
        }
        Fact::RecordingSealed { .. } => {
            "The recording was sealed, after the session's end was written down".to_owned()
        }
        Fact::RecordingArchived { .. } => "The recording was archived".to_owned(),
        Fact::RecordingRemoved { why } => format!("The recording is removed: {why}"),
        Fact::PolicyLoaded { .. } => "A policy took effect".to_owned(),
        Fact::PolicyRefused { .. } => "A changed policy was refused".to_owned(),
        Fact::PortalStarted { version } => format!("The portal started, version {version}"),
        _ => did(event)
            .map_or_else(|| event.fact.word().to_owned(), |did| format!("The portal itself {did}")),
    }
}

/// The colour of an event's mark.
pub(crate) fn tone(fact: &Fact) -> Tone {
    match fact {
        Fact::RequestApproved { .. }
        | Fact::GrantBegan { .. }
        | Fact::SessionLive { .. }
        | Fact::GlassReviewed { .. }
        | Fact::RecordingReviewed => Tone::Good,
        Fact::RequestSent { decision, .. } if decision == "break-glass" => Tone::Bad,
        Fact::ApprovalVoided { .. }
        | Fact::RequestDenied { .. }
        | Fact::Refused { .. }
        | Fact::SignInRefused { .. }
        | Fact::PolicyRefused { .. } => Tone::Bad,
        Fact::SessionStarting { .. } | Fact::RequestSent { .. } | Fact::Watched => Tone::Accent,
        _ => Tone::Plain,
    }
}

/// Everything that a kind of event says beyond its sentence.
pub(crate) fn facts(fact: &Fact) -> Vec<(&'static str, String)> {
    match fact {
        Fact::SignedIn { groups } => vec![("Groups", groups.join(", "))],
        Fact::SignInRefused { why }
        | Fact::RequestDenied { why }
        | Fact::RecordingRemoved { why } => vec![("Why", why.clone())],
        Fact::RequestSent { reason, ticket, decision, rule, policy, commit, .. } => {
            let ticket = ticket.clone().map(|ticket| ("Ticket", ticket));
            let said = [
                ("Policy said", decision.clone()),
                ("Rule", rule.clone()),
                ("Policy", stood_in(policy, commit.as_deref())),
            ];
            [("Reason", reason.clone())].into_iter().chain(ticket).chain(said).collect()
        }
        Fact::RequestChanged { reason, ticket, decision, rule, stamp, .. } => {
            let said = [
                ("Ticket", ticket.clone()),
                ("Policy said", decision.clone()),
                ("Rule", rule.as_ref().map(ToString::to_string)),
                ("Policy", stamp.as_ref().map(stamped)),
            ];
            let said = said.into_iter().filter_map(|(name, words)| Some((name, words?)));
            [("Reason", reason.clone())].into_iter().chain(said).collect()
        }
        Fact::Commented { words } | Fact::GlassReviewed { words } => vec![("Words", words.clone())],
        Fact::ApprovalVoided { approver } => {
            vec![("Why", format!("{} lost the right to approve it", approver.username))]
        }
        Fact::Refused { what, why, rule, stamp } => {
            let rule = rule.as_ref().map(|rule| ("Rule", rule.to_string()));
            let policy = stamp.as_ref().map(|stamp| ("Policy", stamped(stamp)));
            let told = [("What", what.clone()), ("Why", why.clone())];
            told.into_iter().chain(rule).chain(policy).collect()
        }
        Fact::RequestApproved { digest, .. } => vec![("Consented to", digest.clone())],
        Fact::GrantBegan { group, not_after, .. } => {
            vec![("Kubernetes group", group.clone()), ("Until", absolute(*not_after))]
        }
        Fact::SessionStarting { target, user, group, extras } => vec![
            ("Target", target.to_string()),
            ("User sent", user.clone()),
            ("Group sent", group.clone()),
            ("Extras sent", extras.join("\n")),
        ],
        Fact::SessionLive { protocol, .. } => vec![("Protocol", protocol.clone())],
        Fact::SessionEnding { how } => vec![("How", how.words())],
        Fact::SessionEnded { left, recording, .. } => {
            let sealed = recording.as_ref().map(|sealed| ("Recording", seal(sealed)));
            [("Left behind", left.words())].into_iter().chain(sealed).collect()
        }
        Fact::SessionCleanedUp { left } => vec![("Left behind", left.words())],
        Fact::RecordingSealed { recording } => vec![("Recording", seal(recording))],
        Fact::RecordingArchived { bytes, digest } => {
            vec![("File", format!("{bytes} bytes, SHA-256 {digest}"))]
        }
        Fact::PolicyLoaded { digest, commit } => {
            vec![("Policy", stood_in(digest, commit.as_deref()))]
        }
        Fact::PolicyRefused { problem } => vec![("Problem", problem.clone())],
        Fact::RecordingsSearched { text } => vec![("Text", text.clone())],
        Fact::GrantEnded { .. }
        | Fact::SignedOut { .. }
        | Fact::RequestWithdrawn
        | Fact::RequestNarrowed { .. }
        | Fact::SessionExtended { .. }
        | Fact::RequestReminded
        | Fact::RequestEscalated { .. }
        | Fact::ApprovalTakenBack
        | Fact::GrantClaimed { .. }
        | Fact::RequestLapsed
        | Fact::Watched
        | Fact::RecordingRead
        | Fact::RecordingReviewed
        | Fact::PortalStarted { .. } => Vec::new(),
    }
}

/// A policy's digest, with the commit that the policy stood in.
fn stood_in(digest: &str, commit: Option<&str>) -> String {
    commit.map_or_else(|| digest.to_owned(), |commit| format!("{digest}, commit {commit}"))
}

fn stamped(stamp: &Stamp) -> String {
    stood_in(&stamp.policy, stamp.commit.as_deref())
}

/// The policy of a decision, short enough for people, with its commit.
fn ruled(fact: &Fact) -> Option<String> {
    let (policy, commit) = match fact {
        Fact::RequestSent { policy, commit, .. } => (policy, commit),
        Fact::RequestChanged { stamp: Some(stamp), .. }
        | Fact::Refused { stamp: Some(stamp), .. } => (&stamp.policy, &stamp.commit),
        _ => return None,
    };
    let digest = PolicyDigest(policy.clone().into());
    let commit = commit.clone().map(|commit| Commit(commit.into()));
    let commit = commit.map(|commit| format!(", commit {}", commit.short())).unwrap_or_default();
    Some(format!("by policy {}{commit}", digest.short()))
}

fn seal(sealed: &Sealed) -> String {
    format!("{} bytes, blake3 {}", sealed.bytes, sealed.digest)
}

/// Events from the oldest to the newest, joined by a line.
#[component]
pub(crate) fn Timeline(events: Vec<Event>) -> impl IntoView {
    view! {
        <ol class="timeline">
            {events
                .into_iter()
                .map(|event| {
                    let said: Vec<_> = facts(&event.fact)
                        .into_iter()
                        .filter(|(name, _)| matches!(*name, "Reason" | "Ticket" | "Why" | "Words" | "Left behind"))
                        .map(|(_, value)| view! { <small>{value}</small> })
                        .collect();
                    view! {
                        <li id=format!("event-{}", event.id) data-tone=tone(&event.fact).word()>
                            <span><Said event=event.clone() /></span>
                            {said}
                            <small>
                                <Ago at=event.at /> {ruled(&event.fact).map(|by| format!(" {by}"))}
                            </small>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}
