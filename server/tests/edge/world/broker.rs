//! The use cases of one person, scripted: one request and one session, ana's.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::broker::{
    Ask, AskFor, AskForm, AuditFilter, AuditPage, Broker, Condition, Excerpt, Found, Frame, Home,
    Inbox, Less, Line, Look, NothingRequestable, PolicyView, Proof, RecordingFilter, RecordingList,
    RecordingView, Refusal, RequestView, SessionRow, SessionView, ShellChoice, Simulated,
    Simulation, Spot, Ticket,
};
use domain::policy::PolicyDigest;
use domain::{ContainerName, Person, PodName, RequestDigest, RequestId, Risk, SessionId};

use super::data;

/// What was called, and what the next change is answered with.
#[derive(Default)]
pub struct Script {
    /// Every change that reached the use cases, such as `ben approves`.
    pub calls: Mutex<Vec<String>>,
    /// The answer to the next change.
    pub refusal: Mutex<Option<Refusal>>,
    /// Reading the frame panics.
    pub panics: Mutex<bool>,
}

impl Script {
    pub fn refuses(&self, refusal: Refusal) {
        *self.refusal.lock().unwrap() = Some(refusal);
    }

    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

pub struct ScriptedBroker {
    pub script: Arc<Script>,
    pub person: Person,
}

impl ScriptedBroker {
    fn is(&self, names: &[&str]) -> Result<(), Refusal> {
        let known = names.contains(&self.person.username.as_str());
        if known { Ok(()) } else { Err(Refusal::NotFound) }
    }

    fn may(&self, names: &[&str]) -> Result<(), Refusal> {
        self.is(names).map_err(|_| Refusal::Forbidden { why: "that is not yours to do".into() })
    }

    fn changed<T>(&self, what: &str, value: T) -> Result<T, Refusal> {
        let mut calls = self.script.calls.lock().unwrap();
        calls.push(format!("{} {what}", self.person.username));
        self.script.refusal.lock().unwrap().take().map_or(Ok(value), Err)
    }
}

#[async_trait]
impl Broker for ScriptedBroker {
    async fn frame(&self) -> Result<Frame, Refusal> {
        assert!(!*self.script.panics.lock().unwrap(), "told to");
        Ok(Frame {
            person: self.person.clone(),
            auditor: self.may(&["cleo"]).is_ok(),
            pending: 0,
            live: Vec::new(),
            warnings: Vec::new(),
            newest_event: 7,
        })
    }

    async fn home(&self) -> Result<Home, Refusal> {
        let nothing = NothingRequestable {
            groups: self.person.groups.iter().cloned().collect(),
            groups_missing: None,
            rules: Vec::new(),
            operators: Vec::new(),
        };
        Ok(Home { rows: Vec::new(), total: 4, unreachable: Vec::new(), nothing: Some(nothing) })
    }

    async fn ask_form(&self, for_what: &AskFor) -> Result<AskForm, Refusal> {
        match for_what {
            AskFor::Place(place) if *place == data::place() => {}
            AskFor::More(_) | AskFor::Change(_) if self.is(&["ana"]).is_ok() => {}
            _ => return Err(Refusal::NotFound),
        }
        Ok(AskForm {
            parts: Vec::new(),
            waits: std::collections::BTreeMap::new(),
            place: data::place(),
            risk: Risk::Production,
            owner: None,
            pods: None,
            offers: data::offers(&self.person),
            last: None,
            extends: None,
            changes: None,
            zone: "UTC".into(),
            ticket_may_count: false,
        })
    }

    async fn send_request(&self, ask: Ask) -> Result<RequestId, Refusal> {
        self.may(&["ana"])?;
        let what = format!("asks {} {} {:?} {:?}", ask.place, ask.role, ask.length, ask.reason);
        self.changed(&what, RequestId(data::REQUEST.parse().unwrap()))
    }

    async fn request(&self, id: RequestId) -> Result<RequestView, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        let view = data::request(&self.person);
        if view.request.id == id { Ok(view) } else { Err(Refusal::NotFound) }
    }

    async fn change_request(&self, _: RequestId, ask: Ask) -> Result<(), Refusal> {
        self.may(&["ana"])?;
        self.changed(&format!("changes to {:?}", ask.length), ())
    }

    async fn comment(&self, _: RequestId, words: &str) -> Result<(), Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        self.changed(&format!("says {words:?}"), ())
    }

    async fn review_glass(&self, _: RequestId, words: &str) -> Result<(), Refusal> {
        self.may(&["cleo"])?;
        self.changed(&format!("reviews {words:?}"), ())
    }

    async fn policy_view(&self) -> Result<PolicyView, Refusal> {
        let digest = PolicyDigest("d1ge57".into());
        let rules = self.may(&["cleo"]).is_ok().then(Vec::new);
        Ok(PolicyView { digest, commit: None, rules, roles: Vec::new() })
    }

    async fn simulate(&self, _: &Simulation) -> Result<Simulated, Refusal> {
        Err(Refusal::NotFound)
    }

    async fn withdraw(&self, _: RequestId) -> Result<(), Refusal> {
        self.may(&["ana"])?;
        self.changed("withdraws", ())
    }

    async fn remind(&self, _: RequestId) -> Result<(), Refusal> {
        self.may(&["ana"])?;
        self.changed("reminds", ())
    }

    async fn take_back(&self, _: RequestId) -> Result<(), Refusal> {
        self.may(&["ana"])?;
        self.changed("takes back", ())
    }

    async fn inbox(&self, _: Option<RequestId>) -> Result<Inbox, Refusal> {
        let shown = self.is(&["ben"]).is_ok().then(|| data::request(&self.person));
        let needs_me = shown.clone().into_iter().map(data::row).collect();
        Ok(Inbox { needs_me, waiting: Vec::new(), decided: Vec::new(), expired: Vec::new(), shown })
    }

    async fn approve(
        &self,
        _: RequestId,
        shown: &RequestDigest,
        less: &Less,
    ) -> Result<(), Refusal> {
        self.may(&["ben"])?;
        if self.person.groups.is_empty() {
            return Err(Refusal::Forbidden { why: "you are no approver any more".into() });
        }
        let less = format!("{} {}", less.role, less.length);
        self.changed(format!("approves {} {less}", shown.0).trim_end(), ())
    }

    async fn deny(&self, _: RequestId, why: &str) -> Result<(), Refusal> {
        self.may(&["ben"])?;
        self.changed(&format!("denies {why:?}"), ())
    }

    async fn end_grant(&self, _: RequestId) -> Result<(), Refusal> {
        self.may(&["ana", "ben", "cleo"])?;
        self.changed("ends the grant", ())
    }

    async fn shell_choice(&self, _: RequestId) -> Result<ShellChoice, Refusal> {
        self.is(&["ana"])?;
        let view = data::request(&self.person);
        Ok(ShellChoice {
            request: view.request,
            risk: view.risk,
            broke_glass: false,
            remaining: view.remaining,
            refused_group: None,
            workloads: Vec::new(),
        })
    }

    async fn start_session(
        &self,
        _: RequestId,
        pod: &PodName,
        container: &ContainerName,
    ) -> Result<SessionId, Refusal> {
        self.may(&["ana"])?;
        self.changed(&format!("opens {pod}/{container}"), SessionId(data::SESSION.parse().unwrap()))
    }

    async fn session(&self, id: SessionId) -> Result<SessionView, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        let row = data::session(&self.person);
        // Whose it is may look at it; others by the right of a group.
        if !row.own && self.person.groups.is_empty() {
            return Err(Refusal::NotFound);
        }
        let (terminals, may_open) = (vec![row.clone()], row.own);
        if row.session.id == id {
            Ok(SessionView { row, terminals, may_open, may_extend: may_open })
        } else {
            Err(Refusal::NotFound)
        }
    }

    async fn sessions(&self) -> Result<Vec<SessionRow>, Refusal> {
        Ok(Vec::new())
    }

    async fn terminal_ticket(&self, id: SessionId) -> Result<Ticket, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        self.changed("takes a ticket", Ticket { session: id, secret: [7; 32] })
    }

    async fn end_session(&self, _: SessionId) -> Result<(), Refusal> {
        self.may(&["ana", "ben", "cleo"])?;
        self.changed("ends the session", ())
    }

    async fn recordings(&self, _: &RecordingFilter) -> Result<RecordingList, Refusal> {
        Ok(RecordingList { rows: Vec::new(), next: None, searched: None })
    }

    async fn recording(&self, id: SessionId, _: &Look) -> Result<RecordingView, Refusal> {
        let session = self.session(id).await?;
        let session = session.row;
        let may_review = !session.own;
        Ok(RecordingView { session, condition: Condition::Unfinished, review: None, may_review })
    }

    async fn transcript(&self, _: SessionId, place: Spot) -> Result<Excerpt, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        let text = format!("from {place:?}");
        Ok(Excerpt { first: 0, lines: vec![Line { at_us: 7, text }], total: 1, missing: 0 })
    }

    async fn find_in_recording(&self, _: SessionId, text: &str) -> Result<Found, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        Ok(Found { lines: vec![Line { at_us: 8, text: format!("found {text}") }], total: 1 })
    }

    async fn prove_recording(&self, _: SessionId) -> Result<Proof, Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        Ok(Proof::Verified { digest: "d1ge57".into(), event: 7 })
    }

    async fn review_recording(&self, _: SessionId) -> Result<(), Refusal> {
        self.is(&["ana", "ben", "cleo"])?;
        self.may(&["ben", "cleo"])?;
        self.changed("reviews the recording", ())
    }

    async fn audit(&self, _: &AuditFilter) -> Result<AuditPage, Refusal> {
        self.may(&["cleo"])?;
        Ok(AuditPage { events: Vec::new(), next: None, total: 0 })
    }
}
