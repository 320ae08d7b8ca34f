//! For whom recordings are encrypted, and who can read them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};

use crate::disk;

/// Keys of recordings. What was encrypted for nobody stays as it was written.
#[derive(Clone, Default)]
pub struct Keys {
    recipients: Vec<Recipient>,
    identities: Vec<Identity>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be used.
    #[error("the key file {path} cannot be used")]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file holds something else. What it holds is not repeated: it may be a secret.
    #[error("line {line} of the key file {path} is not an age identity (AGE-SECRET-KEY-1…)")]
    NotAnIdentity {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// There is no identity in it.
    #[error("the key file {path} holds no identity")]
    Empty {
        /// Which one.
        path: PathBuf,
    },
    /// Not the public half of a key.
    #[error("{text:?} is not an age recipient (age1…)")]
    NotARecipient {
        /// What was given.
        text: String,
    },
}

impl Keys {
    /// Encrypts for the identity in a file, which is made where there is none.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds no identity.
    pub fn own(path: &Path) -> Result<Self, KeyError> {
        let unusable = |cause| KeyError::Io { path: path.to_owned(), cause };
        if !path.try_exists().map_err(unusable)? {
            publish(&Identity::generate(), path).map_err(unusable)?;
        }
        let identities = read(path)?;
        let recipients = identities.iter().map(Identity::to_public).collect();
        Ok(Self { recipients, identities })
    }

    /// Encrypts for these recipients; reads with the identities in a file, if there is one.
    ///
    /// # Errors
    /// One is not a recipient, or the file holds no identity.
    pub fn of(recipients: &[String], identities: Option<&Path>) -> Result<Self, KeyError> {
        let recipients = recipients
            .iter()
            .map(|text| {
                text.parse::<Recipient>()
                    .map_err(|_| KeyError::NotARecipient { text: text.clone() })
            })
            .collect::<Result<_, _>>()?;
        let identities = identities.map_or(Ok(Vec::new()), read)?;
        Ok(Self { recipients, identities })
    }

    /// Whether recordings are encrypted.
    pub fn encrypt(&self) -> bool {
        !self.recipients.is_empty()
    }

    /// Whether anything that is encrypted can be read.
    pub fn decrypt(&self) -> bool {
        !self.identities.is_empty()
    }

    pub(super) fn recipients(&self) -> impl Iterator<Item = &dyn age::Recipient> {
        self.recipients.iter().map(|recipient| recipient as _)
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.identities.iter().map(|identity| identity as _)
    }
}

/// Without the secret (docs/threats.md, invariant 11).
impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let recipients: Vec<_> = self.recipients.iter().map(ToString::to_string).collect();
        formatter.debug_struct("Keys").field("recipients", &recipients).finish_non_exhaustive()
    }
}

/// Reads a file as `age-keygen` writes it.
fn read(path: &Path) -> Result<Vec<Identity>, KeyError> {
    let unusable = |cause| KeyError::Io { path: path.to_owned(), cause };
    let text = fs::read_to_string(path).map_err(unusable)?;
    let mut identities = Vec::new();
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |_: &str| KeyError::NotAnIdentity { path: path.to_owned(), line: number + 1 };
        identities.push(line.parse::<Identity>().map_err(wrong)?);
    }
    if identities.is_empty() {
        Err(KeyError::Empty { path: path.to_owned() })
    } else {
        Ok(identities)
    }
}

/// Puts an identity in its place, whole and durable, unless another is there: whoever starts at the
/// same time may have begun to encrypt for that one.
fn publish(identity: &Identity, path: &Path) -> io::Result<()> {
    // Under a name that nobody else writes to.
    let made = path.with_extension(format!("{}.new", identity.to_public()));
    write(&made, identity)?;
    let linked = match fs::hard_link(&made, path) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    fs::remove_file(&made)?;
    linked?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    disk::sync_folder(folder.unwrap_or(Path::new(".")))
}

/// Writes a file as `age-keygen` does, for its owner's eyes only.
fn write(path: &Path, identity: &Identity) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "# public key: {}", identity.to_public())?;
    writeln!(file, "{}", identity.to_string().expose_secret())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn an_own_key_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recordings.key");
        let keys = Keys::own(&path).unwrap();
        assert!(keys.encrypt() && keys.decrypt());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = Keys::own(&path).unwrap();
        assert_eq!(format!("{keys:?}"), format!("{again:?}"));
        let secret = fs::read_to_string(&path).unwrap();
        assert!(!format!("{keys:?}").contains(secret.lines().last().unwrap()), "it is not shown");
    }

    #[test]
    fn whoever_starts_at_the_same_time_has_the_same_key() {
        for _ in 0..50 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("recordings.key");
            let together = Barrier::new(2);
            let own = || {
                together.wait();
                format!("{:?}", Keys::own(&path).unwrap())
            };
            let (one, other) = thread::scope(|scope| {
                let (one, other) = (scope.spawn(own), scope.spawn(own));
                (one.join().unwrap(), other.join().unwrap())
            });
            assert_eq!(one, other);
            assert_eq!(one, format!("{:?}", Keys::own(&path).unwrap()), "and it stays");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        }
    }

    #[test]
    fn keys_that_are_none_are_told_apart_and_secrets_are_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(Keys::of(&[], Some(&path)), Err(KeyError::Io { .. })));
        fs::write(&path, "# nothing\n\n").unwrap();
        assert!(matches!(Keys::own(&path), Err(KeyError::Empty { .. })));
        fs::write(&path, "# a key\nAGE-SECRET-KEY-1CANARY\n").unwrap();
        let error = Keys::own(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("CANARY"), "{error}");
        let wrong = Keys::of(&["age1nobody".to_owned()], None).unwrap_err();
        assert!(matches!(wrong, KeyError::NotARecipient { .. }));
        let nothing = Keys::of(&[], None).unwrap();
        assert!(!nothing.encrypt() && !nothing.decrypt());
    }
}
