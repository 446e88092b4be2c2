//! Which organisations delivered a record for which days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::Catalog;
use interplay_compile::silence::Undelivered;

use crate::telling::count;

/// What one delivery covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) organisation: String,
    pub(crate) record: String,
    pub(crate) period: Period,
    pub(crate) read: u64,
    pub(crate) rejected: u64,
    /// Nobody said which days it covers: they are those of its rows.
    pub(crate) inferred: bool,
}

impl Delivered {
    /// What somebody says was delivered.
    pub(crate) fn stated(organisation: &str, record: &str, period: Period) -> Self {
        let (organisation, record) = (organisation.to_owned(), record.to_owned());
        Self { organisation, record, period, read: 0, rejected: 0, inferred: false }
    }

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

    /// The days that organisations which register a record did not deliver, up to the data date and
    /// since their first delivery of it; an organisation that never delivered it lacks all days.
    ///
    /// Where coverage is only inferred from rows, the days after the last row may have been
    /// delivered and be empty: such deliveries are taken to reach the data date, and no gap is seen
    /// between them.
    pub(crate) fn undelivered(&self) -> Undelivered {
        if self.delivered.is_none() || self.catalog.silence_is_no {
            return Undelivered::default();
        }
        let mut gaps: BTreeMap<String, Vec<(String, Period)>> = BTreeMap::new();
        for record in self.timed() {
            for (organisation, own) in self.registering(&record) {
                let stretches = own.iter().map(|one| match one.inferred {
                    true => Period { first: one.period.first, last: self.data_date },
                    false => one.period,
                });
                let first = own.iter().map(|one| one.period.first).min();
                let first = first.unwrap_or(NaiveDate::MIN);
                let history = Period { first, last: self.data_date };
                let found = self::gaps(stretches.collect(), history);
                let found = found.into_iter().map(|gap| (organisation.to_owned(), gap));
                gaps.entry(record.clone()).or_default().extend(found);
            }
        }
        gaps.retain(|_, gaps| !gaps.is_empty());
        Undelivered { gaps }
    }

    /// The organisations that have a source for a record, or delivered it, each with its deliveries
    /// that can be used.
    fn registering(&self, record: &str) -> BTreeMap<&str, Vec<&Delivered>> {
        let sources = self.catalog.sources.values().filter(|source| source.record == record);
        let promised = sources.map(|source| (source.organisation.as_str(), Vec::new()));
        let mut found: BTreeMap<&str, Vec<&Delivered>> = promised.collect();
        let delivered = self.delivered.unwrap_or_default().iter();
        for one in delivered.filter(|one| one.record == record) {
            let own = found.entry(&one.organisation).or_default();
            own.extend(one.is_usable().then_some(one));
        }
        found
    }

    /// From which day on each organisation delivered the records that it registers, where it did.
    pub(crate) fn begins(
        &self,
        records: &BTreeSet<&str>,
    ) -> BTreeMap<String, BTreeMap<String, NaiveDate>> {
        let mut begins: BTreeMap<String, BTreeMap<String, NaiveDate>> = BTreeMap::new();
        if self.catalog.silence_is_no {
            return begins;
        }
        for record in records {
            for (organisation, own) in self.registering(record) {
                let Some(first) = own.iter().map(|one| one.period.first).min() else { continue };
                let firsts = begins.entry(organisation.to_owned()).or_default();
                firsts.insert((*record).to_owned(), first);
            }
        }
        begins
    }

    /// Records with rows in time: what can be silent.
    fn timed(&self) -> BTreeSet<String> {
        let records = self.catalog.delivered_records().filter(|record| record.start().is_some());
        records.map(|record| record.name.clone()).collect()
    }

    /// The records whose rows involve an organisation with a subject.
    pub(crate) fn involving(&self, subject: &str) -> BTreeSet<String> {
        self.catalog.involving(subject).map(|(record, _)| record.name.clone()).collect()
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
            let (few, all) = (count(rejected), count(read));
            (rejected > 0).then(|| format!("{few} of {all} of `{record}`"))
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
        if self.delivered.is_none() {
            return;
        }
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
                self.record_note(record, seen, notes);
            }
        }
        self.rejected(records, seen, notes);
    }

    fn record_note(&self, record: &str, asked: Period, notes: &mut Vec<String>) {
        let promised = self.registering(record);
        let mut lacking: BTreeMap<&str, Vec<Period>> = BTreeMap::new();
        for (organisation, own) in &promised {
            let gaps = gaps(own.iter().map(|one| one.period).collect(), asked);
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
            (0, 1) => {
                format!(
                    "The organisation that registers `{record}` did not deliver it for the whole of {period}."
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
                let own = self.catalog.organisations.get(*organisation);
                let title = own.and_then(|own| own.title.as_deref()).unwrap_or(organisation);
                format!("{title} ({})", gaps.join(", "))
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
        match period.last.succ_opt() {
            Some(after) => next = next.max(after),
            // To the end of days.
            None => return gaps,
        }
    }
    if next <= asked.last {
        gaps.push(Period { first: next, last: asked.last });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use interplay_compile::calendar::{Period, date, name, period};
    use interplay_diagnostic::Sources;

    use super::{Coverage, Delivered, gaps};

    const RULES: &str = r#"
subject person
organisation shelter
organisation clinic
record contact of person at day { day: date }
source shelter.contacts for contact {
  from: csv("shelter-*.csv")
  map { person: pseudonym(`id`)  day: `day` }
}
source clinic.contacts for contact {
  from: csv("clinic-*.csv")
  map { person: pseudonym(`id`)  day: `day` }
}
"#;

    /// The gaps in contacts up to the end of 2025, after these deliveries of the shelter.
    fn undelivered(rules: &str, delivered: &[(&str, bool)]) -> Vec<String> {
        let (program, problems) =
            interplay_syntax::parse(Sources::new().add("rules", rules), rules);
        let (model, others) = interplay_compile::check(&[program]);
        assert!(problems.is_empty() && others.is_empty(), "{problems:?} {others:?}");
        let delivered = delivered.iter().map(|(days, inferred)| Delivered {
            organisation: "shelter".to_owned(),
            record: "contact".to_owned(),
            period: period(days).unwrap(),
            read: 9,
            rejected: 0,
            inferred: *inferred,
        });
        let delivered: Vec<Delivered> = delivered.collect();
        let data_date = date("2025-12-31").unwrap();
        let coverage = Coverage { catalog: &model.catalog, delivered: Some(&delivered), data_date };
        let gaps = coverage.undelivered().gaps;
        let gaps = gaps.get("contact").into_iter().flatten();
        gaps.map(|(organisation, days)| format!("{organisation} {}", name(*days))).collect()
    }

    #[test]
    fn gaps_begin_with_the_first_delivery_or_never_if_there_was_none() {
        let found = undelivered(RULES, &[("2025-Q1", false), ("2025-Q3", false)]);
        assert_eq!(found.len(), 3);
        assert!(found[0].starts_with("clinic") && found[0].ends_with(".. 2025"), "{found:?}");
        assert_eq!(found[1..], ["shelter 2025-Q2", "shelter 2025-Q4"]);
    }

    #[test]
    fn days_after_rows_that_alone_tell_what_is_covered_are_no_gap() {
        let found = undelivered(RULES, &[("2025-Q1", true)]);
        assert!(found.iter().all(|gap| gap.starts_with("clinic")), "{found:?}");
    }

    #[test]
    fn where_silence_means_no_there_are_no_gaps() {
        let rules = format!("library a version \"1.0.0\" {{ silence: no }}\n{RULES}");
        assert!(undelivered(&rules, &[("2025-Q1", false)]).is_empty());
    }

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
