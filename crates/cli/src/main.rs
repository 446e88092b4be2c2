//! `interplay`, the command line.
//!
//! 1. [`command`] reads the arguments and calls the room of the command.
//! 2. [`project`] finds the project and opens its session.
//! 3. The room asks the session and hands what comes out to [`terminal`] or [`mod@file`].
//! 4. [`stop`] says with which code it all ends.

mod command;
mod file;
mod pages;
mod problems;
mod progress;
mod project;
mod repl;
mod stop;
mod terminal;
mod wanted;

use std::process::ExitCode;

use clap::Parser;
use stop::Stop;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::end(&Stop::world("cannot start", &error)),
    };
    let ended = command::run(arguments, &runtime);
    // What a cancelled query left running is not waited for.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => terminal::end(&stop),
    }
}
