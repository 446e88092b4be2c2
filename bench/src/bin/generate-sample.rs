//! Writes a sample's deliveries: `generate-sample samples/youth-homelessness`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use interplay_bench::sample::{SAMPLES, Written};

fn main() -> ExitCode {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let name = folder.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    let sample = SAMPLES.iter().find(|(known, _)| Some(*known) == name);
    let (Some(folder), Some((_, files))) = (folder, sample) else {
        let known: Vec<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
        said(&format!("usage: generate-sample FOLDER, which is called {}", known.join(" or ")));
        return ExitCode::from(2);
    };
    match write(&folder.join("deliveries"), files()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            said(&format!("{}: {error}", folder.display()));
            ExitCode::from(3)
        }
    }
}

fn write(folder: &Path, files: Written) -> io::Result<()> {
    for (path, bytes) in files {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the one place where this command speaks")]
fn said(text: &str) {
    eprintln!("{text}");
}
