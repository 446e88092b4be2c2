//! Files written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use tempfile::Builder;

use crate::stop::Stop;

/// Writes `text` beside `path`, then renames it in: a reader sees the old file or the new one.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let fault = |error: &dyn std::error::Error| {
        Stop::world(&format!("cannot write {}", path.display()), error)
    };
    fs::metadata(folder).map_err(|error| fault(&error))?;
    let mut file = Builder::new()
        .prefix(".interplay-")
        .permissions(permissions(path))
        .tempfile_in(folder)
        .map_err(|error| fault(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| fault(&error))?;
    file.as_file().sync_all().map_err(|error| fault(&error))?;
    file.persist(path).map_err(|error| fault(&error.error))?;
    Ok(())
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

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = write(&folder.path().join("none/a.csv"), "").expect_err("no folder");
        assert!(stop.message().is_some_and(|message| message.contains("none/a.csv")));
        assert_eq!(stop.code(), 3);
    }
}
