//! From YAML to types: every error names the line and the field, and the file where there are many.

mod document;
mod draft;
mod field;
mod role;
mod rule;
mod terms;

use sha2::{Digest, Sha256};

use super::{Policy, PolicyDigest};
use crate::document::{self as file, Mistake};
use document::Document;
use draft::Draft;

/// A policy larger than this is not a reviewed file.
const LARGEST_TEXT: usize = 1024 * 1024;

/// One of the files of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its name in the directory.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

impl Policy {
    /// Reads a policy that stands in one file.
    ///
    /// # Errors
    /// When the text is not YAML of the expected shape, or when it is and makes no sense.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let digest = Sha256::digest(text.as_bytes());
        assemble(&[(None, text)], &digest)
    }

    /// Reads a policy that is spread over files. Roles, rules, aliases and groups add up; what
    /// holds for the whole policy stands in one of them.
    ///
    /// # Errors
    /// As for one file, and when there is none.
    pub fn parse_files(files: &[PolicyFile]) -> Result<Self, Mistake> {
        if files.is_empty() {
            return Err(Mistake::new(1, "policy", "no file there ends in .yaml or .yml"));
        }
        let mut digest = Sha256::new();
        for part in files.iter().flat_map(|file| [&file.name, &file.text]) {
            // Length first: no two lists of files give the same bytes.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        let parts: Vec<_> =
            files.iter().map(|file| (Some(file.name.as_str()), file.text.as_str())).collect();
        assemble(&parts, &digest.finalize())
    }
}

fn assemble(parts: &[(Option<&str>, &str)], digest: &[u8]) -> Result<Policy, Mistake> {
    if parts.iter().map(|(_, text)| text.len()).sum::<usize>() > LARGEST_TEXT {
        return Err(Mistake::new(1, "policy", "is larger than 1 MiB"));
    }
    let mut draft = Draft::default();
    let mut rules = Vec::new();
    // An empty file is an accident, such as one that is still being written.
    let (mut has_roles, mut has_rules) = (false, false);
    for &(name, text) in parts {
        let document: Document = file::read(text).map_err(|mistake| mistake.of(name))?;
        has_roles |= document.roles.is_some();
        has_rules |= document.rules.is_some();
        rules.push((name, draft.take(document).map_err(|mistake| mistake.of(name))?));
    }
    for (field, there) in [("roles", has_roles), ("rules", has_rules)] {
        if !there {
            return Err(Mistake::new(1, field, "is missing"));
        }
    }
    for (name, rules) in rules {
        for rule in rules {
            draft.add(rule).map_err(|mistake| mistake.of(name))?;
        }
    }
    Ok(draft.finish(PolicyDigest(crate::hex(digest).into())))
}

#[cfg(test)]
mod tests;
