//! All printing. Standard output holds results only; everything else goes to standard error.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use interplay_diagnostic::{Diagnostic, Sources, render};
use rustyline::DefaultEditor;

use crate::stop::Stop;

/// Writes results. A reader who has gone away is no fault.
pub(crate) fn results(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::world("cannot write to standard output", &error),
    })
}

/// Tells problems under the text they speak of.
pub(crate) fn problems(problems: &[Diagnostic], sources: &Sources) {
    if !problems.is_empty() {
        tell(render(problems, sources, is_coloured()).trim_end());
    }
}

/// Tells something beside the results: a line or more.
pub(crate) fn tell(text: &str) {
    // Without standard error there is nobody to tell it to.
    writeln!(io::stderr().lock(), "{text}").unwrap_or_default();
}

/// Asks for something; the answer is typed behind it.
pub(crate) fn ask(text: &str) {
    let mut out = io::stderr().lock();
    // Without standard error nobody is there to be asked.
    write!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Tells why it ends, and gives the code to end with.
pub(crate) fn end(stop: &Stop) -> ExitCode {
    if let Some(message) = stop.message() {
        let word = if is_coloured() { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        tell(&format!("{word}: {message}"));
    }
    ExitCode::from(stop.code())
}

/// Whether colours are shown on standard error: on a terminal, unless `NO_COLOR` is set.
pub(crate) fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether somebody types.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Letters a line of the terminal; none when results go elsewhere.
pub(crate) fn width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let (width, _) = DefaultEditor::new().ok()?.dimensions()?;
    Some(width).filter(|width| *width >= 20)
}
