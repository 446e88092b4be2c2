//! The deliveries of the samples, a room each. What the rooms share is how exports look, how people
//! are identified in them, and what goes wrong in them.
//!
//! Nothing here is about anybody: no check digits of an identification number are right.

use std::collections::BTreeMap;

mod chance;
mod delivery;
mod fault;
mod identity;
mod neighbourhood;
mod poverty;
mod time;
mod youth_homelessness;

/// The files that one organisation hands over, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Every file of a sample: its path below `deliveries/` and its bytes, sorted by path. The same
/// bytes each time, on every machine.
pub type Written = Vec<(String, Vec<u8>)>;

/// What makes the deliveries of a sample.
pub type Maker = fn() -> Written;

/// A sample by the name of its folder below `samples/`, and what makes its deliveries. A new sample
/// is a room and a line here.
pub const SAMPLES: &[(&str, Maker)] = &[
    ("neighbourhood", neighbourhood::files),
    ("poverty", poverty::files),
    ("youth-homelessness", youth_homelessness::files),
];

/// The files of organisations, each below the organisation's folder.
fn written<'a>(organisations: impl Iterator<Item = (&'a str, Files)>) -> Written {
    let files = organisations.flat_map(|(folder, files)| {
        files.into_iter().map(move |(name, bytes)| (format!("{folder}/{name}"), bytes))
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::SAMPLES;

    #[test]
    fn samples_hold_what_is_made_here_and_nothing_else() {
        for (name, files) in SAMPLES {
            let made = files();
            assert!(made == files(), "the same bytes come each time");
            let deliveries = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../samples")
                .join(name)
                .join("deliveries");
            let mut held = BTreeMap::new();
            for folder in fs::read_dir(&deliveries).unwrap() {
                for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                    let file = file.unwrap().path();
                    let name =
                        file.strip_prefix(&deliveries).unwrap().to_string_lossy().into_owned();
                    held.insert(name.replace('\\', "/"), fs::read(&file).unwrap());
                }
            }
            for (path, bytes) in made {
                assert!(held.remove(&path).as_ref() == Some(&bytes), "{name}: {path} is another");
            }
            assert!(held.is_empty(), "{name}: nobody makes {:?}", held.keys());
        }
    }

    #[test]
    fn the_files_of_a_sample_stay_below_three_megabytes() {
        for (name, files) in SAMPLES {
            let size: usize = files().iter().map(|(_, bytes)| bytes.len()).sum();
            assert!((200_000..3_000_000).contains(&size), "{name}: {size} bytes");
        }
    }
}
