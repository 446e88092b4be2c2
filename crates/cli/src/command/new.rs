//! `interplay new DIR`: a small project that runs.

use std::path::PathBuf;

use clap::Args;

use crate::stop::Stop;
use crate::terminal;

/// Makes a small project that runs, to begin from
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let files = interplay::create(&arguments.folder)?;
    let lines: Vec<String> = files.iter().map(|file| format!("{}\n", file.display())).collect();
    terminal::results(&lines.concat())?;
    let folder = arguments.folder.display();
    terminal::tell(&format!("`interplay run --project {folder}` prints its report"));
    Ok(())
}
