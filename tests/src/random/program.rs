//! Random declarations and the query that asks for them.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::number::Measured;
use super::writer::{Place, Writer};

/// Declarations and a query; expressions go `depth` levels deep.
pub(super) fn program(rng: &mut ChaCha8Rng, depth: usize) -> (String, String) {
    let mut writer = Writer::new(rng);
    let place = Place::outside(depth);
    let mut lines = Vec::new();
    for number in 0..writer.between(0, 2) {
        lines.push(writer.define_row(place, &format!("row_{number}")));
    }
    if writer.chance(40) {
        lines.push(writer.define_number(place));
    }
    if writer.chance(40) {
        lines.push(format!("define holds of person = {}", writer.condition(place)));
        writer.condition_defines.push("holds".to_owned());
    }
    for number in 0..writer.between(1, 2) {
        let condition = writer.condition(place);
        lines.push(format!("target group group_{number} of person {{\n  where: {condition}\n}}"));
        writer.groups.push(format!("group_{number}"));
    }
    for number in 0..writer.between(0, 2) {
        lines.push(format!("dimension split_{number} of person = {}", writer.dimension(place)));
        writer.dimensions.push(format!("split_{number}"));
    }
    let (mut measures, mut components, mut aimed) = (Vec::new(), Vec::new(), false);
    for number in 0..writer.between(1, 3) {
        let mut clauses = writer.clauses(place);
        if writer.chance(15)
            && ROUNDED.iter().any(|kind| clauses.iter().any(|it| it.starts_with(kind)))
        {
            clauses.push(format!("rounded: {}", writer.one_of(ROUNDINGS)));
        }
        if writer.chance(20) {
            writer.aim(&mut clauses);
            aimed = true;
        }
        if writer.chance(60) {
            components.push(writer.component(&format!("figure_{number}"), &clauses));
        }
        let clauses = clauses.join("\n  ");
        lines.push(format!("indicator figure_{number} \"A figure\" {{\n  {clauses}\n}}"));
        measures.push(format!("figure_{number}"));
    }
    if writer.chance(25) {
        let (above, below) = (writer.one_of(&measures), writer.one_of(&measures));
        lines.push(format!("indicator quotient {{ ratio: {above} / {below} }}"));
        measures.push("quotient".to_owned());
    }
    if !components.is_empty() && writer.chance(25) {
        let components = components.join("\n    ");
        lines.push(format!("indicator composite {{\n  index: {{\n    {components}\n  }}\n}}"));
        measures.push("composite".to_owned());
    }
    let mut query = writer.query(&measures);
    if aimed && !query.contains(" compare ") && writer.chance(15) {
        query = format!("{query} compare target");
    }
    (lines.join("\n") + "\n", query)
}

/// Kinds whose values engine and oracle compute to the last bit alike, on which rounding hangs.
const ROUNDED: &[&str] = &["share:", "sum:", "mean:", "median:", "count:", "time:"];

const ROUNDINGS: &[&str] = &[
    "down",
    "up",
    "half even",
    "half up",
    "half even to 1 decimal",
    "half up to 2 decimals",
    "down to 3 decimals",
];

impl Writer<'_> {
    fn define_row(&mut self, place: Place, name: &str) -> String {
        let record = self.ordered_record();
        let row = if self.chance(60) {
            let word = self.one_of(&["first", "last"]);
            format!("{word} {}", self.rows_unbounded(place, record))
        } else {
            self.one_row(place, record)
        };
        self.row_defines.push((name.to_owned(), record));
        format!("define {name} of person = {row}")
    }

    fn define_number(&mut self, place: Place) -> String {
        let measured = self.measured();
        let number = self.number(place, measured);
        self.number_defines.push(("amount".to_owned(), measured));
        format!("define amount of person = {number}")
    }

    fn dimension(&mut self, place: Place) -> String {
        let define = self.any_of(&self.row_defines.clone());
        match (self.between(0, 5), define.clone()) {
            (0, _) if self.chance(70) => {
                let value = self.one_of(&[
                    "home",
                    "(last training starting on or before start of period).area",
                ]);
                let value = match &define {
                    Some((name, record)) if record.name == "training" => format!("{name}.area"),
                    _ => value.to_owned(),
                };
                let level = self.one_of(&["block", "district", "district", "city"]);
                let trees = ["", "", " at tree of 2024-07-01", " at tree of 2023-06-30"];
                format!("{value} at level {level}{}", self.one_of(&trees))
            }
            (0, _) => "gender".to_owned(),
            (1, _) => "(status as of start of period).stage".to_owned(),
            (2, Some((name, record))) => format!("{name}.{}", record.code.0),
            (3, _) => format!("(last contact before {}).kind", self.point(place)),
            (4, _) => {
                let number = self.number(place, Measured::Rows);
                format!("band({number}, 1, 2, 5)")
            }
            _ => format!("band(age at {}, 16, 18, 21)", self.point(place)),
        }
    }

    fn clauses(&mut self, place: Place) -> Vec<String> {
        let kinds = [
            "count", "rows", "share", "share", "share", "sum", "mean", "median", "quantile",
            "change", "time", "rate", "goals", "mean",
        ];
        match self.one_of(&kinds) {
            "count" => vec![format!("count: {}", self.people(place, false))],
            "rows" => {
                let record = self.record();
                let mut rows = self.rows_unbounded(place, record);
                // `as of` on a record at a day is one row, which is not counted but looked at.
                while record.end.is_none() && rows.contains(" as of ") {
                    rows = self.rows_unbounded(place, record);
                }
                vec![format!("count: {rows}")]
            }
            "share" => self.share(place),
            "change" => {
                let measured = self.measured();
                let (from, to) = (self.number(place, measured), self.number(place, measured));
                let mut clauses = vec![
                    format!("among: {}", self.people(place, true)),
                    format!("change: from ({from}) to ({to})"),
                ];
                if self.chance(60) {
                    clauses.push(format!("better: {}", self.one_of(&["higher", "lower"])));
                }
                clauses
            }
            "goals" => self.goals(place),
            "rate" => {
                let days = self.one_of(&[Measured::Days, Measured::Nights]);
                vec![
                    format!("among: {}", self.people(place, true)),
                    format!("rate: {}", self.number(place, Measured::Rows)),
                    format!("at_risk: {}", self.plain_number(place, days)),
                ]
            }
            "time" => {
                let (from, to) = (self.date(place), self.date(place));
                vec![
                    format!("among: {}", self.people(place, true)),
                    format!("time: from ({from}) to ({to})"),
                ]
            }
            kind => {
                let measured = self.measured();
                let mut clauses = vec![
                    format!("among: {}", self.people(place, true)),
                    format!("{kind}: {}", self.number(place, measured)),
                ];
                if kind == "quantile" {
                    let levels = ["90%", "25%", "50%", "99.5%", "0%", "100%", "0.75"];
                    clauses.push(format!("level: {}", self.one_of(&levels)));
                }
                clauses
            }
        }
    }

    /// A target, and mostly a baseline: of years, sometimes of quarters.
    fn aim(&mut self, clauses: &mut Vec<String>) {
        if !clauses.iter().any(|clause| clause.starts_with("better")) {
            clauses.push(format!("better: {}", self.one_of(&["higher", "lower"])));
        }
        let is_share = clauses.iter().any(|clause| clause.starts_with("share"));
        let unit = if is_share { "%" } else { "" };
        let periods = match self.chance(70) {
            true => ["2023", "2024", "2025"],
            false => ["2023-Q4", "2024-Q2", "2025-Q1"],
        };
        let [one, two, three] = [0, 1, 2].map(|_| self.between(0, 100));
        if self.chance(70) {
            clauses.push(format!("baseline: {{ {}: {one}{unit} }}", periods[0]));
        }
        let early = match self.chance(50) {
            true => format!("{}: {two}{unit}, ", periods[1]),
            false => String::new(),
        };
        clauses.push(format!("target: {{ {early}{}: {three}{unit} }}", periods[2]));
    }

    fn goals(&mut self, place: Place) -> Vec<String> {
        let mut clauses = vec![
            format!("among: {}", self.people(place, true)),
            format!("goals: {}", self.timed_rows_but_as_of(place)),
            "score: level".to_owned(),
        ];
        if self.chance(70) {
            clauses.push("weight: value".to_owned());
        }
        clauses
    }

    /// Statuses, perhaps with a condition.
    fn timed_rows_but_as_of(&mut self, place: Place) -> String {
        loop {
            let rows = self.rows_unbounded(place, super::codebook::STATUS);
            if !rows.contains(" as of ") {
                return rows;
            }
        }
    }

    /// An indicator of an index: its range goes the way that `better:` says.
    fn component(&mut self, name: &str, clauses: &[String]) -> String {
        let is = |begin: &str| clauses.iter().any(|clause| clause.starts_with(begin));
        let ranges = match is("share") {
            true => ["20% .. 75%", "0% .. 100%"],
            false => ["0 .. 40", "-2.5 .. 12"],
        };
        let range = self.one_of(&ranges);
        let falls = is("better: lower") || (!is("better") && self.chance(50));
        let (low, high) = range.split_once(" .. ").expect("a range");
        let range = if falls { format!("{high} .. {low}") } else { range.to_owned() };
        let weight = self.one_of(&["", "weight: 2, ", "weight: 0.5, "]);
        format!("{name}: {{ {weight}range: {range} }}")
    }

    fn share(&mut self, place: Place) -> Vec<String> {
        let mut clauses = vec![
            format!("among: {}", self.people(place, true)),
            format!("share: {}", self.condition(place)),
        ];
        if self.chance(30) {
            clauses.push(format!("unknown: {}", self.condition(place)));
        }
        for label in ["exclude", "except"] {
            if self.chance(20) {
                clauses.push(format!("{label}: {}", self.condition(place)));
            }
        }
        if self.chance(15) {
            clauses.push("unknown_counts_as: no".to_owned());
        }
        clauses
    }

    /// A target group, a condition on one, or everyone.
    fn people(&mut self, place: Place, may_be_all: bool) -> String {
        let group = self.one_of(&self.groups.clone());
        match self.between(0, 9) {
            0..=4 if may_be_all => "person".to_owned(),
            5 if may_be_all => format!("person where {}", self.condition(place)),
            6 => format!("{group} where {}", self.condition(place)),
            _ => group,
        }
    }

    fn query(&mut self, measures: &[String]) -> String {
        let (period, units): (String, &[&str]) = match self.between(0, 7) {
            0..=2 => (self.between(2023, 2025).to_string(), &["quarter", "year", "month"]),
            3 | 4 => ("2024 .. 2025".to_owned(), &["year", "quarter"]),
            5 if self.chance(50) => {
                (format!("2025-Q{}", self.between(1, 4)), &["month", "quarter", "week"])
            }
            5 => (format!("2024-{:02}", self.between(1, 12)), &["week", "month"]),
            6 if self.chance(30) => ("last 3 quarters".to_owned(), &["quarter", "month"]),
            6 if self.chance(30) => ("year to date".to_owned(), &["quarter", "month"]),
            6 => ("2024-03-15 .. 2025-02-10".to_owned(), &["year", "quarter"]),
            _ => (self.day_range(), &["year"]),
        };
        let mut by: Vec<String> = Vec::new();
        if self.chance(25) {
            // What many cells show, four show; so most periods are cut into few.
            let units = if self.chance(75) { &units[..1] } else { units };
            by.push(self.one_of(units).to_owned());
        }
        let mut others: Vec<String> =
            ["gender", "schooling", "organisation", "home"].map(String::from).into();
        others.extend(self.dimensions.iter().cloned());
        let count = self.one_of(&[0, 1, 1, 2]);
        others.shuffle(self.rng);
        by.extend(others.into_iter().take(count));
        let split = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
        let condition = if self.chance(25) {
            format!(" where {}", self.condition(Place::outside(1)))
        } else {
            String::new()
        };
        let compare = if self.chance(15) {
            let compare =
                ["previous", "previous quarter", "same period last year", "2024", "previous"];
            format!(" compare {}", self.one_of(&compare))
        } else {
            String::new()
        };
        format!("measure {} in {period}{split}{condition}{compare}", measures.join(", "))
    }
}
