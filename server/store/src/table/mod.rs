//! A file per table: its row, its model, its queries.

pub(crate) mod approvals;
pub(crate) mod audit_head;
pub(crate) mod events;
pub(crate) mod grants;
pub(crate) mod logins;
pub(crate) mod people;
pub(crate) mod request_review;
pub(crate) mod requests;
pub(crate) mod reviews;
pub(crate) mod sessions;

use sqlx::any::AnyArguments;
use sqlx::{Any, query::Query};

/// A statement with its values.
pub(crate) type Statement<'q> = Query<'q, Any, AnyArguments>;
