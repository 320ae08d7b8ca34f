//! The `shorepass` command.

use std::process::ExitCode;

use clap::Parser as _;
use server::command::Arguments;

fn main() -> ExitCode {
    match Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            server::command::complain(&error);
            ExitCode::FAILURE
        }
    }
}
