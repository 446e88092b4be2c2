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
    lines.extend(writer.library());
    writer.named(place, &mut lines);
    let place = match writer.between(0, 9) {
        0 | 1 => Place::at_home(depth),
        2 => Place::of_survey(depth),
        3 => Place::of_partner(depth),
        _ => place,
    };
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
        let name = format!("{}figure_{number}", place.about.word());
        if writer.chance(60) {
            components.push(writer.component(&name, &clauses));
        }
        let clauses = clauses.join("\n  ");
        lines.push(format!("indicator {name} \"A figure\" {{\n  {clauses}\n}}"));
        measures.push(name);
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
    let mut query = writer.query(place, &measures);
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
    /// What indicators may name: definitions, target groups, dimensions.
    fn named(&mut self, place: Place, lines: &mut Vec<String>) {
        for number in 0..self.between(0, 2) {
            lines.push(self.define_row(place, &format!("row_{number}")));
        }
        if self.chance(40) {
            lines.push(self.define_number(place));
        }
        if self.chance(40) {
            lines.push(format!("define holds of person = {}", self.condition(place)));
            self.condition_defines.push("holds".to_owned());
        }
        if self.chance(50) {
            lines.extend(self.homes(Place::at_home(place.depth.min(3))));
        }
        for number in 0..self.between(1, 2) {
            let where_true = self.condition(place);
            lines.push(format!(
                "target group group_{number} of person {{\n  where: {where_true}\n}}"
            ));
            self.groups.push(format!("group_{number}"));
        }
        for number in 0..self.between(0, 2) {
            lines.push(format!("dimension split_{number} of person = {}", self.dimension(place)));
            self.dimensions.push(format!("split_{number}"));
        }
    }

    /// An indicator that counts rows.
    fn rows_counted(&mut self, place: Place) -> Vec<String> {
        let record = self.record(place);
        let mut rows = self.rows_unbounded(place, record);
        // `as of` on a record at a day is one row, which is not counted but looked at.
        while record.end.is_none() && rows.contains(" as of ") {
            rows = self.rows_unbounded(place, record);
        }
        // The bare name counts them of their own subject.
        let begin = rows.trim_start_matches('(');
        let is_bare = begin.starts_with("membership") && !begin.starts_with("membership of ");
        if place.is_home() && is_bare {
            rows = rows.replacen("membership", "(membership of household)", 1);
        }
        vec![format!("count: {rows}")]
    }

    /// A library that says which records involve an organisation.
    fn library(&mut self) -> Option<String> {
        if self.chance(80) {
            return None;
        }
        let place = Place::outside(0);
        let (one, other) = (self.record(place).name, self.record(place).name);
        let records = if one == other { one.to_owned() } else { format!("{one}, {other}") };
        Some(format!("library random version \"1.0.0\" {{\n  involvement: {records}\n}}"))
    }

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

    /// Definitions about households.
    fn homes(&mut self, place: Place) -> Vec<String> {
        let measured = self.measured(place);
        let number = self.number(place, measured);
        self.home_numbers.push(("home_amount".to_owned(), measured));
        let condition = self.condition(place);
        self.home_conditions.push("home_holds".to_owned());
        vec![
            format!("define home_amount of household = {number}"),
            format!("target group home_holds of household {{ where: {condition} }}"),
        ]
    }

    fn define_number(&mut self, place: Place) -> String {
        let measured = self.measured(place);
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
            (5, _) if self.chance(70) => self.texts(place),
            (1, _) if self.chance(50) => {
                format!("(membership as of {}).household.tenure", self.point(place))
            }
            (1, _) => "(status as of start of period).stage".to_owned(),
            (2, Some((name, record))) => format!("{name}.{}", record.code.0),
            (3, _) if self.chance(25) => {
                format!("(last contact before {}).organisation.kind", self.point(place))
            }
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
            "rows" => self.rows_counted(place),
            "change" if !place.is_survey() => {
                let measured = self.measured(place);
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
            "goals" if place.is_person() => self.goals(place),
            "share" | "goals" | "change" => self.share(place),
            "rate" => {
                // A record at a day has no nights.
                let nights = if place.is_survey() { Measured::Days } else { Measured::Nights };
                let days = self.one_of(&[Measured::Days, nights]);
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
                let (among, place) = self.among(place);
                let measured = self.measured(place);
                let number = self.number(place, measured);
                // What belongs to a household is not added up over those who live in it.
                let of_home = !place.is_home() && number.contains("home_amount");
                let kind = if kind == "sum" && of_home { "mean" } else { kind };
                let mut clauses = vec![format!("among: {among}"), format!("{kind}: {number}")];
                if matches!(kind, "sum" | "mean") {
                    clauses.extend(self.weight(place));
                }
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
        let (among, place) = self.among(place);
        let mut clauses =
            vec![format!("among: {among}"), format!("share: {}", self.condition(place))];
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
        clauses.extend(self.weight(place));
        clauses
    }

    /// `weight: income`
    fn weight(&mut self, place: Place) -> Option<String> {
        if self.chance(80) {
            return None;
        }
        let measured = self.measured(place);
        Some(format!("weight: {}", self.plain_number(place, measured)))
    }

    /// Whom or what an indicator is about, and where its other clauses stand: people, or rows.
    fn among(&mut self, place: Place) -> (String, Place) {
        if place.is_home() || self.chance(70) {
            return (self.people(place, true), place);
        }
        let record = self.record(place);
        (self.rows_unbounded(place, record), Place { depth: place.depth, ..place.inside(record) })
    }

    /// A target group, a condition on one, or everyone.
    fn people(&mut self, place: Place, may_be_all: bool) -> String {
        if place.is_home() {
            return match self.any_of(&self.home_conditions.clone()) {
                Some(name) if self.chance(30) => name,
                _ if self.chance(50) => format!("household where {}", self.condition(place)),
                _ => "household".to_owned(),
            };
        }
        if place.is_survey() || place.is_partner() {
            let subject = if place.is_survey() { "respondent" } else { "organisation" };
            return match self.chance(50) {
                true => format!("{subject} where {}", self.condition(place)),
                false => subject.to_owned(),
            };
        }
        let group = self.one_of(&self.groups.clone());
        match self.between(0, 9) {
            0..=4 if may_be_all => "person".to_owned(),
            5 if may_be_all => format!("person where {}", self.condition(place)),
            6 => format!("{group} where {}", self.condition(place)),
            _ => group,
        }
    }

    /// Into what time is cut, if it is.
    fn by_time(&mut self, units: &[&str]) -> Vec<String> {
        let mut by: Vec<String> = Vec::new();
        if self.chance(25) {
            // What many cells show, four show; so most periods are cut into few.
            let units = if self.chance(75) { &units[..1] } else { units };
            let unit = self.one_of(units);
            // A shorter one stands under the longer one in which it begins.
            let (year, finer) = (unit.contains("year"), ["quarter", "campaign"]);
            by.push(unit.to_owned());
            if year && self.chance(30) {
                by.push(self.one_of(&finer).to_owned());
            }
        }
        by
    }

    fn query(&mut self, place: Place, measures: &[String]) -> String {
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
            7 if self.chance(50) => {
                let from = self.between(2022, 2024);
                (format!("school_year {from}"), &["quarter", "campaign", "year"])
            }
            _ => (self.day_range(), &["school_year", "campaign", "year"]),
        };
        let mut by = self.by_time(units);
        let mut others: Vec<String> =
            ["gender", "schooling", "organisation", "home", "school"].map(String::from).into();
        others.extend(self.dimensions.iter().cloned());
        if place.is_home() {
            others = ["tenure", "organisation"].map(String::from).into();
        }
        if place.is_survey() {
            others = ["view", "organisation"].map(String::from).into();
        }
        if place.is_partner() {
            others = ["kind", "organisation"].map(String::from).into();
        }
        let count = self.one_of(&[0, 1, 1, 2]);
        others.shuffle(self.rng);
        by.extend(others.into_iter().take(count));
        let split = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
        let condition = if self.chance(25) {
            format!(" where {}", self.condition(Place { depth: 1, ..place }))
        } else {
            String::new()
        };
        let compare = if self.chance(15) {
            let compare = [
                "previous",
                "previous quarter",
                "same period last year",
                "2024",
                "previous school_year",
            ];
            format!(" compare {}", self.one_of(&compare))
        } else {
            String::new()
        };
        format!("measure {} in {period}{split}{condition}{compare}", measures.join(", "))
    }
}
