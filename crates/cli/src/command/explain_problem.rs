//! `interplay explain-problem CODE`: the page of a problem.

use clap::Args;
use interplay_diagnostic::suggest;

use crate::pages::{PAGES, Page};
use crate::stop::Stop;
use crate::terminal;

/// Prints what a problem means, with an example that has it and one that is mended
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The word in brackets after `error` or `warning`; all of them are listed when none is said
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    terminal::results(&text(arguments.code.as_deref().unwrap_or_default(), COMMAND)?)
}

/// What lists all problems at the command line.
const COMMAND: &str = "interplay explain-problem";

/// The page of `code`, written in brackets or not; without one, a line a problem. `command` is
/// what was typed before it.
pub(crate) fn text(code: &str, command: &str) -> Result<String, Stop> {
    let code = code.trim_start_matches("error").trim_start_matches("warning");
    let code = code.trim_matches(['[', ']', '`', ':']);
    if code.is_empty() {
        let lines = PAGES.iter().map(|page| format!("{:<20} {}\n", page.code, page.summary()));
        return Ok(lines.collect());
    }
    match Page::find(code) {
        Some(page) => Ok(page.plain(terminal::width().map_or(90, usize::from).min(90))),
        None => Err(Stop::Usage(unknown(code, command))),
    }
}

fn unknown(code: &str, command: &str) -> String {
    match suggest::nearest(code, PAGES.iter().map(|page| page.code)) {
        Some(near) => format!("there is no problem `{code}`; did you mean `{near}`?"),
        None => format!("there is no problem `{code}`; `{command}` alone lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMAND, text, unknown};

    #[test]
    fn a_code_is_found_as_it_is_printed() {
        for code in ["use-is", "[use-is]", "error[use-is]", "error[use-is]:"] {
            assert!(text(code, COMMAND).is_ok_and(|page| page.starts_with("use-is\n")), "{code}");
        }
    }

    #[test]
    fn all_problems_are_listed_with_a_sentence() {
        let list = text("", COMMAND).expect("a list");
        assert!(list.contains("use-is               A code is compared with `=`.\n"), "{list}");
    }

    #[test]
    fn an_unknown_code_offers_the_nearest() {
        let near = "there is no problem `unknown-clauses`; did you mean `unknown-clause`?";
        assert_eq!(unknown("unknown-clauses", COMMAND), near);
        assert!(unknown("zzz", "problem").ends_with("`problem` alone lists them"));
    }
}
