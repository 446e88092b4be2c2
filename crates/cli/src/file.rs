//! Files written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::stop::Stop;

/// Links followed before they count as a circle, as on most systems.
const MOST_LINKS: usize = 40;

/// Writes `text` beside the file, then renames it in: a reader sees the old file or the new one.
///
/// A symbolic link stays one, for its target is written. What is there and no file, such as a
/// device or a named pipe, is written through and stays what it is.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Stop> {
    match fs::metadata(path) {
        Ok(data) if !data.is_file() => write_through(path, text),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(fault(path, &error)),
        Ok(_) | Err(_) => replace(path, &target(path), text),
    }
}

fn write_through(path: &Path, text: &str) -> Result<(), Stop> {
    let file = OpenOptions::new().write(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => fault(path, &error),
    })
}

/// Where a chain of symbolic links ends, whether or not something is there.
fn target(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        // What is no link, or not there, leads no further.
        let Ok(next) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or_else(|| Path::new("")).join(next);
    }
    path
}

/// Faults name the path as it was given.
fn replace(path: &Path, target: &Path, text: &str) -> Result<(), Stop> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    fs::metadata(folder).map_err(|error| fault(path, &error))?;
    let mut file = Builder::new()
        .prefix(".interplay-")
        .permissions(permissions(target))
        .tempfile_in(folder)
        .map_err(|error| fault(path, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| fault(path, &error))?;
    file.as_file().sync_all().map_err(|error| fault(path, &error))?;
    file.persist(target).map_err(|error| fault(path, &error.error))?;
    Ok(())
}

fn fault(path: &Path, error: &dyn std::error::Error) -> Stop {
    Stop::world(&format!("cannot write {}", path.display()), error)
}

/// Those of the file that is replaced, or those of any new file.
#[cfg(unix)]
fn permissions(path: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;

    let old = fs::metadata(path).map(|data| data.permissions());
    old.unwrap_or_else(|_| fs::Permissions::from_mode(0o666))
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), Stop> {
    let fault = |error| Stop::world(&format!("cannot make the folder {}", path.display()), &error);
    fs::create_dir_all(path).map_err(fault)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::write;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        for text in ["one", "two"] {
            write(&path, text).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("read"), text);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_its_target_is_written() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("in")).expect("made");
        let (old, new) = (folder.path().join("in/old.csv"), folder.path().join("in/new.csv"));
        fs::write(&old, "old").expect("written");
        for (link, target) in [("a", "in/old.csv"), ("b", "a"), ("c", "in/new.csv")] {
            symlink(target, folder.path().join(link)).expect("linked");
        }
        for link in ["a", "b", "c"] {
            let path = folder.path().join(link);
            write(&path, link).expect("written");
            assert!(fs::symlink_metadata(&path).expect("there").is_symlink());
        }
        assert_eq!(fs::read_to_string(&old).expect("read"), "b");
        assert_eq!(fs::read_to_string(&new).expect("read"), "c");
        symlink("round", folder.path().join("round")).expect("linked");
        assert!(write(&folder.path().join("round"), "").is_err());
        assert!(fs::symlink_metadata(folder.path().join("round")).expect("there").is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_through_and_stays_one() {
        use std::os::unix::fs::{FileTypeExt, symlink};

        let folder = tempfile::tempdir().expect("a folder");
        // A link, so that the device itself is safe even where this fails.
        let path = folder.path().join("nothing");
        symlink("/dev/null", &path).expect("linked");
        write(&path, "text").expect("written");
        assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
        assert!(fs::symlink_metadata(&path).expect("there").is_symlink());
    }

    #[test]
    fn a_folder_is_no_file_to_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = write(folder.path(), "").expect_err("a folder");
        assert_eq!(stop.code(), 3);
        assert!(folder.path().is_dir());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = write(&folder.path().join("none/a.csv"), "").expect_err("no folder");
        assert!(stop.message().is_some_and(|message| message.contains("none/a.csv")));
        assert_eq!(stop.code(), 3);
    }
}
