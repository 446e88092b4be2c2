//! Which organisations delivered a record for which days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::Catalog;

/// What one delivery covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) organisation: String,
    pub(crate) record: String,
    pub(crate) period: Period,
    pub(crate) read: u64,
    pub(crate) rejected: u64,
}

impl Delivered {
    /// Of rows that were read and all rejected nothing is known.
    fn is_usable(&self) -> bool {
        self.read == 0 || self.rejected < self.read
    }
}

/// Deliveries held against what the sources promise.
#[derive(Debug)]
pub(crate) struct Coverage<'a> {
    pub(crate) catalog: &'a Catalog,
    /// None for rows given in memory, of which nothing is expected.
    pub(crate) delivered: Option<&'a [Delivered]>,
    pub(crate) data_date: NaiveDate,
}

impl Coverage<'_> {
    /// Whether anyone, or the organisation, delivered any of the records for a day of the period
    /// that is over.
    pub(crate) fn any(
        &self,
        records: &BTreeSet<String>,
        period: Period,
        organisation: Option<&str>,
    ) -> bool {
        let Some(delivered) = self.delivered else { return true };
        if period.first > self.data_date {
            return false;
        }
        records.is_empty()
            || delivered.iter().any(|one| {
                records.contains(&one.record)
                    && organisation.is_none_or(|organisation| one.organisation == organisation)
                    && one.is_usable()
                    && one.period.first <= period.last
                    && one.period.last >= period.first
            })
    }

    /// Records with rows in time: what involves an organisation with a subject.
    pub(crate) fn timed(&self) -> BTreeSet<String> {
        let records = self.catalog.records.values().filter(|record| record.start().is_some());
        records.map(|record| record.name.clone()).collect()
    }

    /// How many of the rows delivered for the period could not be used, by record.
    fn rejected(&self, records: &BTreeSet<String>, asked: Period, notes: &mut Vec<String>) {
        let delivered = self.delivered.unwrap_or_default();
        let touching = |record: &str| {
            let own = delivered.iter().filter(|one| one.record == record);
            let here =
                own.filter(|one| one.period.first <= asked.last && one.period.last >= asked.first);
            here.fold((0, 0), |(read, rejected), one| (read + one.read, rejected + one.rejected))
        };
        let told = records.iter().filter_map(|record| {
            let (read, rejected) = touching(record);
            (rejected > 0).then(|| format!("{rejected} of {read} of `{record}`"))
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            notes.push(format!("Rows delivered that could not be used: {}.", told.join(", ")));
        }
    }

    /// For each record: how many of its organisations delivered it for the whole period, and what
    /// is lacking.
    pub(crate) fn notes(
        &self,
        records: &BTreeSet<String>,
        cells: &[Period],
        notes: &mut Vec<String>,
    ) {
        let Some(delivered) = self.delivered else { return };
        // The last cell is the whole that was asked for.
        let Some(asked) = cells.last() else { return };
        if asked.last > self.data_date {
            notes.push(format!(
                "The data go up to {}; {} is not yet over.",
                self.data_date,
                calendar::name(*asked)
            ));
        }
        let seen = Period { first: asked.first, last: asked.last.min(self.data_date) };
        for record in records {
            let timed = self.catalog.records.get(record).is_some_and(|it| it.start().is_some());
            if timed && seen.first <= seen.last {
                self.record_note(record, delivered, seen, notes);
            }
        }
        self.rejected(records, seen, notes);
    }

    fn record_note(
        &self,
        record: &str,
        delivered: &[Delivered],
        asked: Period,
        notes: &mut Vec<String>,
    ) {
        let sources = self.catalog.sources.values().filter(|source| source.record == record);
        let promised: BTreeSet<&String> = sources.map(|source| &source.organisation).collect();
        let mut lacking: BTreeMap<&String, Vec<Period>> = BTreeMap::new();
        for organisation in &promised {
            let covered = delivered
                .iter()
                .filter(|one| one.record == record && one.organisation == **organisation)
                .filter(|one| one.is_usable());
            let gaps = gaps(covered.map(|one| one.period).collect(), asked);
            if !gaps.is_empty() {
                lacking.insert(organisation, gaps);
            }
        }
        if promised.is_empty() {
            return;
        }
        let whole = promised.len() - lacking.len();
        let (all, period) = (promised.len(), calendar::name(asked));
        let mut note = match (whole, all) {
            (1, 1) => {
                format!(
                    "The organisation that registers `{record}` delivered it for the whole of {period}."
                )
            }
            (whole, all) if whole == all => {
                format!(
                    "All {all} organisations that register `{record}` delivered it for the whole of {period}."
                )
            }
            _ => {
                format!(
                    "{whole} of {all} organisations that register `{record}` delivered it for the whole of {period}."
                )
            }
        };
        if !lacking.is_empty() {
            let gaps = lacking.iter().map(|(organisation, gaps)| {
                let gaps: Vec<String> = gaps.iter().map(|gap| calendar::name(*gap)).collect();
                format!("{organisation} ({})", gaps.join(", "))
            });
            note.push_str(" Not delivered: ");
            note.push_str(&gaps.collect::<Vec<_>>().join("; "));
            note.push('.');
        }
        notes.push(note);
    }
}

/// The stretches of `asked` that no period covers.
fn gaps(mut covered: Vec<Period>, asked: Period) -> Vec<Period> {
    covered.sort();
    let mut gaps = Vec::new();
    let mut next = asked.first;
    for period in covered {
        if period.first > asked.last {
            break;
        }
        if period.first > next
            && let Some(last) = period.first.pred_opt()
        {
            gaps.push(Period { first: next, last });
        }
        if let Some(after) = period.last.succ_opt() {
            next = next.max(after);
        }
    }
    if next <= asked.last {
        gaps.push(Period { first: next, last: asked.last });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use interplay_compile::calendar::{Period, name, period};

    use super::gaps;

    #[test]
    fn a_quarter_that_was_not_delivered_is_a_gap() {
        let covered = ["2025-Q1", "2025-Q2", "2025-Q4"].map(|it| period(it).unwrap()).to_vec();
        let found: Vec<Period> = gaps(covered, period("2025").unwrap());
        assert_eq!(found.into_iter().map(name).collect::<Vec<_>>(), ["2025-Q3"]);
    }

    #[test]
    fn periods_that_overlap_leave_no_gap() {
        let covered = ["2025", "2025-Q2"].map(|it| period(it).unwrap()).to_vec();
        assert!(gaps(covered, period("2025").unwrap()).is_empty());
    }
}
