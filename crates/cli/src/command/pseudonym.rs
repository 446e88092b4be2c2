//! `interplay pseudonym SOURCE`: the pseudonym of one client, for `trace`.
//!
//! What identifies the client is read from standard input, never from the command line: it would
//! stay in the history of the shell, and be seen in the list of processes.

use std::io::{self, BufRead};

use clap::Args;

use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

/// Makes the pseudonym of one identifier, as a source makes it: for `trace`
///
/// The identifier is asked for, or read from standard input, a line for each of its columns. It is
/// kept nowhere.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The source in whose export the identifier stands: `night_shelter.stays`
    #[arg(value_name = "SOURCE")]
    source: String,
    /// The field that refers to the one in question; else the subject of the source's record
    #[arg(value_name = "FIELD")]
    field: Option<String>,
}

pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    let session = project::open_sound(asked).await?;
    let (source, field) = (arguments.source.as_str(), arguments.field.as_deref());
    let columns = session.identifying(source, field)?;
    let mut values = Vec::new();
    for column in &columns {
        if terminal::is_interactive() {
            terminal::ask(&format!("{column}: "));
        }
        values.push(line()?);
    }
    let pseudonym = session.pseudonym(source, field, &values)?;
    terminal::results(&format!("{pseudonym}\n"))
}

/// The next line of standard input; empty when there is none.
fn line() -> Result<String, Stop> {
    let mut text = String::new();
    let read = io::stdin().lock().read_line(&mut text);
    read.map_err(|error| Stop::world("cannot read standard input", &error))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
