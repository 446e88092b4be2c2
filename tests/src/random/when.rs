//! Random dates, durations and periods, as text.

use super::writer::{Place, Writer};

impl Writer<'_> {
    /// `2024-02-29`
    pub(super) fn day_literal(&mut self) -> String {
        let tricky =
            ["2024-02-29", "2024-03-31", "2024-12-31", "2025-01-01", "2025-02-28", "2025-06-30"];
        if self.chance(50) {
            return self.one_of(&tricky).to_owned();
        }
        let (year, month) = (self.between(2023, 2025), self.between(1, 12));
        format!("{year}-{month:02}-{:02}", self.between(1, 28))
    }

    /// `6 months`
    pub(super) fn duration(&mut self) -> String {
        let (most, unit) = self.one_of(&[
            (90, "day"),
            (10, "week"),
            (13, "month"),
            (12, "month"),
            (4, "quarter"),
            (2, "year"),
        ]);
        counted(self.between(1, most), unit)
    }

    /// Two durations of one unit, the shorter first.
    pub(super) fn two_durations(&mut self) -> (String, String) {
        let unit = self.one_of(&["day", "week", "month", "month"]);
        let low = self.between(0, 6);
        let high = low + self.between(0, 20);

        (counted(low, unit), counted(high, unit))
    }

    /// Two dates of which nobody knows the order before the rows are there; one that is known must
    /// be right.
    pub(super) fn two_moments(&mut self, place: Place) -> (String, String) {
        let Some(field) = self.date_field(place) else {
            let (low, high) = (self.day_literal(), self.day_literal());
            return if low <= high { (low, high) } else { (high, low) };
        };
        let other = self.moment(place);
        // What is reckoned from the same field has a known order.
        let other = if other.contains('(') { "start of period".to_owned() } else { other };
        if self.chance(50) { (field, other) } else { (other, field) }
    }

    /// A date of one item, to which durations can be added: `intake.day`, `start of period`
    pub(super) fn moment(&mut self, place: Place) -> String {
        let field = self.date_field(place);
        match (self.between(0, 9), field) {
            (0..=4, Some(field)) => field,
            (5 | 6, _) => "start of period".to_owned(),
            (7, _) if self.chance(50) => "end of period".to_owned(),
            (7, _) => {
                let edge = self.one_of(&["start", "end"]);
                let period =
                    if self.chance(40) { self.named_period() } else { self.period_literal() };
                format!("{edge} of {period}")
            }
            (8, _) if place.depth > 0 && self.chance(40) => {
                let (word, record) = (self.one_of(&["min", "max"]), self.record(place));
                let rows = self.rows(place.below(), record);
                format!("({word} of {} of {rows})", record.end.unwrap_or(record.start))
            }
            (8, _) if place.depth > 0 => format!("({})", self.date(place.below())),
            _ => self.day_literal(),
        }
    }

    /// A point in time: a moment, or `6 months after` one
    pub(super) fn point(&mut self, place: Place) -> String {
        if place.depth > 0 && self.chance(25) {
            let (duration, moment) = (self.duration(), self.moment(place.below()));
            let direction = self.one_of(&["before", "after"]);
            return format!("{duration} {direction} {moment}");
        }
        self.moment(place)
    }

    /// A date as a value: it may be a sum
    pub(super) fn date(&mut self, place: Place) -> String {
        if place.depth > 0 && self.chance(30) {
            let operator = self.one_of(&["+", "-"]);
            return format!("({}) {operator} {}", self.moment(place.below()), self.duration());
        }
        self.point(place)
    }

    /// The name of something that holds a date, and may be missing
    pub(super) fn date_field(&mut self, place: Place) -> Option<String> {
        if let Some(record) = place.outer
            && self.chance(40)
        {
            return Some(format!("this.{}", record.start));
        }
        if let Some(record) = place.row
            && self.chance(70)
        {
            if place.is_partner() && self.chance(50) {
                return Some(self.one_of(&["due", "received"]).to_owned());
            }
            return Some(match record.end {
                Some(end) if self.chance(50) => end.to_owned(),
                _ => record.start.to_owned(),
            });
        }
        if place.is_home() {
            let fields = ["built", "dwelling.built", "(first rent).paid", "(last rent).paid"];
            return Some(self.one_of(&fields).to_owned());
        }
        if place.is_partner() {
            let fields = ["since", "organisation.until", "(last delivery).due"];
            return Some(self.one_of(&fields).to_owned());
        }
        if place.is_survey() {
            return Some(self.one_of(&["filled", "answer.filled", "(last answer).filled"]).into());
        }
        let define = self.any_of(&self.row_defines.clone());
        match define {
            Some((name, record)) if self.chance(80) => Some(match record.end {
                Some(end) if self.chance(50) => format!("{name}.{end}"),
                _ => format!("{name}.{}", record.start),
            }),
            _ => Some(self.one_of(&["registered", "birth_date", "social_file.registered"]).into()),
        }
    }

    /// A period: `period`, `2025-Q1`, two dates in order
    pub(super) fn span(&mut self, place: Place) -> String {
        match self.between(0, 9) {
            0..=4 => "period".to_owned(),
            5 if self.chance(50) => self.named_period(),
            5 => self.period_literal(),
            6 => self.one_of(&["2023 .. 2024", "2024 .. 2025", "2023 .. 2025"]).to_owned(),
            7 => {
                let (low, high) = self.two_durations();
                let moment = self.moment(place);
                let direction = self.one_of(&["after", "before"]);
                let (first, last) = if direction == "after" { (low, high) } else { (high, low) };
                format!("{first} {direction} {moment} .. {last} {direction} {moment}")
            }
            8 => {
                let (moment, duration) = (self.moment(place), self.duration());
                format!("{moment} .. {duration} after {moment}")
            }
            _ => self.day_range(),
        }
    }

    /// A period after `within`. One that begins with a duration stands in parentheses, because
    /// `within 2 months after X` is a phrase of its own.
    pub(super) fn span_within(&mut self, place: Place) -> String {
        let span = self.span(place);
        let first = span.split(" .. ").next().unwrap_or_default();
        let begins_with_duration = [" before ", " after "].iter().any(|word| first.contains(word));
        if begins_with_duration { format!("({span})") } else { span }
    }

    /// `last 4 quarters`, `year to date`, `previous period`, `quarter 1 of period`
    pub(super) fn named_period(&mut self) -> String {
        if self.chance(25) {
            return self.declared_period();
        }
        let unit = self.one_of(&["year", "quarter", "quarter", "month", "week"]);
        match self.between(0, 4) {
            0 => format!("last {}s", counted(self.between(2, 6), unit).trim_end_matches('s')),
            1 => "year to date".to_owned(),
            2 => "previous period".to_owned(),
            3 => format!("previous {unit}"),
            _ => {
                let unit = self.one_of(&["quarter", "month", "week", "quarter"]);
                format!("{unit} {} of period", self.between(1, 5))
            }
        }
    }

    /// A period of a kind that the codebook declares: `school_year 2024`, `previous campaign`
    fn declared_period(&mut self) -> String {
        let kind = self.one_of(&["school_year", "campaign"]);
        match self.between(0, 6) {
            0 => format!("school_year {}", self.between(2022, 2025)),
            1 => format!("campaign {}", self.one_of(&["early", "winter", "spring", "autumn"])),
            2 => format!("previous {kind}"),
            3 => format!("last {} {kind}s", self.between(2, 3)),
            4 => format!("{kind} to date"),
            5 => {
                format!("month {} of school_year {}", self.between(1, 12), self.between(2022, 2024))
            }
            _ => format!("{kind} {} of period", self.between(1, 2)),
        }
    }

    /// `2025`, `2025-Q1`, `2025-03`, `2025-W05`
    pub(super) fn period_literal(&mut self) -> String {
        let year = self.between(2023, 2025);
        match self.between(0, 5) {
            0..=2 => format!("{year}"),
            3 => format!("{year}-Q{}", self.between(1, 4)),
            4 => format!("{year}-{:02}", self.between(1, 12)),
            _ => format!("{year}-W{:02}", self.between(1, 52)),
        }
    }

    /// `2024-03-15 .. 2025-02-10`
    pub(super) fn day_range(&mut self) -> String {
        let (first, second) = (self.day_literal(), self.day_literal());
        let (first, last) = if first <= second { (first, second) } else { (second, first) };
        format!("{first} .. {last}")
    }
}

/// `1 month`, `6 months`
fn counted(count: u32, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
