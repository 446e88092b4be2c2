//! Random conditions, as text.

use super::codebook::{self, List};
use super::writer::{Place, Writer};

impl Writer<'_> {
    /// A condition. It never begins or ends in a selection that would swallow what follows.
    pub(super) fn condition(&mut self, place: Place) -> String {
        if place.depth > 0 {
            match self.between(0, 11) {
                0 => return self.joined(place, "and"),
                1 | 2 => return self.joined(place, "or"),
                3 if self.chance(25) => {
                    return format!("({}) is unknown", self.condition(place.below()));
                }
                3 => return format!("not ({})", self.condition(place.below())),
                4 => return self.number_condition(place.below()),
                5 if self.chance(25) => return self.chosen_condition(place.below()),
                5 => return self.date_condition(place.below()),
                6..=8 if place.row.is_none() || self.chance(25) => return self.quantified(place),
                _ => {}
            }
        }
        match place.row {
            Some(_) if self.chance(85) => self.row_condition(place),
            _ => self.plain_condition(place),
        }
    }

    fn joined(&mut self, place: Place, word: &str) -> String {
        let (one, other) = (self.condition(place.below()), self.condition(place.below()));
        format!("({one}) {word} ({other})")
    }

    /// `(choose { gender is f -> income > 100, else -> unknown })`
    fn chosen_condition(&mut self, place: Place) -> String {
        let (asked, holds) = (self.condition(place), self.condition(place));
        let other = match self.between(0, 3) {
            0 => "unknown".to_owned(),
            1 => "missing".to_owned(),
            _ => self.condition(place),
        };
        let rows = match self.between(0, 2) {
            0 => format!("({asked}) -> unknown, else -> ({holds})"),
            1 => format!("({asked}) -> ({holds})"),
            _ => format!("({asked}) -> ({holds}), else -> {other}"),
        };
        format!("(choose {{ {rows} }})")
    }

    /// `any (stay overlapping period where place in homeless)`
    fn quantified(&mut self, place: Place) -> String {
        let word = self.one_of(&["any", "no"]);
        if let Some(record) = place.row
            && !place.is_survey()
            && self.chance(40)
        {
            // The row at hand is one of them, and is left out.
            return format!("{word} other {}", self.rows(place.below(), record));
        }
        let record = self.record(place);
        if self.chance(25) {
            let rows = self.timed_rows(place.below(), record);
            let condition = self.condition(place.below().inside(record));
            return format!("every ({rows} where {condition})");
        }
        format!("{word} {}", self.rows(place.below(), record))
    }

    /// A condition on a subject, without anything below it.
    fn plain_condition(&mut self, place: Place) -> String {
        if let Some(condition) = self.condition_through(place)
            && self.chance(30)
        {
            return condition;
        }
        if place.is_home() {
            return self.plain_home(place);
        }
        if place.is_survey() {
            return self.plain_answer(place);
        }
        if place.is_partner() {
            return self.plain_partner(place);
        }
        let names = [self.groups.clone(), self.condition_defines.clone()].concat();
        match (self.between(0, 7), self.any_of(&names)) {
            (0 | 1, Some(name)) => name,
            (2 | 3, _) => self.date_condition(place),
            (4, _) => {
                let (low, more) = (self.between(14, 22), self.between(0, 8));
                format!("age at {} between {low} and {}", self.point(place), low + more)
            }
            (5, _) => self.existence(),
            (6, _) if self.chance(25) => {
                let texts = self.texts(place.below());
                format!("({texts}) = {}", self.text())
            }
            _ => self.code_condition(),
        }
    }

    /// `choose { gender is f -> "Hill", else -> school }`: texts of a rule, most of which stand in
    /// no row.
    pub(super) fn texts(&mut self, place: Place) -> String {
        let (asked, also) = (self.condition(place), self.condition(place));
        let rows = format!("({asked}) -> {}, ({also}) -> {}", self.text(), self.text());
        match self.between(0, 2) {
            0 => format!("choose {{ {rows} }}"),
            1 => format!("choose {{ {rows}, else -> school }}"),
            _ => format!("choose {{ {rows}, else -> {} }}", self.text()),
        }
    }

    fn text(&mut self) -> String {
        self.one_of(&["\"Hill\"", "\"here\"", "\"there\"", "\"total\"", "\"é\""]).to_owned()
    }

    /// What is declared of the organisation that registered a row.
    fn partner_of_row(&mut self) -> String {
        match self.between(0, 2) {
            0 => {
                let (comparison, day) = (self.comparison(), self.day_literal());
                format!("organisation.since {comparison} {day}")
            }
            _ => self.is_code("organisation.kind", codebook::PARTNER_KIND),
        }
    }

    /// A condition on an organisation.
    fn plain_partner(&mut self, place: Place) -> String {
        match self.between(0, 5) {
            0 | 1 => self.date_condition(place),
            2 => self.is_code("organisation", codebook::ORGANISATION),
            3 => {
                let field = self.one_of(&["kind", "since", "organisation.until"]);
                format!("{field} is {}missing", self.perhaps_not())
            }
            4 => {
                let (comparison, date) = (self.comparison(), self.date(place.below()));
                format!("(last delivery).received {comparison} ({date})")
            }
            _ => {
                let field = self.one_of(&["kind", "organisation.kind"]);
                self.is_code(field, codebook::PARTNER_KIND)
            }
        }
    }

    /// A condition on somebody who filled in a survey.
    fn plain_answer(&mut self, place: Place) -> String {
        match self.between(0, 5) {
            0 | 1 => self.date_condition(place),
            2 => {
                let (comparison, limit) = (self.comparison(), self.between(0, 100));
                format!("rating {comparison} {limit}")
            }
            3 => {
                let field = self.one_of(&["rating", "view", "answer.rating", "filled"]);
                format!("{field} is {}missing", self.perhaps_not())
            }
            _ => {
                let field = self.one_of(&["view", "answer.view", "(first answer).view"]);
                self.is_code(field, codebook::STAGE)
            }
        }
    }

    /// A condition on a field of the row at hand.
    fn row_condition(&mut self, place: Place) -> String {
        let Some(record) = place.row else {
            return self.plain_condition(place);
        };
        if let Some(condition) = self.condition_through(place)
            && self.chance(40)
        {
            return condition;
        }
        match (self.between(0, 9), record.number) {
            (0, _) if self.chance(30) => self.partner_of_row(),
            (0, _) => self.is_code("organisation", codebook::ORGANISATION),
            (1 | 2, Some((number, _))) => {
                let (comparison, limit) = (self.comparison(), self.between(0, 100));
                format!("{number} {comparison} {limit}")
            }
            (3, Some((number, _))) => format!("{number} is {}missing", self.perhaps_not()),
            (4, _) => match record.end {
                Some(end) => {
                    let what = self.one_of(&["missing", "missing", "unknown"]);
                    format!("{end} is {}{what}", self.perhaps_not())
                }
                None => self.date_condition(place),
            },
            (5, _) => self.date_condition(place),
            _ => {
                let (field, list) = record.code;
                self.is_code(field, list)
            }
        }
    }

    /// A condition on a code that is not of the row at hand.
    fn code_condition(&mut self) -> String {
        let define = self.any_of(&self.row_defines.clone());
        match (self.between(0, 5), define) {
            (0..=2, Some((name, record))) => {
                let (field, list) = record.code;
                self.is_code(&format!("{name}.{field}"), list)
            }
            (3, Some((name, _))) => {
                self.is_code(&format!("{name}.organisation"), codebook::ORGANISATION)
            }
            (4, _) => self.is_code("schooling", codebook::SCHOOLING),
            (5, _) => {
                let day = self.day_literal();
                let row = self.one_of(&[
                    "(status as of start of period)".to_owned(),
                    "(last status)".to_owned(),
                    format!("(status as of {day})"),
                    format!("(first status on or after {day})"),
                ]);
                self.is_code(&format!("{row}.stage"), codebook::STAGE)
            }
            _ => {
                if self.chance(50) {
                    return self.is_code("home", codebook::AREA);
                }
                let field = self.one_of(&["gender", "profile.gender"]);
                self.is_code(field, codebook::GENDER)
            }
        }
    }

    /// `place is street`, `place not in (street, guest)`, `place in homeless`
    pub(super) fn is_code(&mut self, field: &str, list: List) -> String {
        if !list.levels.is_empty() && self.chance(55) {
            return self.is_within(field, list);
        }
        let not = self.perhaps_not();
        let (one, other) = (self.one_of(list.codes), self.one_of(list.codes));
        match (self.between(0, 5), self.any_of(list.groups)) {
            (0, _) => format!("{field} is {not}missing"),
            (1 | 2, Some(group)) => format!("{field} {not}in {group}"),
            (3, _) => format!("{field} {not}in ({one}, {other})"),
            _ => format!("{field} is {not}{one}"),
        }
    }

    /// `area at level district is north`, `area at tree of 2024-01-01 in north`
    fn is_within(&mut self, field: &str, list: List) -> String {
        let not = self.perhaps_not();
        let (level, codes) = self.one_of(list.levels);
        let day = self.day_literal();
        let day = self.one_of(&[day, "registered".to_owned(), "end of period".to_owned()]);
        let tree = if self.chance(40) { format!(" at tree of {day}") } else { String::new() };
        let code = self.one_of(codes);
        match self.between(0, 4) {
            0 => format!("{field}{tree} {not}in {code}"),
            1 => format!("{field}{tree} {not}in ({code}, {})", self.one_of(list.codes)),
            2 => format!("{field} at level {level}{tree} is {not}missing"),
            3 => format!("{field} at level district{tree} {not}in (town, centre)"),
            _ => format!("{field} at level {level}{tree} is {not}{code}"),
        }
    }

    /// `first_talk is not missing`, `income is missing`
    fn existence(&mut self) -> String {
        let mut names: Vec<String> =
            ["birth_date", "gender", "schooling", "income", "registered"].map(String::from).into();
        names.extend(self.row_defines.iter().map(|(name, _)| name.clone()));
        names.extend(self.number_defines.iter().map(|(name, _)| name.clone()));
        if let Some((name, record)) = self.any_of(&self.row_defines.clone())
            && let Some(end) = record.end
            && self.chance(40)
        {
            let what = self.one_of(&["missing", "unknown"]);
            return format!("{name}.{end} is {}{what}", self.perhaps_not());
        }
        let name = self.one_of(&names);
        format!("{name} is {}missing", self.perhaps_not())
    }

    pub(super) fn perhaps_not(&mut self) -> &'static str {
        if self.chance(30) { "not " } else { "" }
    }

    pub(super) fn comparison(&mut self) -> &'static str {
        self.one_of(&["=", "<", ">", "<=", ">=", ">="])
    }

    /// `sum of minutes of contact > 60`
    fn number_condition(&mut self, place: Place) -> String {
        let measured = self.measured(place);
        let number = self.number(place, measured);
        let number = if number.contains(" where ") { format!("({number})") } else { number };
        match self.between(0, 3) {
            0 => {
                let (low, more) = (self.literal(measured), self.between(0, 60));
                let high: u32 = low.parse::<u32>().unwrap_or(0) + more;
                let not = self.perhaps_not();
                format!("{number} {not}between {low} and {high}")
            }
            1 => {
                let other = self.number(place, measured);
                format!("{number} {} ({other})", self.comparison())
            }
            _ => {
                let comparison = self.comparison();
                let unit = measured.unit().filter(|_| self.chance(20));
                let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
                format!("{number} {comparison} {}{unit}", self.literal(measured))
            }
        }
    }

    /// `intake.day during period`, `left < end of period`
    pub(super) fn date_condition(&mut self, place: Place) -> String {
        let Some(field) = self.date_field(place) else {
            return self.code_condition();
        };
        match self.between(0, 5) {
            0 => {
                if self.chance(20) {
                    return format!("{field} within {}", self.span_within(place));
                }
                let word = self.one_of(&["during", "during", "overlapping"]);
                format!("{field} {word} {}", self.span(place))
            }
            1 => {
                let range = self.day_range().replace(" .. ", " and ");
                format!("{field} between {range}")
            }
            2 => {
                let (comparison, date) = (self.comparison(), self.date(place));
                format!("{field} {comparison} ({date})")
            }
            _ => format!("{field} {}", self.relation(place)),
        }
    }
}
