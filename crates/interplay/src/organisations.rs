//! What organisations delivered, and what they should have: the rows of `delivery`.
//!
//! They are made of the snapshot's deliveries whenever organisations are asked about, because
//! what is due, and what is lacking, depends on the rules and on the data date.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use chrono::NaiveDate;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::{Catalog, Source};
use interplay_compile::kernel::dates;
use interplay_compile::organisation::{DELIVERY, Due};
use interplay_pool::{CoveredBy, Delivery, Hot};

use crate::error::Error;
use crate::rows::{self, Given};

/// The organisations with their deliveries.
#[derive(Debug)]
pub(crate) struct Partners {
    pub(crate) hot: Hot,
    /// Of how many deliveries the day of their file says when they were received.
    by_file: usize,
}

impl Partners {
    /// Says where days come from that nobody declared.
    pub(crate) fn note(&self) -> Option<String> {
        let deliveries = match self.by_file {
            0 => return None,
            1 => "one delivery".to_owned(),
            count => format!("{count} deliveries"),
        };
        Some(format!(
            "Of {deliveries} `received` is the day on which the file was last changed; \
             `received:` of a source says otherwise."
        ))
    }
}

/// Organisations, what they delivered, and what is lacking on `data_date`.
pub(crate) fn partners(
    catalog: &Catalog,
    deliveries: &[Delivery],
    data_date: NaiveDate,
) -> Result<Partners, Error> {
    let lines = lines(catalog, deliveries, data_date);
    let by_file = lines.iter().filter(|line| line.by_file).count();
    let given: Result<Vec<Given>, Error> = lines.iter().map(Line::given).collect();
    Ok(Partners { hot: rows::hot(catalog, &given?)?, by_file })
}

/// One row of `delivery`.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    organisation: String,
    record: String,
    /// What it covers; all time where it is about none.
    covers: Option<Period>,
    due: Option<NaiveDate>,
    received: Option<NaiveDate>,
    /// Whether the day of the file says so.
    by_file: bool,
    /// Rows, and those in quarantine; none of what is lacking.
    counts: Option<(u64, u64)>,
}

fn lines(catalog: &Catalog, deliveries: &[Delivery], data_date: NaiveDate) -> Vec<Line> {
    let delivered = deliveries.iter().filter_map(|delivery| line(catalog, delivery));
    let lacking = catalog.sources.values().flat_map(|source| {
        lacking(catalog, source, deliveries, data_date).into_iter().map(|(covers, due)| Line {
            organisation: source.organisation.clone(),
            record: source.record.clone(),
            covers: Some(covers),
            due: Some(due),
            received: None,
            by_file: false,
            counts: None,
        })
    });
    delivered.chain(lacking).collect()
}

/// A delivery that came. A file without rows of which nobody says what it is about tells nothing.
fn line(catalog: &Catalog, delivery: &Delivery) -> Option<Line> {
    if delivery.covered.is_none() && delivery.read_count == 0 {
        return None;
    }
    let source = catalog.sources.get(&delivery.source)?;
    let covers = delivery.covered.map(|it| Period { first: it.first, last: it.last });
    let due = covers.zip(catalog.due_of(source));
    let stated = covers.and_then(|covers| {
        let mut own = source.received.iter();
        own.find(|(about, _)| about.first <= covers.first && covers.first <= about.last)
    });
    Some(Line {
        organisation: delivery.organisation.clone(),
        record: delivery.record.clone(),
        covers,
        // It is in time when the earliest part of it is.
        due: due.and_then(|(covers, due)| due.day(calendar::unit_around(covers.first, due.each))),
        received: stated.map(|(_, day)| *day).or(delivery.received),
        by_file: stated.is_none() && delivery.received.is_some(),
        counts: Some((delivery.read_count, delivery.rejected_count)),
    })
}

/// The periods of which a source delivered nothing although it was due, each with that day.
fn lacking(
    catalog: &Catalog,
    source: &Source,
    deliveries: &[Delivery],
    data_date: NaiveDate,
) -> Vec<(Period, NaiveDate)> {
    let Some(due) = catalog.due_of(source) else { return Vec::new() };
    let Some(first) = begins(catalog, source, deliveries) else { return Vec::new() };
    let organisation = catalog.organisations.get(&source.organisation);
    let gone = organisation.and_then(|it| it.date("until"));
    let own: Vec<Period> = deliveries
        .iter()
        .filter(|delivery| delivery.source == source.name)
        .filter_map(|delivery| covers(delivery, data_date))
        .collect();
    let mut found = Vec::new();
    for (period, day) in expected(due, first, data_date) {
        if gone.is_some_and(|gone| gone <= period.first) {
            break;
        }
        if !own.iter().any(|it| it.first <= period.last && period.first <= it.last) {
            found.push((period, day));
        }
    }
    found
}

/// The periods that are due by the data date, from that of `first` on, each with the day.
fn expected(
    due: Due,
    first: NaiveDate,
    data_date: NaiveDate,
) -> impl Iterator<Item = (Period, NaiveDate)> {
    let begin = Some(calendar::unit_around(first, due.each));
    let periods = std::iter::successors(begin, move |period| {
        Some(calendar::unit_around(period.last.succ_opt()?, due.each))
    });
    let dated = periods.map_while(move |period| Some((period, due.day(period)?)));
    dated.take_while(move |(period, day)| *day <= data_date && period.last < data_date)
}

/// From when on an organisation owes a record: from when it takes part, though not before anybody
/// delivered that record, or anything; where nobody says when that is, from its own first delivery.
fn begins(catalog: &Catalog, source: &Source, deliveries: &[Delivery]) -> Option<NaiveDate> {
    let first = |is_own: &dyn Fn(&Delivery) -> bool| {
        let own = deliveries.iter().filter(|delivery| is_own(delivery));
        own.filter_map(|delivery| Some(delivery.covered?.first)).min()
    };
    let anybody = first(&|delivery| delivery.record == source.record).or(first(&|_| true));
    match catalog.organisations.get(&source.organisation).and_then(|it| it.date("since")) {
        Some(since) => anybody.map(|first| first.max(since)),
        None => first(&|delivery| delivery.source == source.name).or(anybody),
    }
}

/// The days for which a delivery came; rows about no time hold for all of it. Where only its rows tell, it is taken to reach the data
/// date: a quiet end is nothing lacking.
fn covers(delivery: &Delivery, data_date: NaiveDate) -> Option<Period> {
    let Some(covered) = delivery.covered else {
        let always = Period { first: NaiveDate::MIN, last: NaiveDate::MAX };
        return (delivery.read_count > 0).then_some(always);
    };
    let last = match covered.by {
        CoveredBy::Inferred => covered.last.max(data_date),
        CoveredBy::FileName | CoveredBy::Declared => covered.last,
    };
    Some(Period { first: covered.first, last })
}

impl Line {
    fn given(&self) -> Result<Given, Error> {
        let date = |day: Option<NaiveDate>| -> ArrayRef {
            Arc::new(Date32Array::from(vec![day.map(dates::days)]))
        };
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 rows")]
        let number = |count: Option<u64>| -> ArrayRef {
            Arc::new(Float64Array::from(vec![count.map(|count| count as f64)]))
        };
        let always = NaiveDate::from_ymd_opt(1900, 1, 1);
        let from = self.covers.map(|covers| covers.first).or(always);
        let until = self.covers.and_then(|covers| covers.last.succ_opt());
        let record: ArrayRef = Arc::new(StringArray::from(vec![self.record.as_str()]));
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("record", record, true),
            ("covers_from", date(from), true),
            ("covers_until", date(until), true),
            ("due", date(self.due), true),
            ("received", date(self.received), true),
            ("rows", number(self.counts.map(|(rows, _)| rows)), true),
            ("quarantined", number(self.counts.map(|(_, quarantined)| quarantined)), true),
        ]);
        let batch = batch.map_err(Error::bug("writing down what was delivered"))?;
        let (record, organisation) = (DELIVERY.to_owned(), self.organisation.clone());
        Ok(Given { record, organisation, batch })
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use interplay_compile::calendar::{date, name, period};
    use interplay_diagnostic::Sources;
    use interplay_pool::{Covered, CoveredBy, Delivery};

    use super::{Line, lines};

    const RULES: &str = r#"
library a version "1.0.0" { due: 1 month after quarter }
subject person
organisation shelter { since: 2015-01-01 }
organisation clinic { until: 2025-07-01 }
organisation office
record contact of person at day { day: date }
record profile of person once { name: text }
source shelter.contacts for contact {
  from: csv("shelter-*.csv")
  received: { 2025-Q1: 2025-04-12 }
  map { person: pseudonym(`id`)  day: `day` }
}
source clinic.contacts for contact {
  from: csv("clinic-*.csv")
  map { person: pseudonym(`id`)  day: `day` }
}
source office.contacts for contact {
  from: csv("office-*.csv")
  due: 10 days after month
  map { person: pseudonym(`id`)  day: `day` }
}
source office.profiles for profile {
  from: csv("profiles.csv")
  map { person: pseudonym(`id`)  name: `name` }
}
"#;

    fn delivery(source: &str, about: Option<(&str, CoveredBy)>, changed: &str) -> Delivery {
        let (organisation, record) = source.split_once('.').unwrap();
        let covered = about.map(|(about, by)| {
            let period = period(about).unwrap();
            Covered { first: period.first, last: period.last, by }
        });
        Delivery {
            id: String::new(),
            source: source.to_owned(),
            organisation: organisation.to_owned(),
            record: record.trim_end_matches('s').to_owned(),
            file: String::new(),
            content: String::new(),
            received: date(changed),
            covered,
            read_count: 9,
            loaded_count: 7,
            rejected_count: 2,
        }
    }

    fn told(line: &Line) -> String {
        let day = |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
        let covers = line.covers.map_or("always".to_owned(), name);
        let rows = line.counts.map_or("-".to_owned(), |(rows, bad)| format!("{bad} of {rows}"));
        let by_file = if line.by_file { " by file" } else { "" };
        let (due, received) = (day(line.due), day(line.received));
        format!("{} {covers} due {due} received {received}{by_file}, {rows}", line.organisation)
    }

    fn of(deliveries: &[Delivery], data_date: &str) -> Vec<String> {
        let (program, problems) =
            interplay_syntax::parse(Sources::new().add("rules", RULES), RULES);
        let (model, others) = interplay_compile::check(&[program]);
        assert!(problems.is_empty() && others.is_empty(), "{problems:?} {others:?}");
        let lines = lines(&model.catalog, deliveries, date(data_date).unwrap());
        lines.iter().map(told).collect()
    }

    #[test]
    fn what_is_due_and_did_not_come_is_a_delivery_that_was_not_received() {
        let by_name = |about| Some((about, CoveredBy::FileName));
        let found = of(
            &[
                delivery("shelter.contacts", by_name("2025-Q1"), "2026-01-01"),
                delivery("shelter.contacts", by_name("2025-Q3"), "2025-10-31"),
                delivery("office.contacts", by_name("2025-09"), "2025-10-01"),
            ],
            "2025-12-10",
        );
        assert_eq!(
            found,
            [
                "shelter 2025-Q1 due 2025-04-30 received 2025-04-12, 2 of 9",
                "shelter 2025-Q3 due 2025-10-31 received 2025-10-31 by file, 2 of 9",
                "office 2025-09 due 2025-10-10 received 2025-10-01 by file, 2 of 9",
                // It has never delivered: it owes since anybody did, until it was gone.
                "clinic 2025-Q1 due 2025-04-30 received -, -",
                "clinic 2025-Q2 due 2025-07-31 received -, -",
                // November is due on the data date.
                "office 2025-10 due 2025-11-10 received -, -",
                "office 2025-11 due 2025-12-10 received -, -",
                // It takes part since 2015, but nobody delivered before 2025.
                "shelter 2025-Q2 due 2025-07-31 received -, -",
            ]
        );
    }

    #[test]
    fn what_is_about_several_periods_was_due_with_the_first() {
        let year = Some(("2025", CoveredBy::Declared));
        let found = of(&[delivery("shelter.contacts", year, "2025-12-01")], "2025-12-10");
        assert_eq!(found[0], "shelter 2025 due 2025-04-30 received 2025-04-12, 2 of 9");
        assert!(!found.iter().skip(1).any(|line| line.starts_with("shelter")), "{found:?}");
    }

    #[test]
    fn where_only_rows_tell_a_quiet_end_is_nothing_owed() {
        let rows = Some(("2025-02", CoveredBy::Inferred));
        let found = of(&[delivery("office.contacts", rows, "2025-12-01")], "2025-12-10");
        assert!(!found.iter().skip(1).any(|line| line.starts_with("office")), "{found:?}");
    }

    #[test]
    fn rows_about_no_time_are_due_never() {
        let found = of(&[delivery("office.profiles", None, "2025-03-01")], "2025-12-10");
        assert_eq!(found, ["office always due - received 2025-03-01 by file, 2 of 9"]);
    }
}
