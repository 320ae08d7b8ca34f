//! What the service accounts of pods could do: whoever has a shell in a pod can act as its account.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use broker::port::RightUnknown;
use domain::Namespace;
use futures::future::try_join_all;
use k8s_openapi::api::authorization::v1::SubjectAccessReview;
use tokio::time::timeout;

use crate::access_review::{RBAC, attributes, review};
use crate::watch::{NoAnswer, Observer};

/// How long an answer is believed: pages ask again and again, and roles change rarely.
const BELIEVED_FOR: Duration = Duration::from_mins(1);
/// Pages wait for it.
const ASKED_WITHIN: Duration = Duration::from_secs(2);
/// How long it is not asked again after no answer came.
const SILENT_FOR: Duration = Duration::from_secs(10);

type Answer = Result<Vec<&'static str>, RightUnknown>;
/// Answers by namespace and account, each with the end of its time.
type Known = BTreeMap<(Namespace, String), (Duration, Answer)>;

/// Asks the API server, and remembers its answers for a while.
#[derive(Default)]
pub(crate) struct Powers {
    known: Mutex<Known>,
}

/// Something that an account could do.
struct Power {
    words: &'static str,
    verb: &'static str,
    group: &'static str,
    /// `resource` or `resource/subresource`.
    resource: &'static str,
    /// In every namespace, or in the account's own.
    everywhere: bool,
}

impl Powers {
    /// In words, the greatest first; an account that may do everything may do just that.
    pub(crate) async fn of(
        &self,
        observer: &Observer,
        namespace: &Namespace,
        account: &str,
        since_boot: Duration,
    ) -> Answer {
        let key = (namespace.clone(), account.to_owned());
        if let Some((until, answer)) = self.known().get(&key)
            && since_boot < *until
        {
            return answer.clone();
        }
        let asked = timeout(ASKED_WITHIN, ask(observer, namespace, account)).await;
        let answer = asked.unwrap_or(Err(RightUnknown));
        let lasts = if answer.is_ok() { BELIEVED_FOR } else { SILENT_FOR };
        let mut known = self.known();
        known.retain(|_, (until, _)| since_boot < *until);
        known.insert(key, (since_boot.saturating_add(lasts), answer.clone()));
        answer
    }

    /// Nothing panics while it holds the lock.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(observer: &Observer, namespace: &Namespace, account: &str) -> Answer {
    let asked = POWERS.iter().map(|power| power.holds(observer, namespace, account));
    let found = try_join_all(asked).await;
    let found = found.map_err(|cause| {
        tracing::warn!(
            error = %domain::text::causes(&cause),
            "what a service account may do could not be asked"
        );
        RightUnknown
    })?;
    let everything = POWERS.first().map(|power| power.words);
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    if found.first().copied() == everything {
        found.truncate(1);
    }
    Ok(found)
}

impl Power {
    async fn holds(
        &self,
        observer: &Observer,
        namespace: &Namespace,
        account: &str,
    ) -> Result<Option<&'static str>, NoAnswer> {
        let may = observer.may(&self.review(namespace, account)).await?;
        Ok(may.then_some(self.words))
    }

    /// Asked for the account with the groups that Kubernetes gives it.
    fn review(&self, namespace: &Namespace, account: &str) -> SubjectAccessReview {
        let namespace_asked = (!self.everywhere).then_some(namespace);
        let attributes = attributes(self.verb, self.group, self.resource, "", namespace_asked);
        let groups = vec![
            "system:serviceaccounts".to_owned(),
            format!("system:serviceaccounts:{namespace}"),
            "system:authenticated".to_owned(),
        ];
        review(format!("system:serviceaccount:{namespace}:{account}"), groups, attributes)
    }
}

const fn here(
    words: &'static str,
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
) -> Power {
    Power { words, verb, group, resource, everywhere: false }
}

const fn everywhere(
    words: &'static str,
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
) -> Power {
    Power { words, verb, group, resource, everywhere: true }
}

/// The first one is all others together.
const POWERS: &[Power] = &[
    everywhere("do everything in the cluster", "*", "*", "*"),
    everywhere("read secrets of every namespace", "get", "", "secrets"),
    everywhere("act as other users", "impersonate", "", "users"),
    everywhere("reach nodes", "get", "", "nodes/proxy"),
    here("read secrets", "get", "", "secrets"),
    here("run commands in pods", "create", "", "pods/exec"),
    here("create pods", "create", "", "pods"),
    here("change workloads", "patch", "apps", "deployments"),
    here("take tokens of other accounts", "create", "", "serviceaccounts/token"),
    here("grant roles", "create", RBAC, "rolebindings"),
];
