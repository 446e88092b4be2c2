//! Random households: what is said of one, and what persons and households say of each other.

use super::codebook;
use super::number::Measured;
use super::writer::{Place, Writer};

impl Writer<'_> {
    /// A condition on a household, without anything below it.
    pub(super) fn plain_home(&mut self, place: Place) -> String {
        match (self.between(0, 6), self.any_of(&self.home_conditions.clone())) {
            (0 | 1, Some(name)) => name,
            (2, _) => {
                let (comparison, limit) = (self.comparison(), self.between(1, 5));
                format!("rooms {comparison} {limit}")
            }
            (3, _) => {
                let field = self.one_of(&["tenure", "rooms", "built", "dwelling.tenure"]);
                format!("{field} is {}missing", self.perhaps_not())
            }
            (4, _) => self.date_condition(place),
            (5, _) => {
                let rent = self.one_of(&["(last rent).kind", "(rent as of start of period).kind"]);
                self.is_code(rent, codebook::STAGE)
            }
            _ => self.is_code("tenure", codebook::PLACE),
        }
    }

    /// What refers to the other subject here: a field of the row at hand, or of one row.
    fn reference(&mut self, place: Place) -> Option<String> {
        let (field, row) = if place.is_home() { ("person", false) } else { ("household", true) };
        if place.has_membership() {
            return Some(field.to_owned());
        }
        if place.outer.is_some_and(|row| row.name == "membership") && self.chance(60) {
            return Some(format!("this.{field}"));
        }
        (row && place.is_person()).then(|| match self.between(0, 3) {
            0 => format!("(last membership).{field}"),
            1 => format!("(first membership {}).{field}", self.relation(place)),
            _ => format!("(membership as of {}).{field}", self.point(place)),
        })
    }

    /// `(membership as of start of period).household.crowded`, `person.gender is f`
    pub(super) fn condition_through(&mut self, place: Place) -> Option<String> {
        let other = self.reference(place)?;
        if self.chance(8) {
            return Some(format!("{other} is {}missing", self.perhaps_not()));
        }
        if place.is_home() {
            let names = [self.condition_defines.clone(), self.groups.clone()].concat();
            return Some(match (self.between(0, 5), self.any_of(&names)) {
                (0..=2, Some(name)) => format!("{other}.{name}"),
                (3, _) => {
                    let rows = self.row_defines.clone();
                    match self.any_of(&rows) {
                        // The day of a tree would be asked of the household.
                        Some((name, record)) if record.code.1.levels.is_empty() => {
                            let (field, list) = record.code;
                            self.is_code(&format!("{other}.{name}.{field}"), list)
                        }
                        _ => self.is_code(&format!("{other}.schooling"), codebook::SCHOOLING),
                    }
                }
                (4, _) => {
                    let (comparison, date) = (self.comparison(), self.date(place.below()));
                    format!("{other}.birth_date {comparison} ({date})")
                }
                _ => self.is_code(&format!("{other}.gender"), codebook::GENDER),
            });
        }
        Some(match (self.between(0, 3), self.any_of(&self.home_conditions.clone())) {
            (0..=2, Some(name)) => format!("{other}.{name}"),
            (0, _) => {
                let (comparison, limit) = (self.comparison(), self.between(1, 5));
                format!("{other}.rooms {comparison} {limit}")
            }
            _ => self.is_code(&format!("{other}.tenure"), codebook::PLACE),
        })
    }

    /// `(membership as of start of period).household.size`
    pub(super) fn number_through(&mut self, place: Place, measured: Measured) -> Option<String> {
        let defined = if place.is_home() { &self.number_defines } else { &self.home_numbers };
        let mut defined = defined.clone();
        defined.retain(|(_, other)| *other == measured);
        let (name, _) = self.any_of(&defined)?;
        let other = self.reference(place)?;
        Some(format!("{other}.{name}"))
    }
}
