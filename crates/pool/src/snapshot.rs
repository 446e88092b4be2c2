//! One state of the pool: what was delivered, by whom, for when, and the hot form of it.
//!
//! A snapshot is what its manifest names and nothing else. The manifest is written last and
//! renamed in, so a load that is cut short at any moment leaves the snapshot that was there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::PoolError;
use crate::hot::{Hot, derive};
use manifest::Manifest;

pub(crate) mod manifest;

/// Everyone's linked data at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The same deliveries, mapped by the same rules under the same key, have the same id.
    pub id: String,
    /// What the engine reads.
    pub hot: Hot,
    /// What was handed over, by source and file.
    pub deliveries: Vec<Delivery>,
    /// Under which sort of key people are known.
    pub key: KeyKind,
    /// By source: the rows that were rejected, with the reasons, as CSV. The same rows stand
    /// beside it as Parquet.
    pub quarantine: BTreeMap<String, PathBuf>,
}

/// What sort of key a pool was built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// The built-in one, for samples.
    Demonstration,
    /// The coalition's own.
    Own,
}

/// What one organisation handed over of one record in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Depends on the file's content and on how it is mapped.
    pub id: String,
    /// `night_shelter.stays`
    pub source: String,
    /// `night_shelter`
    pub organisation: String,
    /// `stay`
    pub record: String,
    /// `deliveries/night_shelter/stays-2023.csv`, from the project's folder; or the name under
    /// which batches are registered
    pub file: String,
    /// A hash (BLAKE3) of the file's content.
    pub content: String,
    /// The day on which the file was last changed, as it was when it was first loaded; none for
    /// registered batches.
    #[serde(default, with = "manifest::maybe_day", skip_serializing_if = "Option::is_none")]
    pub received: Option<NaiveDate>,
    /// The days it is about. `None` for rows that are about no time, and for no rows.
    pub covered: Option<Covered>,
    /// Always those loaded and those rejected.
    pub read_count: u64,
    /// Rows that came into the pool.
    pub loaded_count: u64,
    /// Rows put into quarantine, with the reason.
    pub rejected_count: u64,
}

impl Delivery {
    /// Whether it says anything: a delivery of which rows were read and none could be used is
    /// about days of which nothing is known. One without rows says that nothing happened.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.read_count == 0 || self.loaded_count > 0
    }
}

/// The days a delivery is about, both in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The first day.
    #[serde(with = "manifest::day")]
    pub first: NaiveDate,
    /// The last day.
    #[serde(with = "manifest::day")]
    pub last: NaiveDate,
    /// How we know.
    pub by: CoveredBy,
}

/// How it is known for which days a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoveredBy {
    /// `stays-2023-Q1.csv` for the location `stays-*.csv`
    FileName,
    /// `covers: 2023 .. 2025`
    Declared,
    /// From the first to the last day on which its rows lie or begin.
    Inferred,
}

/// For which days of a stretch an organisation delivered a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The days without a delivery, in order: first and last of each run.
    pub gaps: Vec<(NaiveDate, NaiveDate)>,
    /// How many days have one.
    pub day_count: u64,
}

impl Coverage {
    /// Whether every day has a delivery.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Whether no day has a delivery.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.day_count == 0
    }
}

/// The pool's current snapshot; `None` when nothing was loaded yet.
///
/// The hot form is made again from the pool's tables when it is gone or damaged.
pub async fn open(pool_dir: &Path) -> Result<Option<Snapshot>, PoolError> {
    match manifest::read(pool_dir)? {
        None => Ok(None),
        Some(manifest) => Ok(Some(Snapshot::of(pool_dir, manifest).await?)),
    }
}

impl Snapshot {
    pub(crate) async fn of(pool_dir: &Path, manifest: Manifest) -> Result<Self, PoolError> {
        let hot = derive::open(pool_dir, &manifest).await?;
        let place = |stem: &String| crate::quarantine::csv_path(pool_dir, stem);
        let quarantine = manifest.quarantine.iter();
        Ok(Self {
            hot,
            quarantine: quarantine.map(|(source, stem)| (source.clone(), place(stem))).collect(),
            id: manifest.id,
            deliveries: manifest.deliveries,
            key: manifest.key.kind,
        })
    }

    /// For which days from `first` to `last`, both in, the organisation delivered the record.
    #[must_use]
    pub fn coverage(
        &self,
        record: &str,
        organisation: &str,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Coverage {
        let own = self
            .deliveries
            .iter()
            .filter(|delivery| delivery.record == record && delivery.organisation == organisation);
        coverage(own, first, last)
    }
}

fn coverage<'a>(
    deliveries: impl Iterator<Item = &'a Delivery>,
    first: NaiveDate,
    last: NaiveDate,
) -> Coverage {
    let mut stretches: Vec<_> = deliveries
        .filter(|delivery| delivery.is_usable())
        // Rows that are about no time hold for all of it.
        .filter(|delivery| delivery.loaded_count > 0 || delivery.covered.is_some())
        .map(|delivery| match delivery.covered {
            Some(covered) => (covered.first.max(first), covered.last.min(last)),
            None => (first, last),
        })
        .filter(|(first, last)| first <= last)
        .collect();
    stretches.sort_unstable();
    let (mut gaps, mut next) = (Vec::new(), Some(first));
    for (begin, end) in stretches {
        let Some(open) = next else { break };
        if open < begin {
            let before = begin.checked_sub_days(Days::new(1)).unwrap_or(begin);
            gaps.push((open, before));
        }
        next = end.checked_add_days(Days::new(1)).map(|after| after.max(open));
    }
    if let Some(open) = next.filter(|open| *open <= last) {
        gaps.push((open, last));
    }
    let length = |(first, last): &(NaiveDate, NaiveDate)| {
        u64::try_from((*last - *first).num_days() + 1).unwrap_or(0)
    };
    let missing: u64 = gaps.iter().map(length).sum();
    Coverage { day_count: length(&(first, last)).saturating_sub(missing), gaps }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Covered, CoveredBy, Delivery, coverage};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    fn delivery(covered: Option<(NaiveDate, NaiveDate)>) -> Delivery {
        let by = CoveredBy::FileName;
        Delivery {
            id: String::new(),
            source: "harbour.stays".to_owned(),
            organisation: "harbour".to_owned(),
            record: "stay".to_owned(),
            file: String::new(),
            content: String::new(),
            received: None,
            covered: covered.map(|(first, last)| Covered { first, last, by }),
            read_count: 1,
            loaded_count: 1,
            rejected_count: 0,
        }
    }

    #[test]
    fn days_without_a_delivery_are_gaps() {
        let asked = |stretches: &[(NaiveDate, NaiveDate)]| {
            let deliveries: Vec<_> = stretches.iter().map(|days| delivery(Some(*days))).collect();
            coverage(deliveries.iter(), day(1, 1), day(12, 31))
        };
        let none = asked(&[]);
        assert!(none.is_none() && !none.is_whole());
        assert_eq!(none.gaps, [(day(1, 1), day(12, 31))]);
        let quarters =
            [(day(4, 1), day(6, 30)), (day(1, 1), day(3, 31)), (day(10, 1), day(12, 31))];
        let gap = asked(&quarters);
        assert_eq!(gap.gaps, [(day(7, 1), day(9, 30))]);
        assert_eq!(gap.day_count, 365 - 92);
        let whole = asked(&[(day(1, 1), day(12, 31)), (day(3, 1), day(3, 31))]);
        assert!(whole.is_whole() && !whole.is_none());
    }

    #[test]
    fn a_delivery_of_which_every_row_was_rejected_covers_nothing() {
        let days = Some((day(1, 1), day(12, 31)));
        let counted = |read_count, loaded_count| {
            let delivery = Delivery { read_count, loaded_count, ..delivery(days) };
            coverage([delivery].iter(), day(1, 1), day(12, 31)).is_whole()
        };
        assert_eq!([counted(2, 0), counted(2, 1), counted(0, 0)], [false, true, true]);
    }

    #[test]
    fn rows_about_no_time_hold_for_all_of_it() {
        let once = [delivery(None)];
        assert!(coverage(once.iter(), day(1, 1), day(12, 31)).is_whole());
    }
}
