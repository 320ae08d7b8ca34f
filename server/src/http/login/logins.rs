//! Sign-ins, from the provider's answer to their end.

use std::sync::Arc;
use std::time::Duration;

use broker::port::Clock;
use domain::LoginId;
use domain::Person;
use domain::broker::{Part, Refusal};
use jiff::Timestamp;
use tokio::sync::broadcast;

use super::turns::Turns;
use super::{Key, Login, Presence, RecheckRefused, Records, SignIn, SignedIn, StoreAway};
use crate::http::{Brokers, Limits, LoginEnd};

/// A sign of life is written down at most this often: it costs a write.
const SEEN_EACH: Duration = Duration::from_mins(1);
/// A provider that could not be asked is left alone for this long.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Whoever decides has been vouched for within this time (O-15).
const JUST_CHECKED: Duration = Duration::from_secs(30);
/// Ends that open streams have not heard of yet; who misses some looks into the store.
const ENDS_KEPT: usize = 256;

/// Why a person's rights could not be looked up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotLookedUp {
    /// The sign-in is over.
    SignedOut,
    /// The provider cannot be asked now.
    ProviderAway,
    /// The store does not work.
    StoreAway,
}

impl From<StoreAway> for NotLookedUp {
    fn from(_: StoreAway) -> Self {
        Self::StoreAway
    }
}

/// Every sign-in.
pub(crate) struct Logins {
    records: Records,
    clock: Arc<dyn Clock>,
    provider: Arc<dyn SignIn>,
    brokers: Arc<dyn Brokers>,
    limits: Limits,
    turns: Turns,
    // Held across an await on purpose: a sign-in that ends must not be written back.
    writing: tokio::sync::Mutex<()>,
    ends: broadcast::Sender<LoginId>,
}

impl Logins {
    pub(crate) fn new(
        records: Records,
        clock: Arc<dyn Clock>,
        provider: Arc<dyn SignIn>,
        brokers: Arc<dyn Brokers>,
        limits: Limits,
    ) -> Self {
        let (turns, writing) = (Turns::default(), tokio::sync::Mutex::default());
        let ends = broadcast::Sender::new(ENDS_KEPT);
        Self { records, clock, provider, brokers, limits, turns, writing, ends }
    }

    /// Begins one, under a key that nobody had before.
    ///
    /// # Errors
    /// When it cannot be written to the audit log or kept: nobody is signed in then.
    pub(crate) async fn begin(&self, signed_in: SignedIn) -> Result<Key, Refusal> {
        let now = self.clock.now();
        let login = Login {
            id: self.clock.login_id(),
            person: signed_in.person,
            began_at: now,
            seen_at: now,
            checked_at: now,
            failed_at: None,
            renewal: signed_in.renewal,
        };
        self.brokers.signed_in(&login.person, login.id).await?;
        let until = domain::later(now, self.limits.absolute);
        let kept = self.records.create(&login, until).await;
        kept.map_err(|_| Refusal::Unavailable { part: Part::Store })
    }

    /// The sign-in under a key, checked in every way that time makes necessary.
    pub(crate) async fn current(
        self: &Arc<Self>,
        key: Key,
        presence: Presence,
    ) -> Result<Option<Login>, StoreAway> {
        match self.checked(key, self.limits.recheck).await {
            Ok(login) => self.seen(key, login, presence).await,
            Err(NotLookedUp::StoreAway) => Err(StoreAway),
            Err(NotLookedUp::SignedOut) => Ok(None),
            // `checked` ends a sign-in that was unchecked for too long; this one was not.
            Err(NotLookedUp::ProviderAway) => match self.records.load(key).await? {
                Some(login) => self.seen(key, login, presence).await,
                None => Ok(None),
            },
        }
    }

    /// The sign-in under a key, with rights as the provider sees them now (O-15).
    pub(crate) async fn looked_up_again(self: &Arc<Self>, key: Key) -> Result<Login, NotLookedUp> {
        self.checked(key, JUST_CHECKED.min(self.limits.recheck)).await
    }

    /// Ends a sign-in: its streams first, then its record.
    pub(crate) async fn end(&self, key: Key, how: LoginEnd) -> Result<(), StoreAway> {
        let writing = self.writing.lock().await;
        let Some(login) = self.records.load::<Login>(key).await? else { return Ok(()) };
        let _ = self.ends.send(login.id);
        let deleted = self.records.delete(key).await;
        drop(writing);
        self.brokers.signed_out(&login.person, login.id, how).await;
        deleted
    }

    /// Hears of every sign-in that ends from now on.
    pub(super) fn ends(&self) -> broadcast::Receiver<LoginId> {
        self.ends.subscribe()
    }

    /// The sign-in, after asking the provider where its last answer is this old.
    async fn checked(self: &Arc<Self>, key: Key, at_most: Duration) -> Result<Login, NotLookedUp> {
        let login = self.lasting(key).await?;
        if !login.unchecked_for(at_most, self.clock.now()) {
            return Ok(login);
        }
        // A task of its own, which nobody cancels: what the provider gives to ask with the next
        // time must be kept even where the browser has gone. It lasts as long as one answer.
        let asking = tokio::spawn(Arc::clone(self).ask(key, at_most));
        asking.await.unwrap_or(Err(NotLookedUp::ProviderAway))
    }

    /// Asks the provider about the person, once for all who wait.
    async fn ask(self: Arc<Self>, key: Key, at_most: Duration) -> Result<Login, NotLookedUp> {
        let _turn = self.turns.take(key).await;
        // Somebody else may have asked, or ended it, in the meantime.
        let login = self.lasting(key).await?;
        let now = self.clock.now();
        if !login.unchecked_for(at_most, now) {
            return Ok(login);
        }
        let waits = |at| now < domain::later(at, ASKED_AGAIN_AFTER);
        let asked = match &login.renewal {
            Some(_) if login.failed_at.is_some_and(waits) => {
                Err(RecheckRefused::Away("it could not be asked a moment ago".to_owned()))
            }
            Some(renewal) => self.provider.recheck(renewal, now).await,
            None => Err(RecheckRefused::Away("it gave nothing to ask again with".to_owned())),
        };
        match asked {
            Ok(answer) if answer.person.key == login.person.key => {
                let vouched = |login: &mut Login| {
                    login.person = answer.person;
                    login.renewal = Some(answer.renewal);
                    (login.checked_at, login.failed_at) = (now, None);
                };
                self.change(key, vouched).await?.ok_or(NotLookedUp::SignedOut)
            }
            Ok(_) => self.refuse(key, &login, LoginEnd::Gone, "it names somebody else").await,
            Err(RecheckRefused::Gone(why)) => self.refuse(key, &login, LoginEnd::Gone, &why).await,
            Err(RecheckRefused::Away(why)) if login.unchecked_for(self.limits.recheck * 2, now) => {
                self.refuse(key, &login, LoginEnd::Unchecked, &why).await
            }
            Err(RecheckRefused::Away(why)) => {
                if !login.failed_at.is_some_and(waits) {
                    tracing::warn!(login.id = %login.id, %why, "a sign-in could not be re-checked");
                    self.change(key, |login| login.failed_at = Some(now)).await?;
                }
                Err(NotLookedUp::ProviderAway)
            }
        }
    }

    /// The sign-in, unless there is none or its time is over.
    async fn lasting(&self, key: Key) -> Result<Login, NotLookedUp> {
        let login: Login = self.records.load(key).await?.ok_or(NotLookedUp::SignedOut)?;
        match login.over(self.clock.now(), &self.limits) {
            None => Ok(login),
            Some(how) => {
                self.end(key, how).await?;
                Err(NotLookedUp::SignedOut)
            }
        }
    }

    async fn refuse(
        &self,
        key: Key,
        login: &Login,
        how: LoginEnd,
        why: &str,
    ) -> Result<Login, NotLookedUp> {
        tracing::warn!(login.id = %login.id, %why, "a sign-in ends: {}", how.words());
        self.end(key, how).await?;
        Err(NotLookedUp::SignedOut)
    }

    async fn seen(
        &self,
        key: Key,
        login: Login,
        presence: Presence,
    ) -> Result<Option<Login>, StoreAway> {
        let now: Timestamp = self.clock.now();
        if presence == Presence::Background || now < domain::later(login.seen_at, SEEN_EACH) {
            return Ok(Some(login));
        }
        self.change(key, |login| login.seen_at = now).await
    }

    /// Changes what is kept now; none where it ended in the meantime.
    async fn change(
        &self,
        key: Key,
        change: impl FnOnce(&mut Login),
    ) -> Result<Option<Login>, StoreAway> {
        let _writing = self.writing.lock().await;
        let Some(mut login) = self.records.load::<Login>(key).await? else { return Ok(None) };
        change(&mut login);
        let until = domain::later(login.began_at, self.limits.absolute);
        self.records.save(key, &login, until).await?;
        Ok(Some(login))
    }

    /// The person of a sign-in, as seen by a guard.
    pub(super) async fn person(
        self: &Arc<Self>,
        key: Key,
        presence: Presence,
    ) -> Result<Option<Person>, StoreAway> {
        Ok(self.current(key, presence).await?.map(|login| login.person))
    }
}
