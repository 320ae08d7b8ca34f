//! Roles.

use super::document::RoleDocument;
use super::field::{length, words};
use crate::RoleName;
use crate::document::Mistake;
use crate::policy::Role;

impl RoleDocument {
    pub(super) fn into_role(self, name: RoleName) -> Result<Role, Mistake> {
        let field = |part: &str| format!("roles.{name}.{part}");
        if self.actions.is_empty() {
            let problem = "a role allows at least one action";
            return Err(Mistake::at(&self.title, &field("actions"), problem));
        }
        let title = words(self.title, &field("title"), 60)?;
        let summary = words(self.summary, &field("summary"), 300)?;
        let longest = length(&self.longest, &field("longest"))?;
        let actions = self.actions;
        Ok(Role { title, summary, actions, longest, guarantee: self.guarantee, name })
    }
}
