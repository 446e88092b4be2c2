//! Random selections and timing phrases, as text.

use super::codebook::{self, RecordInfo};
use super::writer::{About, Place, Writer};

impl Writer<'_> {
    /// A record with time.
    pub(super) fn record(&mut self, place: Place) -> RecordInfo {
        match place.about {
            About::Person => self.one_of(codebook::RECORDS),
            About::Home => self.one_of(codebook::HOME_RECORDS),
            About::Respondent => codebook::ANSWER,
            About::Partner => codebook::DELIVERY,
        }
    }

    /// The name of a record; of another side it may be said by which.
    fn called(&mut self, place: Place, record: RecordInfo) -> String {
        if record.name == "membership" && self.chance(20) {
            let side = if place.is_home() { "household" } else { "person" };
            return format!("(membership of {side})");
        }
        record.name.to_owned()
    }

    /// A record whose first and last rows are certain.
    pub(super) fn ordered_record(&mut self) -> RecordInfo {
        self.one_of(&[
            codebook::CONTACT,
            codebook::STATUS,
            codebook::TRAINING,
            codebook::MEMBERSHIP,
        ])
    }

    /// Rows of `record` as a whole operand: bare, or in parentheses with `where`.
    pub(super) fn rows(&mut self, place: Place, record: RecordInfo) -> String {
        let inner = self.rows_unbounded(place, record);
        if inner.contains(" where ") || self.chance(20) { format!("({inner})") } else { inner }
    }

    /// Rows of `record`, perhaps ending in `where` and a condition: only where nothing follows.
    pub(super) fn rows_unbounded(&mut self, place: Place, record: RecordInfo) -> String {
        let rows = self.timed_rows(place, record);
        if place.depth > 0 && self.chance(60) {
            return format!("{rows} where {}", self.condition(place.inside(record)));
        }
        rows
    }

    /// `first contact …`, `the 2nd contact …`, `best contact … by (…)`: at most one row
    pub(super) fn one_row(&mut self, place: Place, record: RecordInfo) -> String {
        match self.between(0, 5) {
            0 => {
                let which = self.one_of(&["1st", "2nd", "3rd"]);
                let which = if place.is_survey() { "1st" } else { which };
                format!("the {which} {}", self.rows(place, record))
            }
            1 => {
                let mut keys = vec![record.start];
                keys.extend(record.number.map(|(number, _)| number));
                keys.extend(record.end);
                let (one, other) = (self.one_of(&keys), self.one_of(&keys));
                let order = self.one_of(&["", " descending", " ascending"]);
                let keys = match self.between(0, 1) {
                    0 => format!("{one}{order}"),
                    _ => format!("{one}{order}, {other}"),
                };
                format!("best {} by ({keys})", self.rows(place, record))
            }
            _ => {
                let word = self.one_of(&["first", "last"]);
                format!("{word} {}", self.rows(place, record))
            }
        }
    }

    /// `(stay where place in homeless) within period`
    pub(super) fn rows_within(&mut self, place: Place, record: RecordInfo) -> String {
        let rows = if place.depth > 0 && self.chance(60) {
            let name = self.called(place, record);
            format!("({name} where {})", self.condition(place.inside(record)))
        } else {
            self.called(place, record)
        };
        format!("{rows} within {}", self.span_within(place))
    }

    pub(super) fn timed_rows(&mut self, place: Place, record: RecordInfo) -> String {
        let name = self.called(place, record);
        match self.between(0, 9) {
            0 | 1 => name,
            2 => format!("{name} as of {}", self.point(place)),
            3 if self.chance(30) => {
                let (low, high) = self.two_moments(place);
                format!("({name} between {low} and {high})")
            }
            3 => {
                let (one, other) = (self.phrase(place, record), self.phrase(place, record));
                format!("{name} {one} {other}")
            }
            _ => format!("{name} {}", self.phrase(place, record)),
        }
    }

    /// A timing phrase other than `as of`.
    fn phrase(&mut self, place: Place, record: RecordInfo) -> String {
        let edge = match record.end {
            Some(_) if self.chance(40) => self.one_of(&["starting ", "ending "]),
            // At a day it makes no difference.
            None if self.chance(15) => self.one_of(&["starting ", "ending "]),
            _ => "",
        };
        match self.between(0, 9) {
            0..=4 if edge.is_empty() => {
                let word = self.one_of(&["during", "during", "overlapping"]);
                if self.chance(25) {
                    format!("within {}", self.span_within(place))
                } else {
                    format!("{word} {}", self.span(place))
                }
            }
            0 | 1 => format!("{edge}in {}", self.span(place)),
            _ => format!("{edge}{}", self.relation(place)),
        }
    }

    /// `within 6 months after intake.day`
    pub(super) fn relation(&mut self, place: Place) -> String {
        match self.between(0, 9) {
            0..=3 => {
                let word = self.one_of(&["before", "after", "on or before", "on or after"]);
                format!("{word} {}", self.point(place))
            }
            4..=6 => {
                let word = self.one_of(&["before", "after", "after", "of"]);
                format!("within {} {word} {}", self.duration(), self.moment(place))
            }
            7 | 8 => {
                let (low, high) = self.two_durations();
                let word = self.one_of(&["before", "after"]);
                format!("between {low} and {high} {word} {}", self.moment(place))
            }
            _ => {
                let range = self.day_range().replace(" .. ", " and ");
                format!("between {range}")
            }
        }
    }
}
