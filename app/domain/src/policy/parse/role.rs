//! Roles.

use super::document::{CommandDocument, RoleDocument};
use super::field::{length, words};
use crate::document::Mistake;
use crate::policy::{Guarantee, ListedCommand, Role};
use crate::{Action, RoleName};

/// Most words of a command, and longest of each, in bytes.
const MOST_WORDS: usize = 64;
const LONGEST_WORD: usize = 1_024;

impl RoleDocument {
    pub(super) fn into_role(self, name: RoleName) -> Result<Role, Mistake> {
        let field = |part: &str| format!("roles.{name}.{part}");
        if self.actions.is_empty() {
            let problem = "a role allows at least one action";
            return Err(Mistake::at(&self.title, &field("actions"), problem));
        }
        let longest_at = self.longest.clone();
        let title = words(self.title, &field("title"), 60)?;
        let summary = words(self.summary, &field("summary"), 300)?;
        let longest = length(&self.longest, &field("longest"))?;
        if self.actions.contains(&Action::Check) == self.commands.is_empty() {
            let problem = "stand beside the action check, and never without it";
            return Err(Mistake::at(&longest_at, &field("commands"), problem));
        }
        let unlimited = self.actions.iter().find(|action| action.runs_programs());
        if let (Guarantee::Enforced, Some(action)) = (self.guarantee.value, unlimited) {
            let problem = format!(
                "cannot be enforced with {}: the cluster does not limit what is run in a container",
                action.word()
            );
            return Err(Mistake::at(&self.guarantee, &field("guarantee"), &problem));
        }
        let commands = self.commands.into_iter().map(|(command, document)| {
            let inside = field(&format!("commands.{command}"));
            Ok((command, document.into_command(&inside)?))
        });
        Ok(Role {
            title,
            summary,
            longest,
            actions: self.actions,
            guarantee: self.guarantee.value,
            risk: self.risk,
            commands: commands.collect::<Result<_, Mistake>>()?,
            name,
        })
    }
}

impl CommandDocument {
    fn into_command(self, field: &str) -> Result<ListedCommand, Mistake> {
        let run = self.run;
        let is_word = |word: &String| {
            !word.is_empty()
                && word.len() <= LONGEST_WORD
                && !word.chars().any(crate::name::is_unseen)
        };
        if run.value.is_empty() || run.value.len() > MOST_WORDS || !run.value.iter().all(is_word) {
            let problem = "must be a program and its arguments: 1 to 64 visible words";
            return Err(Mistake::at(&run, &format!("{field}.run"), problem));
        }
        let title = words(self.title, &format!("{field}.title"), 60)?;
        Ok(ListedCommand { title, run: run.value })
    }
}
