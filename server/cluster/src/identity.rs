//! Who acts: the one place where impersonation headers are made.

use std::sync::Arc;

use broker::port::{Clock, Order};
use broker::signed::{Claims, GrantVerifier, ImpersonatedIdentity, Purpose};
use domain::{Action, ClusterName, RoleName, SessionId, Target, kubernetes_group};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::user_prefix::UserPrefix;

/// Turns orders into identities, if the order's grant is believed.
pub(crate) struct Believer {
    pub(crate) cluster: ClusterName,
    pub(crate) user_prefix: UserPrefix,
    pub(crate) verifier: GrantVerifier,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Somebody who may do one thing in one container now.
///
/// [`Believer::believe`] is the only way to one, and every call to a pod needs one (H-10).
pub(crate) struct Identity {
    headers: HeaderMap,
    target: Target,
    session: SessionId,
}

/// The signed grant does not allow what was ordered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the order is not believed: {0}")]
pub(crate) struct NotBelieved(String);

impl Believer {
    pub(crate) fn believe(
        &self,
        order: &Order,
        action: Action,
        purpose: Purpose,
    ) -> Result<Identity, NotBelieved> {
        let not = |why: &str| NotBelieved(why.to_owned());
        let claims = self
            .verifier
            .believe(&order.grant, action, purpose, self.clock.now())
            .map_err(|cause| NotBelieved(cause.to_string()))?;
        if claims.target.place.cluster != self.cluster {
            return Err(not("it is for another cluster"));
        }
        if !is_group_of(&claims) {
            return Err(not("its group is not one of its namespace"));
        }
        let identity = claims.identity(self.user_prefix.as_str());
        let headers = headers(&identity, &order.audit_id.to_string())
            .ok_or_else(|| not("its names cannot be sent"))?;
        Ok(Identity { headers, target: claims.target, session: claims.session })
    }
}

impl Identity {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn session(&self) -> SessionId {
        self.session
    }
}

/// The group is `jit:<role>:<namespace>` of the very namespace that is reached.
fn is_group_of(claims: &Claims) -> bool {
    let parts: Vec<_> = claims.group.splitn(3, ':').collect();
    let [_, role, _] = parts[..] else { return false };
    RoleName::parse(role)
        .is_ok_and(|role| claims.group == kubernetes_group(&role, &claims.target.place.namespace))
}

/// Every header is named here and none is copied (H-04). Values are the identity's own bytes:
/// commas and percent signs in them are literal text (H-03).
fn headers(identity: &ImpersonatedIdentity, audit_id: &str) -> Option<HeaderMap> {
    let value = |text: &str| HeaderValue::from_bytes(text.as_bytes()).ok();
    let ImpersonatedIdentity { user, group, extras } = identity;
    // An empty user means that nobody is impersonated (CVE-2026-23990).
    if user.is_empty() || group.is_empty() || extras.iter().any(|(_, value)| value.is_empty()) {
        return None;
    }
    let mut headers = HeaderMap::new();
    headers.insert("impersonate-user", value(user)?);
    headers.insert("impersonate-group", value(group)?);
    for (key, text) in extras {
        // A raw `/` in the name of a header is refused by the API server.
        let name = format!("impersonate-extra-{}", key.replace('/', "%2f"));
        headers.insert(HeaderName::try_from(name).ok()?, value(text)?);
    }
    headers.insert("audit-id", value(audit_id)?);
    Some(headers)
}

#[cfg(test)]
mod tests {
    use broker::signed::GrantSigner;
    use domain::{EventId, GrantId, Place, Username};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    struct Stopped(Timestamp);

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            self.0
        }

        fn since_boot(&self) -> std::time::Duration {
            std::time::Duration::ZERO
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn claims() -> Claims {
        Claims {
            grant: GrantId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            username: Username::parse("zoë,50%@example.com").unwrap(),
            group: "jit:shell:payments".to_owned(),
            target: Target {
                place: Place {
                    cluster: "main".parse().unwrap(),
                    namespace: "payments".parse().unwrap(),
                },
                pod: "web-1".parse().unwrap(),
                container: "web".parse().unwrap(),
            },
            action: Action::Shell,
            purpose: Purpose::Use,
            not_before: at(100),
            not_after: at(200),
        }
    }

    fn believe(claims: &Claims, second: i64) -> Result<Identity, NotBelieved> {
        let signer = GrantSigner::generate();
        let believer = Believer {
            cluster: "main".parse().unwrap(),
            user_prefix: UserPrefix::default(),
            verifier: signer.verifier(),
            clock: Arc::new(Stopped(at(second))),
        };
        let order = Order { grant: signer.sign(claims), audit_id: EventId(Uuid::from_u128(3)) };
        believer.believe(&order, Action::Shell, Purpose::Use)
    }

    #[test]
    fn h_03_what_is_sent_is_the_grants_bytes_and_nothing_else() {
        let identity = believe(&claims(), 100).ok().unwrap();
        let sent: Vec<_> = identity
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap()))
            .collect();
        let one = "00000000-0000-0000-0000-000000000001";
        let two = "00000000-0000-0000-0000-000000000002";
        let three = "00000000-0000-0000-0000-000000000003";
        assert_eq!(
            sent,
            [
                ("impersonate-user", "shorepass:zoë,50%@example.com"),
                ("impersonate-group", "jit:shell:payments"),
                ("impersonate-extra-shorepass.dev%2fgrant", one),
                ("impersonate-extra-shorepass.dev%2fsession", two),
                ("impersonate-extra-shorepass.dev%2fpod", "web-1"),
                ("audit-id", three),
            ]
        );
    }

    #[test]
    fn a_12_an_order_is_believed_for_its_time_place_action_and_purpose_only() {
        assert!(believe(&claims(), 199).is_ok());
        assert!(believe(&claims(), 99).is_err());
        assert!(believe(&claims(), 200).is_err());
        let mut elsewhere = claims();
        elsewhere.target.place.cluster = "other".parse().unwrap();
        assert!(believe(&elsewhere, 100).is_err());
        let mut logs = claims();
        logs.action = Action::Logs;
        assert!(believe(&logs, 100).is_err());
        let mut after = claims();
        after.purpose = Purpose::CleanUp;
        assert!(believe(&after, 100).is_err());
    }

    #[test]
    fn a_12_a_grant_signed_by_somebody_else_is_not_believed() {
        let believer = Believer {
            cluster: "main".parse().unwrap(),
            user_prefix: UserPrefix::default(),
            verifier: GrantSigner::generate().verifier(),
            clock: Arc::new(Stopped(at(100))),
        };
        let order = Order {
            grant: GrantSigner::generate().sign(&claims()),
            audit_id: EventId(Uuid::from_u128(3)),
        };
        assert!(believer.believe(&order, Action::Shell, Purpose::Use).is_err());
    }

    #[test]
    fn h_06_only_the_role_group_of_the_reached_namespace_is_sent() {
        for group in [
            "",
            "oncall",
            "system:masters",
            "jit:shell:checkout",
            "jit:shell",
            "jit::payments",
            "jit:shell:payments:x",
            "jit:a b:payments",
        ] {
            let claims = Claims { group: group.to_owned(), ..claims() };
            assert!(believe(&claims, 100).is_err(), "{group:?}");
        }
    }
}
