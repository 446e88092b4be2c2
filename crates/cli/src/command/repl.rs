//! `interplay` alone: a session in which questions can be typed.

use std::path::Path;

use tokio::runtime::Runtime;

use crate::repl::Repl;
use crate::stop::Stop;
use crate::terminal;

pub(crate) fn run(folder: &Path, runtime: &Runtime) -> Result<(), Stop> {
    let repl = Repl::open(folder, runtime)?;
    if terminal::is_interactive() { repl.converse() } else { repl.read() }
}
