//! Writes the sample's deliveries: `generate-sample samples/youth-homelessness/deliveries`

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln_line("usage: generate-sample FOLDER");
        return ExitCode::from(2);
    };
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln_line(&format!("{}: {error}", folder.display()));
            ExitCode::from(3)
        }
    }
}

fn write(folder: &std::path::Path) -> io::Result<()> {
    for (path, bytes) in interplay_bench::sample::youth_homelessness() {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the one place where this command speaks")]
fn eprintln_line(text: &str) {
    eprintln!("{text}");
}
