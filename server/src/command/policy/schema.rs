//! `shorepass policy schema`

use clap::Args;
use domain::policy::SCHEMA;

use crate::command::print;

#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Self {} = self;
        print(SCHEMA)
    }
}
