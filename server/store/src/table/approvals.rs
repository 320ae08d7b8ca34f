//! Approvals: one row per person and request, which the database enforces.

use domain::{Approval, PersonKey, Request, RequestDigest, RequestId, Signer};
use sqlx::AnyConnection;

use crate::column::{Table, Unreadable};
use crate::error::Fault;

const TABLE: Table = Table("approvals");

/// An approval beside its request, where there is one.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct ApprovalColumns {
    approver_issuer: Option<String>,
    approver_subject: Option<String>,
    approver_username: Option<String>,
    approved_at: Option<i64>,
    approved_digest: Option<String>,
    approver_groups: Option<String>,
}

impl ApprovalColumns {
    pub(crate) fn read(self) -> Result<Option<Approval>, Unreadable> {
        let Some(issuer) = self.approver_issuer else { return Ok(None) };
        let subject = TABLE.present("by_subject", self.approver_subject)?;
        let username = TABLE.present("by_username", self.approver_username)?;
        Ok(Some(Approval {
            by: Signer {
                key: PersonKey { issuer, subject },
                username: TABLE.parse("by_username", &username)?,
            },
            groups: TABLE.document(
                "approver_groups",
                &TABLE.present("approver_groups", self.approver_groups)?,
            )?,
            at: TABLE.time("approved_at", TABLE.present("approved_at", self.approved_at)?)?,
            digest: RequestDigest(TABLE.present("digest", self.approved_digest)?),
        }))
    }
}

/// Writes the approvals of a request in place of those that were there.
pub(crate) async fn replace(
    connection: &mut AnyConnection,
    request: &Request,
) -> Result<(), Fault> {
    remove(connection, request.id).await?;
    for (number, approval) in (0_i64..).zip(&request.approvals) {
        sqlx::query(
            "INSERT INTO approvals (request_id, number, by_issuer, by_subject, by_username, \
             approved_at, digest, approver_groups) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(request.id.to_string())
        .bind(number)
        .bind(approval.by.key.issuer.as_str())
        .bind(approval.by.key.subject.as_str())
        .bind(approval.by.username.as_str())
        .bind(approval.at.as_microsecond())
        .bind(approval.digest.0.as_str())
        .bind(TABLE.write_document(&approval.groups)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn remove(connection: &mut AnyConnection, request: RequestId) -> Result<(), Fault> {
    sqlx::query("DELETE FROM approvals WHERE request_id = $1")
        .bind(request.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
