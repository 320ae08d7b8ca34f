//! Columns that describe people; they stand in several tables.

use domain::{Person, PersonKey, Signer, Username};

use super::Statement;
use crate::column::{Table, Unreadable};
use crate::error::Fault;

/// Whose a row is, as the provider described them then.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct PersonColumns {
    issuer: String,
    subject: String,
    username: String,
    person_groups: String,
    groups_missing: Option<String>,
}

impl PersonColumns {
    pub(crate) fn read(self, table: Table) -> Result<Person, Unreadable> {
        Ok(Person {
            key: PersonKey { issuer: self.issuer, subject: self.subject },
            username: table.parse("username", &self.username)?,
            groups: table.document("person_groups", &self.person_groups)?,
            groups_missing: self.groups_missing,
        })
    }

    /// Binds the five columns in their order.
    pub(crate) fn bind<'q>(
        statement: Statement<'q>,
        table: Table,
        person: &'q Person,
    ) -> Result<Statement<'q>, Fault> {
        Ok(statement
            .bind(person.key.issuer.as_str())
            .bind(person.key.subject.as_str())
            .bind(person.username.as_str())
            .bind(table.write_document(&person.groups)?)
            .bind(person.groups_missing.as_deref()))
    }
}

/// Who did what the row says, if a person did.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct SignerColumns {
    #[sqlx(rename = "by_issuer")]
    issuer: Option<String>,
    #[sqlx(rename = "by_subject")]
    subject: Option<String>,
    #[sqlx(rename = "by_username")]
    username: Option<String>,
}

impl SignerColumns {
    pub(crate) fn read(self, table: Table) -> Result<Option<Signer>, Unreadable> {
        let Some(subject) = self.subject else { return Ok(None) };
        let issuer = table.present("by_issuer", self.issuer)?;
        let username = table.present("by_username", self.username)?;
        Ok(Some(Signer {
            key: PersonKey { issuer, subject },
            username: table.parse::<Username>("by_username", &username)?,
        }))
    }

    /// Binds the three columns in their order.
    pub(crate) fn bind<'q>(statement: Statement<'q>, by: Option<&'q Signer>) -> Statement<'q> {
        statement
            .bind(by.map(|by| by.key.issuer.as_str()))
            .bind(by.map(|by| by.key.subject.as_str()))
            .bind(by.map(|by| by.username.as_str()))
    }
}
