//! Identifiers: UUID version 7, so that they sort by the time they were made.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$docs:meta])* $Name:ident) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $Name(pub Uuid);

        impl fmt::Display for $Name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, out)
            }
        }

        impl std::str::FromStr for $Name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// Names a request.
    RequestId
);
id!(
    /// Names a grant; it is also the value of the extra `shorepass.dev/grant`.
    GrantId
);
id!(
    /// Names a session and its recording; also the value of the extra `shorepass.dev/session`.
    SessionId
);
id!(
    /// Names an event of the audit log; sent to the API server as `Audit-ID`.
    EventId
);
id!(
    /// Names one sign-in of a person; never the secret in the cookie.
    LoginId
);
