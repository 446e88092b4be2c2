//! `interplay fmt`: the rule files in their one layout.

use clap::Args;
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::{Source, SourceId};
use interplay_syntax::{parse, print};

use crate::file;
use crate::progress::Bar;
use crate::project::{self, Asked};
use crate::stop::Stop;
use crate::terminal;

/// Lays the rule files out as everybody's are
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only name the files that would change
    #[arg(long)]
    check: bool,
}

/// A file with a problem of its grammar stays as it is; the others are still laid out.
pub(crate) async fn run(asked: &Asked, arguments: &Arguments) -> Result<(), Stop> {
    let session = project::open(asked, &Bar::default()).await?;
    let sources = session.sources();
    let mut is_clean = true;
    for (id, source) in sources.iter() {
        let Some(text) = laid_out(id, source) else {
            let (_, problems) = parse(id, &source.text);
            terminal::problems(&problems, sources);
            is_clean = false;
            continue;
        };
        if text == source.text {
            continue;
        }
        terminal::results(&format!("{}\n", source.name))?;
        if arguments.check {
            is_clean = false;
        } else {
            file::write(&asked.folder.join(&source.name), &text)?;
        }
    }
    if is_clean { Ok(()) } else { Err(Stop::Problems) }
}

/// The text in its one layout; none when it could not be read whole.
fn laid_out(id: SourceId, source: &Source) -> Option<String> {
    let (program, problems) = parse(id, &source.text);
    (!has_error(&problems)).then(|| print(&program))
}
