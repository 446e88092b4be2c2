//! Writes data of any size: `generate-scale FOLDER PEOPLE CONTACTS-A-PERSON`

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use interplay_bench::scale::{self, Size};

/// Stays a person, on average.
const STAYS: u32 = 3;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from);
    let mut number = || arguments.next()?.parse().ok();
    let (Some(folder), Some(people), Some(contacts)) = (folder, number(), number()) else {
        tell("usage: generate-scale FOLDER PEOPLE CONTACTS-A-PERSON");
        return ExitCode::from(2);
    };
    match scale::write(&folder, Size { people, contacts, stays: STAYS }) {
        Ok((contacts, stays)) => {
            tell(&format!("{people} people, {contacts} contacts, {stays} stays"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&format!("{}: {error}", folder.display()));
            ExitCode::from(3)
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one place where this command speaks")]
fn tell(text: &str) {
    eprintln!("{text}");
}
