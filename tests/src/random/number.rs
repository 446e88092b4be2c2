//! Random numbers, as text, each with what it is a number of: the units must fit.

use super::codebook;
use super::writer::{About, Place, Writer};

/// What a number measures. Only numbers of one kind are added and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// `minutes`
    Minutes,
    /// `hours`
    Hours,
    /// `income`
    Euros,
    /// `score`: without a unit
    Score,
    /// `count of …`
    Rows,
    /// `organisations of …`
    Organisations,
    /// `nights of …`
    Nights,
    /// `days of …`, and one date minus another
    Days,
    /// `age at …`
    Years,
}

impl Measured {
    const ALL: &'static [Self] = &[
        Self::Minutes,
        Self::Hours,
        Self::Euros,
        Self::Score,
        Self::Rows,
        Self::Rows,
        Self::Organisations,
        Self::Nights,
        Self::Nights,
        Self::Days,
        Self::Years,
    ];

    /// What can be measured of a household.
    const OF_HOMES: &'static [Self] = &[
        Self::Euros,
        Self::Euros,
        Self::Rows,
        Self::Rows,
        Self::Organisations,
        Self::Nights,
        Self::Days,
    ];

    /// What can be measured of a respondent.
    const OF_RESPONDENTS: &'static [Self] =
        &[Self::Score, Self::Score, Self::Rows, Self::Organisations, Self::Days];

    /// What can be measured of an organisation.
    const OF_PARTNERS: &'static [Self] =
        &[Self::Rows, Self::Rows, Self::Organisations, Self::Nights, Self::Days];

    /// The unit as it may be written after a number.
    pub(super) fn unit(self) -> Option<&'static str> {
        match self {
            Self::Minutes => Some("min"),
            Self::Hours => Some("hours"),
            Self::Euros => Some("EUR"),
            Self::Days => Some("days"),
            Self::Score | Self::Rows | Self::Organisations | Self::Nights | Self::Years => None,
        }
    }
}

impl Writer<'_> {
    /// What the next number is to measure.
    pub(super) fn measured(&mut self, place: Place) -> Measured {
        self.one_of(match place.about {
            About::Person => Measured::ALL,
            About::Home => Measured::OF_HOMES,
            About::Respondent => Measured::OF_RESPONDENTS,
            About::Partner => Measured::OF_PARTNERS,
        })
    }

    /// A number that such a thing is often near to.
    pub(super) fn literal(&mut self, measured: Measured) -> String {
        let (low, high) = match measured {
            Measured::Minutes | Measured::Hours => (0, 200),
            Measured::Euros => (200, 1_200),
            Measured::Score => (0, 100),
            Measured::Rows | Measured::Organisations => (0, 4),
            Measured::Nights | Measured::Days => (0, 90),
            Measured::Years => (14, 26),
        };
        self.between(low, high).to_string()
    }

    /// A number that measures `measured`.
    pub(super) fn number(&mut self, place: Place, measured: Measured) -> String {
        if place.depth > 1 {
            match self.between(0, 11) {
                0 => return self.sum(place.below(), measured),
                1 => {
                    let (number, factor) = (self.number(place.below(), measured), self.factor());
                    return format!("({number}) {factor}");
                }
                2 => return self.choose(place.below(), measured),
                3 if self.chance(30) => {
                    return format!("(-({}))", self.number(place.below(), measured));
                }
                _ => {}
            }
        }
        let homes = self.home_numbers.clone();
        let mut defined = match place.about {
            About::Person => self.number_defines.clone(),
            About::Home => homes,
            About::Respondent | About::Partner => Vec::new(),
        };
        defined.retain(|(_, other)| *other == measured);
        if let Some((name, _)) = self.any_of(&defined)
            && self.chance(40)
        {
            return name;
        }
        if let Some(number) = self.number_through(place, measured)
            && self.chance(40)
        {
            return number;
        }
        self.plain_number(place, measured)
    }

    fn sum(&mut self, place: Place, measured: Measured) -> String {
        let (one, other) = (self.number(place, measured), self.number(place, measured));
        let operator = self.one_of(&["+", "-"]);
        format!("(({one}) {operator} ({other}))")
    }

    fn factor(&mut self) -> String {
        let operator = self.one_of(&["*", "/"]);
        let factor = self.one_of(&["2", "3", "4", "10", "0.5", "0.25", "1.5", "0"]);
        format!("{operator} {factor}")
    }

    fn choose(&mut self, place: Place, measured: Measured) -> String {
        let mut rows = Vec::new();
        for _ in 0..self.between(1, 2) {
            let (condition, number) = (self.condition(place), self.number(place, measured));
            rows.push(format!("({condition}) -> ({number})"));
        }
        if self.chance(60) {
            let otherwise = match self.chance(15) {
                true => "missing".to_owned(),
                false => self.literal(measured),
            };
            rows.push(format!("else -> {otherwise}"));
        }
        format!("choose {{ {} }}", rows.join(", "))
    }

    pub(super) fn plain_number(&mut self, place: Place, measured: Measured) -> String {
        match measured {
            Measured::Minutes if self.chance(10) => {
                format!("({} in min)", self.of_rows(place, codebook::TRAINING, "hours"))
            }
            Measured::Minutes => self.of_rows(place, codebook::CONTACT, "minutes"),
            Measured::Hours if self.chance(15) => {
                let own = self.one_of(&["session", "sessions", "course"]);
                let rows = self.of_rows(place, codebook::CONTACT, "minutes");
                format!("(({rows} in {own}) in hours)")
            }
            Measured::Hours if self.chance(20) => {
                format!("({} in hours)", self.of_rows(place, codebook::CONTACT, "minutes"))
            }
            Measured::Days if place.is_person() && self.chance(5) => {
                format!("({} in days)", self.plain_number(place, Measured::Hours))
            }
            Measured::Hours => self.of_rows(place, codebook::TRAINING, "hours"),
            Measured::Score if place.is_survey() && self.chance(50) => {
                self.one_of(&["rating", "answer.rating"]).to_owned()
            }
            Measured::Score if place.is_survey() => self.of_rows(place, codebook::ANSWER, "rating"),
            Measured::Score => self.of_rows(place, codebook::STATUS, "score"),
            Measured::Euros if place.is_home() => {
                let record = self.record(place);
                let (field, _) = record.number.unwrap_or(("amount", measured));
                self.of_rows(place, record, field)
            }
            Measured::Euros if self.chance(20) => {
                self.of_rows(place, codebook::MEMBERSHIP, "costs")
            }
            Measured::Euros if self.chance(40) => format!("(threshold at {})", self.point(place)),
            Measured::Euros => self.one_of(&["income", "social_file.income"]).to_owned(),
            Measured::Rows if place.is_partner() && self.chance(50) => {
                self.of_rows(place, codebook::DELIVERY, "quarantined")
            }
            Measured::Rows => {
                let record = self.record(place);
                format!("count of {}", self.rows(place, record))
            }
            Measured::Organisations => {
                let record = self.record(place);
                format!("organisations of {}", self.rows(place, record))
            }
            Measured::Nights | Measured::Days => self.nights_or_days(place, measured),
            Measured::Years => format!("age at {}", self.point(place)),
        }
    }

    fn of_rows(&mut self, place: Place, record: codebook::RecordInfo, field: &str) -> String {
        if place.row.is_some_and(|row| row.name == record.name) && self.chance(60) {
            return field.to_owned();
        }
        let mut defines = self.row_defines.clone();
        defines.retain(|(_, of)| of.name == record.name && !place.is_home());
        if let Some((name, _)) = self.any_of(&defines)
            && self.chance(30)
        {
            return format!("{name}.{field}");
        }
        let rows = self.rows(place, record);
        let known = if self.chance(30) { " known only" } else { "" };
        match self.between(0, 4) {
            0 if record.is_ordered => format!("({}).{field}", self.one_row(place, record)),
            0 | 1 => {
                let word = self.one_of(&["mean", "min", "max"]);
                format!("{word} of {field} of {rows}{known}")
            }
            _ => format!("sum of {field} of {rows}{known}"),
        }
    }

    fn nights_or_days(&mut self, place: Place, measured: Measured) -> String {
        if measured == Measured::Days && self.chance(30) {
            let (later, earlier) = (self.date(place), self.date(place));
            return format!("(({later}) - ({earlier}))");
        }
        if self.chance(30) {
            self.joined_days(place, measured)
        } else {
            self.covered(place, measured)
        }
    }

    /// `nights of (stay where place in homeless) within period`
    fn covered(&mut self, place: Place, measured: Measured) -> String {
        let mut records = vec![codebook::STAY, codebook::STAY, codebook::TRAINING];
        records.extend((measured == Measured::Days).then_some(codebook::CONTACT));
        records.push(codebook::MEMBERSHIP);
        if place.is_home() {
            records = vec![codebook::MEMBERSHIP];
        }
        if place.is_survey() {
            records = vec![codebook::ANSWER];
        }
        if place.is_partner() {
            records = vec![codebook::DELIVERY];
        }
        let record = self.one_of(&records);
        let rows = match self.between(0, 2) {
            0 => self.rows(place, record),
            _ => self.rows_within(place, record),
        };
        format!("{} of {rows}", word(measured))
    }

    /// `nights of A minus days of B`, `nights of (A union B) within period`. What is left of nights
    /// are nights, and what is joined with days are days.
    fn joined_days(&mut self, place: Place, measured: Measured) -> String {
        let (own, place) = (word(measured), place.below());
        let any = self.one_of(&[measured, Measured::Nights, Measured::Days]);
        // A record at a day has no nights.
        let any = if place.is_survey() { measured } else { any };
        let operator = self.one_of(&["union", "minus", "intersect"]);
        let two = match (operator, measured) {
            ("union", Measured::Nights) | ("intersect", Measured::Days) => measured,
            _ => any,
        };
        let joined = match self.between(0, 3) {
            0 => {
                let (one, two) =
                    (self.record_with_days(place, own), self.record_with_days(place, own));
                let (one, two) = (self.rows(place, one), self.rows(place, two));
                format!("{own} of ({one} {operator} {two})")
            }
            1 if own == "days" => {
                let (one, two) = (self.days(place, any), self.days(place, two));
                format!("days of ({one} {operator} {two})")
            }
            _ => {
                let (one, two) = (self.days(place, measured), self.days(place, two));
                format!("({one} {operator} {two})")
            }
        };
        if self.chance(35) {
            return format!("({joined}) within {}", self.span_within(place));
        }
        joined
    }

    fn days(&mut self, place: Place, measured: Measured) -> String {
        if place.depth > 0 && self.chance(40) {
            return format!("({})", self.joined_days(place, measured));
        }
        self.covered(place, measured)
    }

    fn record_with_days(&mut self, place: Place, word: &str) -> codebook::RecordInfo {
        if place.is_home() {
            return codebook::MEMBERSHIP;
        }
        if place.is_survey() {
            return codebook::ANSWER;
        }
        if place.is_partner() {
            return codebook::DELIVERY;
        }
        let records = [codebook::STAY, codebook::TRAINING, codebook::CONTACT, codebook::STATUS];
        self.one_of(if word == "nights" { &records[..2] } else { &records })
    }
}

fn word(measured: Measured) -> &'static str {
    if measured == Measured::Nights { "nights" } else { "days" }
}
