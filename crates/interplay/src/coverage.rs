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
    /// Deliveries of which nobody says which days they are about, and no row has a day.
    pub(crate) timeless: &'a [Delivered],
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
                let Some(history) = meet(history, self.working(organisation)) else { continue };
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

    /// From when to when an organisation is there: `since`, and the day before `until`.
    fn working(&self, organisation: &str) -> Period {
        let own = self.catalog.organisations.get(organisation);
        let day = |fact| calendar::date(own?.properties.get(fact)?);
        let (since, until) = (day("since"), day("until").and_then(|day| day.pred_opt()));
        let (first, last) = (since.unwrap_or(NaiveDate::MIN), until.unwrap_or(NaiveDate::MAX));
        Period { first, last }
    }

    /// Who delivered something about days before it is there, as far as they lie in a period.
    pub(crate) fn early(&self, records: &BTreeSet<String>, asked: Period) -> Vec<String> {
        let delivered = self.delivered.unwrap_or_default().iter();
        let mut found: BTreeMap<(&str, &str), Vec<Period>> = BTreeMap::new();
        for one in delivered.filter(|one| records.contains(&one.record) && one.is_usable()) {
            let since = self.working(&one.organisation).first;
            let before = since.pred_opt().map(|last| Period { first: asked.first, last });
            let early = meet(one.period, asked).zip(before).and_then(|(own, days)| meet(own, days));
            found.entry((&one.organisation, &one.record)).or_default().extend(early);
        }
        found.retain(|_, days| !days.is_empty());
        let told = found.into_iter().map(|((organisation, record), mut days)| {
            days.sort();
            let names: Vec<String> = days.into_iter().map(calendar::name).collect();
            let (title, since) = (self.title(organisation), self.working(organisation).first);
            format!(
                "{title} is there since {since}, and delivered `{record}` of days before: {}.",
                names.join(", ")
            )
        });
        told.collect()
    }

    fn title<'t>(&'t self, organisation: &'t str) -> &'t str {
        let own = self.catalog.organisations.get(organisation);
        own.and_then(|own| own.title.as_deref()).unwrap_or(organisation)
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

    /// Whether rows of a record have a day.
    fn is_timed(&self, record: &str) -> bool {
        self.catalog.records.get(record).is_some_and(|it| it.start().is_some())
    }

    /// The organisations that delivered a record without days, at some time.
    fn ever(&self, record: &str) -> BTreeSet<&str> {
        let timeless = self.timeless.iter().filter(|_| !self.is_timed(record));
        let own = timeless.filter(|one| one.record == record && one.is_usable());
        own.map(|one| one.organisation.as_str()).collect()
    }

    /// How many of the rows delivered for the period could not be used, by record.
    fn rejected(&self, records: &BTreeSet<String>, asked: Period, notes: &mut Vec<String>) {
        let delivered = self.delivered.unwrap_or_default();
        let touching = |record: &str| {
            let dated = delivered
                .iter()
                .filter(|one| one.period.first <= asked.last && one.period.last >= asked.first);
            let timeless = self.timeless.iter().filter(|_| !self.is_timed(record));
            let here = dated.chain(timeless).filter(|one| one.record == record);
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
        if seen.first <= seen.last {
            let told: Vec<Told<'_>> =
                records.iter().filter_map(|record| self.told(record, seen)).collect();
            let lacking = told.iter().filter(|one| !one.lacking.is_empty());
            notes.extend(lacking.map(|one| self.lacking_note(one)));
            whole(&told, notes);
            notes.extend(self.early(records, seen));
        }
        self.rejected(records, seen, notes);
    }

    /// What was delivered of a record, if somebody registers it.
    fn told<'r>(&'r self, record: &'r str, asked: Period) -> Option<Told<'r>> {
        let mut registering = self.registering(record);
        let ever = self.ever(record);
        for organisation in &ever {
            registering.entry(organisation).or_default();
        }
        // Who was not there need not have delivered.
        registering.retain(|organisation, own| {
            let touches = own.iter().any(|one| meet(one.period, asked).is_some());
            touches || meet(self.working(organisation), asked).is_some()
        });
        let mut lacking: BTreeMap<&str, Vec<Period>> = BTreeMap::new();
        for (organisation, own) in &registering {
            if ever.contains(organisation) {
                continue;
            }
            let own = own.iter().map(|one| one.period).collect();
            let there = meet(self.working(organisation), asked);
            let gaps = there.map(|there| gaps(own, there)).unwrap_or_default();
            if !gaps.is_empty() {
                lacking.insert(organisation, gaps);
            }
        }
        // What is not about time was delivered, or was not.
        let is_told = |it: &&str| ever.contains(it) || lacking.contains_key(it);
        let is_timeless = !ever.is_empty() && registering.keys().all(is_told);
        let period = match is_timeless {
            true => String::new(),
            false => format!(" for the whole of {}", calendar::name(asked)),
        };
        let all = registering.len();
        (all > 0).then_some(Told { record, all, lacking, period })
    }

    fn lacking_note(&self, told: &Told<'_>) -> String {
        let Told { record, all, lacking, period } = told;
        let gaps = lacking.iter().map(|(organisation, gaps)| {
            let gaps: Vec<String> = gaps.iter().map(|gap| calendar::name(*gap)).collect();
            format!("{} ({})", self.title(organisation), gaps.join(", "))
        });
        let gaps = gaps.collect::<Vec<_>>().join("; ");
        let begin = match all {
            1 => {
                format!("The organisation that registers `{record}` did not deliver it{period}.")
            }
            _ => format!(
                "{} of {all} organisations that register `{record}` delivered it{period}.",
                all - lacking.len()
            ),
        };
        format!("{begin} Not delivered: {gaps}.")
    }
}

/// What was delivered of one record.
struct Told<'a> {
    record: &'a str,
    /// How many organisations register it.
    all: usize,
    /// What some of them did not deliver.
    lacking: BTreeMap<&'a str, Vec<Period>>,
    /// ` for the whole of 2025`; nothing where it is not about time
    period: String,
}

/// The records of which nothing lacks: together, those for a period and those without.
fn whole(told: &[Told<'_>], notes: &mut Vec<String>) {
    let mut alike: Vec<(&str, Vec<&Told<'_>>)> = Vec::new();
    for one in told.iter().filter(|one| one.lacking.is_empty()) {
        match alike.iter_mut().find(|(period, _)| *period == one.period) {
            Some((_, ones)) => ones.push(one),
            None => alike.push((&one.period, vec![one])),
        }
    }
    for (period, ones) in alike {
        notes.push(match ones.as_slice() {
            [Told { record, all: 1, .. }] => {
                format!("The organisation that registers `{record}` delivered it{period}.")
            }
            [Told { record, all, .. }] => {
                format!("All {all} organisations that register `{record}` delivered it{period}.")
            }
            many => {
                let records = many.iter().map(|one| format!("`{}` ({})", one.record, one.all));
                let records: Vec<String> = records.collect();
                let records = records.join(", ");
                format!("Delivered{period} by all organisations that register them: {records}.")
            }
        });
    }
}

/// The days that lie in both.
fn meet(one: Period, other: Period) -> Option<Period> {
    let both = Period { first: one.first.max(other.first), last: one.last.min(other.last) };
    (both.first <= both.last).then_some(both)
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
    use std::collections::BTreeSet;

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
        let gaps = with(rules, delivered, |coverage| coverage.undelivered().gaps);
        let gaps = gaps.get("contact").into_iter().flatten();
        gaps.map(|(organisation, days)| format!("{organisation} {}", name(*days))).collect()
    }

    /// What is made of the coverage after these deliveries of the shelter.
    fn with<T>(rules: &str, delivered: &[(&str, bool)], make: impl Fn(&Coverage<'_>) -> T) -> T {
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
        let coverage = Coverage {
            catalog: &model.catalog,
            delivered: Some(&delivered),
            timeless: &[],
            data_date,
        };
        make(&coverage)
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
    fn days_before_an_organisation_is_there_are_no_gap_and_deliveries_of_them_are_told() {
        let there = "organisation shelter \"Shelter\" { since: 2025-05-01  until: 2025-11-01 }";
        let rules = RULES.replace("organisation shelter", there);
        let found = undelivered(&rules, &[("2025-Q1", false), ("2025-Q3", false)]);
        let found: Vec<&String> = found.iter().filter(|gap| gap.starts_with("shelter")).collect();
        assert_eq!(found, ["shelter 2025-05-01 .. 2025-06-30", "shelter 2025-10"]);
        let early = |asked| {
            with(&rules, &[("2025-Q1", false)], |it| {
                it.early(&BTreeSet::from(["contact".to_owned()]), asked)
            })
        };
        let told = "Shelter is there since 2025-05-01, and delivered `contact` of days before: ";
        assert_eq!(early(period("2025").unwrap()), [format!("{told}2025-Q1.")]);
        assert_eq!(early(period("2025-02").unwrap()), [format!("{told}2025-02.")]);
        assert!(early(period("2025-Q3").unwrap()).is_empty());
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
