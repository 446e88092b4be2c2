//! Loading: what the organisations delivered, into the pool.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::Catalog;
use interplay_diagnostic::problem::has_error;
use interplay_pool::Step;

use crate::coverage::Coverage;
use crate::error::Error;
use crate::noted;
use crate::session::{Pool, Session};

/// How far a load is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many things of one step are done.
    Loading {
        /// Things done.
        done: usize,
        /// Things to do.
        total: usize,
        /// `reading deliveries/night_shelter/stays-2023.csv`
        what: String,
    },
    /// Everything is in the pool.
    Done,
}

/// What a load did.
#[derive(Clone, Debug)]
pub struct LoadSummary {
    /// The snapshot that queries see now.
    pub snapshot: String,
    /// Whether anything was new.
    pub changed: bool,
    /// One for each source.
    pub rows: Vec<LoadRow>,
    /// What was noted of the rows, a sentence each: on whom organisations disagree.
    pub notes: Vec<String>,
}

/// What came from one source.
#[derive(Clone, Debug)]
pub struct LoadRow {
    /// `night_shelter`
    pub organisation: String,
    /// `stay`
    pub record: String,
    /// `night_shelter.stays`
    pub source: String,
    /// How many files.
    pub files: u64,
    /// Rows read: those loaded and those rejected.
    pub read: u64,
    /// Rows in the pool.
    pub loaded: u64,
    /// Rows in quarantine.
    pub rejected: u64,
    /// Of those in the pool, how many do not count: a later row of the organisation has their key.
    /// None where the record has no key.
    pub replaced: Option<u64>,
    /// `2023 .. 2024-06-30, 2024-Q4`; empty when nothing is covered
    pub covered: String,
    /// Where the rejected rows stand with their reasons, as CSV, from the project's folder.
    pub quarantine: Option<PathBuf>,
}

impl Session {
    /// Loads what changed since the last load.
    ///
    /// # Errors
    /// When the rules have errors, a delivery cannot be read, or the pool cannot be written. The
    /// pool is then as it was.
    pub async fn load(&mut self) -> Result<LoadSummary, Error> {
        load(self).await
    }
}

pub(crate) async fn load(session: &mut Session) -> Result<LoadSummary, Error> {
    if has_error(&session.problems) {
        return Err(Error::Rules);
    }
    let (Some(root), Some(settings)) = (&session.root, &session.settings) else {
        return Err(Error::Unknown("there is no project to load; see `interplay new`".to_owned()));
    };
    let key = session.key()?;
    let told = session.progress.clone();
    let report = interplay_pool::load(
        &root.join(&settings.pool),
        root,
        &session.model.catalog,
        &key,
        &session.registered,
        &|progress| {
            if let Some(told) = &told {
                told(Progress::Loading {
                    done: progress.done,
                    total: progress.total,
                    what: doing(progress.step),
                });
            }
        },
    )
    .await?;
    if let Some(told) = &session.progress {
        told(Progress::Done);
    }
    let snapshot = report.snapshot;
    let catalog = &session.model.catalog;
    let mut rows = summary(&snapshot.deliveries, catalog, &snapshot.hot.noted().replaced);
    for row in &mut rows {
        let file = snapshot.quarantine.get(&row.source);
        row.quarantine = file.map(|file| file.strip_prefix(root).unwrap_or(file).to_owned());
    }
    let mut summary = LoadSummary {
        snapshot: snapshot.id.clone(),
        changed: !report.changed.is_empty(),
        rows,
        notes: noted::all(snapshot.hot.noted(), catalog),
    };
    let pool = Pool::of(snapshot);
    let coverage = Coverage {
        catalog,
        delivered: pool.delivered.as_deref(),
        timeless: &pool.timeless,
        data_date: NaiveDate::MAX,
    };
    let always = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
    let records = catalog.records.keys().cloned().collect();
    summary.notes.extend(coverage.early(&records, always));
    session.pool = Some(pool);
    Ok(summary)
}

fn doing(step: Step) -> String {
    match step {
        Step::Waiting => "waiting for another load to end".to_owned(),
        Step::Reading(file) => format!("reading {file}"),
        Step::Writing(record) => format!("writing {record}"),
        Step::Arranging => "arranging rows by subject".to_owned(),
    }
}

fn summary(
    deliveries: &[interplay_pool::Delivery],
    catalog: &Catalog,
    replaced: &BTreeMap<String, u64>,
) -> Vec<LoadRow> {
    let mut rows: Vec<(LoadRow, Vec<Period>)> = Vec::new();
    for delivery in deliveries {
        let at = rows.iter().position(|(row, _)| row.source == delivery.source);
        let at = at.unwrap_or_else(|| {
            let record = catalog.records.get(&delivery.record);
            let is_keyed = record.is_some_and(|record| !record.key.is_empty());
            rows.push((
                LoadRow {
                    organisation: delivery.organisation.clone(),
                    record: delivery.record.clone(),
                    source: delivery.source.clone(),
                    files: 0,
                    read: 0,
                    loaded: 0,
                    rejected: 0,
                    replaced: is_keyed.then_some(0),
                    covered: String::new(),
                    quarantine: None,
                },
                Vec::new(),
            ));
            rows.len() - 1
        });
        let Some((row, covered)) = rows.get_mut(at) else { continue };
        row.files += 1;
        row.read += delivery.read_count;
        row.loaded += delivery.loaded_count;
        row.rejected += delivery.rejected_count;
        let gone = replaced.get(&delivery.id).copied().unwrap_or(0);
        row.replaced = row.replaced.map(|count| count + gone);
        let own = delivery.covered.as_ref();
        covered.extend(own.map(|own| Period { first: own.first, last: own.last }));
    }
    rows.sort_by(|one, two| one.0.source.cmp(&two.0.source));
    let rows =
        rows.into_iter().map(|(row, covered)| LoadRow { covered: stretches(covered), ..row });
    rows.collect()
}

/// Periods joined where one follows the other, in words: `2023 .. 2024-06-30, 2024-Q4`
fn stretches(mut periods: Vec<Period>) -> String {
    periods.sort();
    let mut joined: Vec<Period> = Vec::new();
    for period in periods {
        match joined.last_mut() {
            Some(before) if before.last.succ_opt().is_none_or(|next| period.first <= next) => {
                before.last = before.last.max(period.last);
            }
            _ => joined.push(period),
        }
    }
    joined.into_iter().map(calendar::name).collect::<Vec<_>>().join(", ")
}
