//! An indicator whose `among:` selects rows: rows are counted, and people protected.
//!
//! ```text
//! indicator by_phone {
//!   among: contact during period where kind is talk
//!   share: minutes < 15
//! }
//! ```
//!
//! Every kind is made as over subjects, from the same parts. No interval is given: rows of one
//! subject are alike, so one that takes them as drawn each by itself would be too narrow. Where
//! each row is a subject by itself, as of an anonymous one, it stands. Beside each number of rows stands of how many subjects they are, for disclosure.

use super::{Crowd, Figure, Indicator, OfOne, Part, counted};
use crate::catalog::Unit;
use crate::target_group::{Among, Step};
use crate::term::{Selection, Term};

/// The indicator as it is, or with rows counted where it is about rows.
pub(super) fn counted_rows(indicator: Box<dyn Indicator>) -> Box<dyn Indicator> {
    match indicator.among().rows.clone() {
        Some(rows) => {
            let parts = indicator.parts(&Term::Truth(Some(true)));
            let is_count = |(_, part): &(usize, &Part)| matches!(part, Part::Count(_));
            let counts = parts.iter().enumerate().filter(is_count).map(|(at, _)| at).collect();
            Box::new(OverRows { indicator, rows, counts, width: parts.len() })
        }
        None => indicator,
    }
}

/// Which part says of how many rows something is unknown, in every kind that takes rows.
const UNKNOWN: usize = 2;

#[derive(Debug)]
struct OverRows {
    indicator: Box<dyn Indicator>,
    rows: Selection,
    /// Which of its parts count rows.
    counts: Vec<usize>,
    /// How many parts it has.
    width: usize,
}

impl Indicator for OverRows {
    fn among(&self) -> &Among {
        self.indicator.among()
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let mut parts = self.indicator.parts(people);
        parts.extend(subjects(&parts));
        let over = |part| Part::Over(Box::new(self.rows.clone()), Box::new(part));
        parts.into_iter().map(over).collect()
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let (parts, subjects) = parts.split_at(parts.len().min(self.width));
        let mut figure = self.indicator.figure(parts);
        if !self.among().alone {
            (figure.interval, figure.sample) = ((None, None), None);
        }
        for (place, at) in self.counts.iter().enumerate() {
            let subjects = counted(subjects.get(place));
            if *at == UNKNOWN {
                figure.unknown_people = Some(subjects);
            } else {
                let rows = counted(parts.get(*at));
                figure.sizes.push(Crowd { people: subjects, amount: rows });
            }
        }
        figure
    }

    fn unit(&self) -> Option<Unit> {
        self.indicator.unit()
    }

    fn steps(&self) -> Vec<Step> {
        self.indicator.steps()
    }

    fn open(&self, people: &Term) -> Option<Part> {
        self.indicator.open(people)
    }

    fn counted_as_no(&self) -> Option<&Term> {
        self.indicator.counted_as_no()
    }

    fn of_one(&self) -> Vec<OfOne> {
        self.indicator.of_one()
    }

    fn fields(&self) -> Vec<String> {
        self.indicator.fields()
    }
}

/// Of how many subjects the rows of each count are.
fn subjects(parts: &[Part]) -> Vec<Part> {
    let counts = parts.iter().filter_map(|part| match part {
        Part::Count(term) => Some(Part::Subjects(term.clone())),
        _ => None,
    });
    counts.collect()
}
