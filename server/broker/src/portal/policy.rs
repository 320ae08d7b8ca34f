//! The policy in force, and how it is changed while the portal runs.

use std::sync::Arc;

use domain::Fact;
use domain::broker::Refusal;
use domain::document::Mistake;
use domain::policy::Policy;

use super::Portal;

/// The policy in force, and what is wrong with the file that should replace it.
#[derive(Debug, Clone)]
pub struct PolicyState {
    /// In force.
    pub policy: Arc<Policy>,
    /// Why the newest text was refused.
    pub problem: Option<Mistake>,
}

impl PolicyState {
    pub(super) fn new(policy: Policy) -> Self {
        Self { policy: Arc::new(policy), problem: None }
    }
}

impl Portal {
    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.load().policy)
    }

    /// Puts what was read in force, or keeps the old policy and says why on every page.
    ///
    /// # Errors
    /// When the event cannot be written; the old policy stays then.
    pub async fn adopt_policy(&self, read: Result<Policy, Mistake>) -> Result<(), Refusal> {
        let before = self.policy.load_full();
        match read {
            Ok(policy) if policy.digest() == before.policy.digest() => {
                if before.problem.is_some() || policy.commit() != before.policy.commit() {
                    self.policy.store(Arc::new(PolicyState::new(policy)));
                    self.changes.everyone("policy");
                }
            }
            Ok(policy) => {
                let digest = policy.digest().to_string();
                let commit = policy.commit().map(|commit| commit.0.to_string());
                self.note(None, Fact::PolicyLoaded { digest, commit }).await?;
                self.policy.store(Arc::new(PolicyState::new(policy)));
                self.changes.everyone("policy");
            }
            Err(problem) if before.problem.as_ref() == Some(&problem) => {}
            Err(problem) => {
                self.note(None, Fact::PolicyRefused { problem: problem.to_string() }).await?;
                let policy = Arc::clone(&before.policy);
                self.policy.store(Arc::new(PolicyState { policy, problem: Some(problem) }));
                self.changes.everyone("policy");
            }
        }
        Ok(())
    }
}
