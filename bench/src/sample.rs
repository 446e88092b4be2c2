//! The deliveries of `samples/youth-homelessness`: eight organisations, three years, 4,000 invented
//! young people.
//!
//! 1. `life::people` invents the young people: who they are, how they live from one day to the
//!    next, and which organisations come to know them.
//! 2. Each organisation's room looks at the part of that life which the organisation sees, and
//!    writes it down as its own system would: own words, codes, dates, separators and encodings,
//!    and its own share of broken rows.
//!
//! Nothing here is about anybody: no check digits of an identification number are right.

use std::collections::BTreeMap;

use life::Person;

mod chance;
mod delivery;
mod employment_service;
mod fault;
mod housing_company;
mod identity;
mod life;
mod mental_health;
mod night_shelter;
mod social_service;
mod street_outreach;
mod time;
mod welfare_centre;
mod youth_care;

/// The files that one organisation hands over, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// What one organisation makes of the young people.
type Deliveries = fn(&[Person]) -> Files;

/// The organisations' folders, each with the room that writes what lies in it.
const ORGANISATIONS: &[(&str, Deliveries)] = &[
    ("employment_service", employment_service::deliveries),
    ("housing_company", housing_company::deliveries),
    ("mental_health", mental_health::deliveries),
    ("night_shelter", night_shelter::deliveries),
    ("social_service", social_service::deliveries),
    ("street_outreach", street_outreach::deliveries),
    ("welfare_centre", welfare_centre::deliveries),
    ("youth_care", youth_care::deliveries),
];

/// Every file of the sample: its path below `deliveries/` and its bytes, sorted by path.
///
/// The same bytes each time, on every machine.
#[must_use]
pub fn youth_homelessness() -> Vec<(String, Vec<u8>)> {
    let people = life::people();
    let files = ORGANISATIONS.iter().flat_map(|(folder, deliveries)| {
        deliveries(&people)
            .into_iter()
            .map(move |(name, bytes)| (format!("{folder}/{name}"), bytes))
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::youth_homelessness;

    #[test]
    fn the_same_bytes_come_each_time() {
        assert!(youth_homelessness() == youth_homelessness());
    }

    #[test]
    fn the_sample_holds_what_is_made_here_and_nothing_else() {
        let deliveries =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/youth-homelessness/deliveries");
        let mut held = BTreeMap::new();
        for folder in fs::read_dir(&deliveries).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let file = file.unwrap().path();
                let name = file.strip_prefix(&deliveries).unwrap().to_string_lossy().into_owned();
                held.insert(name.replace('\\', "/"), fs::read(&file).unwrap());
            }
        }
        for (path, bytes) in youth_homelessness() {
            assert!(held.remove(&path).as_ref() == Some(&bytes), "{path} is another");
        }
        assert!(held.is_empty(), "nobody makes {:?}", held.keys());
    }

    #[test]
    fn all_files_together_stay_below_three_megabytes() {
        let size: usize = youth_homelessness().iter().map(|(_, bytes)| bytes.len()).sum();
        assert!((1_000_000..3_000_000).contains(&size), "{size} bytes");
    }
}
