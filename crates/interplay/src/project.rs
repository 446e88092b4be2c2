//! The rule files of a project, and a new project to begin with.

use std::path::{Path, PathBuf};

use interplay_diagnostic::{Diagnostic, Sources};
use interplay_syntax::tree;

use crate::error::Error;
use crate::settings::{self, Settings};

/// The ending of rule files.
const ENDING: &str = "interplay";

/// Reads every rule file that the settings name, folders in alphabetical order.
pub(crate) fn read(
    root: &Path,
    settings: &Settings,
    sources: &mut Sources,
) -> Result<(Vec<tree::Program>, Vec<Diagnostic>), Error> {
    let (mut programs, mut problems) = (Vec::new(), Vec::new());
    for file in files(root, settings)? {
        let text = std::fs::read(&file).map_err(Error::file("read", &file))?;
        // Any bytes are answered: what is no UTF-8 becomes a letter that parsing refuses.
        let text = String::from_utf8_lossy(&text).into_owned();
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let id = sources.add(name, text.clone());
        let (program, found) = interplay_syntax::parse(id, &text);
        programs.push(program);
        problems.extend(found);
    }
    Ok((programs, problems))
}

/// All rule files of a project, sorted within each folder that the settings name.
///
/// # Errors
/// When a folder that the settings name cannot be read.
pub fn files(root: &Path, settings: &Settings) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for place in &settings.rules {
        let place = root.join(place);
        if place.is_file() {
            files.push(place);
        } else {
            collect(&place, &mut files)?;
        }
    }
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::file("read the folder", folder))?;
    let mut inside = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(Error::file("read the folder", folder))?.path());
    }
    inside.sort();
    for path in inside {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == ENDING) {
            files.push(path);
        }
    }
    Ok(())
}

/// What a new project holds.
const TEMPLATE: &[(&str, &str)] = &[
    (settings::FILE, include_str!("../template/interplay.toml")),
    (".gitignore", ".interplay/\n"),
    ("rules/codebook.interplay", include_str!("../template/rules/codebook.interplay")),
    ("rules/indicators.interplay", include_str!("../template/rules/indicators.interplay")),
    ("sources/shelter.interplay", include_str!("../template/sources/shelter.interplay")),
    ("sources/outreach.interplay", include_str!("../template/sources/outreach.interplay")),
    (
        "deliveries/shelter/stays-2025.csv",
        include_str!("../template/deliveries/shelter/stays-2025.csv"),
    ),
    (
        "deliveries/outreach/talks-2025.csv",
        include_str!("../template/deliveries/outreach/talks-2025.csv"),
    ),
];

/// Makes a small project that runs: two organisations, three indicators, a test and a report.
/// Returns the files it wrote.
///
/// # Errors
/// When the folder holds a project already, or a file cannot be written.
pub fn create(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    for (name, _) in TEMPLATE {
        let path = dir.join(name);
        if path.exists() {
            let there = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(Error::File { doing: "begin a project over", path, source: there });
        }
    }
    let mut written = Vec::new();
    for (name, text) in TEMPLATE {
        let path = dir.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::file("create the folder", folder))?;
        }
        std::fs::write(&path, text).map_err(Error::file("write", &path))?;
        written.push(path);
    }
    Ok(written)
}
