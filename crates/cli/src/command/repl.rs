//! `interplay` alone: a session in which questions can be typed.

use tokio::runtime::Runtime;

use crate::project::Asked;
use crate::repl::Repl;
use crate::stop::Stop;
use crate::terminal;

pub(crate) fn run(asked: &Asked, runtime: &Runtime) -> Result<(), Stop> {
    let repl = Repl::open(asked, runtime)?;
    if terminal::is_interactive() { repl.converse() } else { repl.read() }
}
