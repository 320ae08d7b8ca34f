//! Grants.

use std::time::Duration;

use broker::port::Versioned;
use domain::{Grant, GrantEnd, GrantId, GrantState, Place, Unclaimed};
use sqlx::{AnyConnection, AnyPool};

use super::Statement;
use super::people::{PersonColumns, SignerColumns};
use crate::column::{Table, Unreadable};
use crate::error::{Fault, Unsaved};

const TABLE: Table = Table("grants");

macro_rules! columns {
    () => {
        "id, version, request_id, issuer, subject, username, person_groups, groups_missing, \
         cluster, namespace, role, not_before, not_after, state, ended_at, by_issuer, by_subject, \
         by_username, claim_until, claim_seconds, scope, extends, broke_glass"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO grants (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     $19, $20, $21, $22, $23)"
);

const UPDATE: &str = "UPDATE grants SET version = version + 1, request_id = $3, issuer = $4, \
     subject = $5, username = $6, person_groups = $7, groups_missing = $8, cluster = $9, \
     namespace = $10, role = $11, not_before = $12, not_after = $13, state = $14, ended_at = $15, \
     by_issuer = $16, by_subject = $17, by_username = $18, claim_until = $19, claim_seconds = $20, \
     scope = $21, extends = $22, broke_glass = $23 WHERE id = $1 AND version = $2";

#[derive(Debug, sqlx::FromRow)]
struct GrantRow {
    id: String,
    version: i64,
    request_id: String,
    #[sqlx(flatten)]
    person: PersonColumns,
    cluster: String,
    namespace: String,
    role: String,
    not_before: i64,
    not_after: i64,
    state: String,
    ended_at: Option<i64>,
    #[sqlx(flatten)]
    by: SignerColumns,
    claim_until: Option<i64>,
    claim_seconds: Option<i64>,
    scope: String,
    extends: Option<String>,
    broke_glass: i64,
}

impl TryFrom<GrantRow> for Versioned<Grant> {
    type Error = Unreadable;

    fn try_from(row: GrantRow) -> Result<Self, Unreadable> {
        let unclaimed = match (row.claim_until, row.claim_seconds) {
            (None, None) => None,
            (Some(at), None) => Some(Unclaimed::Until(TABLE.time("claim_until", at)?)),
            (None, Some(seconds)) => {
                let seconds = TABLE.count("claim_seconds", seconds)?;
                Some(Unclaimed::Lasting(Duration::from_secs(seconds)))
            }
            (Some(_), Some(_)) => return Err(TABLE.unreadable("claim_until", "two ends")),
        };
        let ended = |how| {
            let at = TABLE.time("ended_at", TABLE.present("ended_at", row.ended_at)?)?;
            Ok::<_, Unreadable>(GrantState::Ended { at, how })
        };
        let state = match row.state.as_str() {
            "active" => GrantState::Active,
            "expired" if unclaimed.is_some() => ended(GrantEnd::Unused)?,
            "expired" => ended(GrantEnd::Expired)?,
            "surrendered" => ended(GrantEnd::Surrendered)?,
            "revoked" => {
                let by = TABLE.present("by_subject", row.by.read(TABLE)?)?;
                ended(GrantEnd::Revoked { by })?
            }
            _ => return Err(TABLE.unreadable("state", "no such state")),
        };
        let grant = Grant {
            id: TABLE.parse("id", &row.id)?,
            request: TABLE.parse("request_id", &row.request_id)?,
            person: row.person.read(TABLE)?,
            place: Place {
                cluster: TABLE.parse("cluster", &row.cluster)?,
                namespace: TABLE.parse("namespace", &row.namespace)?,
            },
            scope: TABLE.parse("scope", &row.scope)?,
            role: TABLE.parse("role", &row.role)?,
            not_before: TABLE.time("not_before", row.not_before)?,
            not_after: TABLE.time("not_after", row.not_after)?,
            extends: row.extends.map(|base| TABLE.parse("extends", &base)).transpose()?,
            broke_glass: row.broke_glass != 0,
            unclaimed,
            state,
        };
        Ok(Self { version: TABLE.count("version", row.version)?, value: grant })
    }
}

/// Keeps a new grant.
pub(crate) async fn insert(connection: &mut AnyConnection, grant: &Grant) -> Result<(), Fault> {
    bind(INSERT, grant, 0)?.execute(connection).await?;
    Ok(())
}

/// Saves a grant over the version it was read as.
pub(crate) async fn update(
    connection: &mut AnyConnection,
    grant: &Versioned<Grant>,
) -> Result<(), Unsaved> {
    match bind(UPDATE, &grant.value, grant.version)?.execute(connection).await?.rows_affected() {
        0 => Err(Unsaved::Conflict),
        _ => Ok(()),
    }
}

/// One grant.
pub(crate) async fn find(pool: &AnyPool, id: GrantId) -> Result<Option<Versioned<Grant>>, Fault> {
    let row: Option<GrantRow> =
        sqlx::query_as(concat!("SELECT ", columns!(), " FROM grants WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(pool)
            .await?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Every grant that has not ended, newest first.
pub(crate) async fn active(pool: &AnyPool) -> Result<Vec<Versioned<Grant>>, Fault> {
    let rows: Vec<GrantRow> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM grants WHERE state = 'active' ORDER BY not_before DESC, id DESC"
    ))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(TryInto::try_into).collect::<Result<_, Unreadable>>()?)
}

fn bind<'q>(sql: &'static str, grant: &'q Grant, version: u32) -> Result<Statement<'q>, Fault> {
    let (state, ended_at, by) = match &grant.state {
        GrantState::Active => ("active", None, None),
        GrantState::Ended { at, how } => match how {
            GrantEnd::Expired | GrantEnd::Unused => ("expired", Some(at), None),
            GrantEnd::Surrendered => ("surrendered", Some(at), None),
            GrantEnd::Revoked { by } => ("revoked", Some(at), Some(by)),
        },
    };
    let statement = sqlx::query(sql)
        .bind(grant.id.to_string())
        .bind(i64::from(version))
        .bind(grant.request.to_string());
    let statement = PersonColumns::bind(statement, TABLE, &grant.person)?
        .bind(grant.place.cluster.as_str())
        .bind(grant.place.namespace.as_str())
        .bind(grant.role.as_str())
        .bind(grant.not_before.as_microsecond())
        .bind(grant.not_after.as_microsecond())
        .bind(state)
        .bind(ended_at.map(|at| at.as_microsecond()));
    let (claim_until, claim_seconds) = match grant.unclaimed {
        None => (None, None),
        Some(Unclaimed::Until(at)) => (Some(at.as_microsecond()), None),
        Some(Unclaimed::Lasting(length)) => (None, Some(TABLE.write_count(length.as_secs())?)),
    };
    Ok(SignerColumns::bind(statement, by)
        .bind(claim_until)
        .bind(claim_seconds)
        .bind(grant.scope.to_string())
        .bind(grant.extends.map(|base| base.to_string()))
        .bind(i64::from(grant.broke_glass)))
}
