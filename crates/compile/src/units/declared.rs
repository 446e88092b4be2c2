//! Units that a project declares: `unit session = 45 min`, `unit EUR_2023 "Euros of 2023"`.

use std::collections::BTreeMap;

use super::{LENGTHS, known_as, one_of};
use crate::catalog::{Catalog, DeclaredUnit, Unit};
use crate::expression::arithmetic;
use crate::problems::Differing;
use crate::term::{Operator, Term};

/// How a number of one unit becomes one of another: times a number, over a number. One of the two
/// is 1 where the other is a whole number, so that nothing is lost on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way {
    times: f64,
    over: f64,
}

impl Way {
    fn between(from: f64, to: f64) -> Self {
        if (from / to).fract() == 0.0 {
            Self { times: from / to, over: 1.0 }
        } else if (to / from).fract() == 0.0 {
            Self { times: 1.0, over: to / from }
        } else {
            Self { times: from, over: to }
        }
    }

    /// The number in the other unit.
    pub(crate) fn number(self, number: f64) -> f64 {
        number * self.times / self.over
    }

    /// A term in the other unit.
    #[expect(clippy::float_cmp, reason = "1 is set as such")]
    pub(crate) fn term(self, mut term: Term) -> Term {
        if self.times != 1.0 {
            term = arithmetic(Operator::Multiply, term, Term::number(self.times));
        }
        if self.over != 1.0 {
            term = arithmetic(Operator::Divide, term, Term::number(self.over));
        }
        term
    }
}

impl Catalog {
    /// The unit of a word; of a declared one, one and several are the same.
    #[must_use]
    pub fn unit(&self, name: &str, per: Option<&str>) -> Unit {
        let per = per.map(|per| one_of(&self.unit_name(per)).to_owned());
        Unit { name: self.unit_name(name), per }
    }

    /// The name by which a unit is known: `hours` of `hour`, `session` of `sessions`.
    pub(crate) fn unit_name(&self, word: &str) -> String {
        let known = known_as(word);
        let one = known.strip_suffix('s').filter(|one| self.units.contains_key(*one));
        match one {
            Some(one) if !self.units.contains_key(known) => one.to_owned(),
            _ => known.to_owned(),
        }
    }

    /// How numbers of `from` become numbers of `to`: by fact, or as it is declared.
    pub(crate) fn way(&self, from: &Unit, to: &Unit) -> Option<Way> {
        if from == to {
            return Some(Way { times: 1.0, over: 1.0 });
        }
        if from.per.is_some() || to.per.is_some() {
            return None;
        }
        let ((from_base, from), (to_base, to)) = (self.length(&from.name)?, self.length(&to.name)?);
        (from_base == to_base).then(|| Way::between(from, to))
    }

    /// How two units that differ stand to each other: whether the second is turned into the first,
    /// or could be by a declaration.
    pub(crate) fn differing(&self, one: &Unit, two: &Unit) -> Differing {
        if self.way(two, one).is_some() {
            return Differing::Turned;
        }
        // Of these somebody may know how much they are.
        let may_be = |unit: &Unit| {
            unit.per.is_none()
                && (self.units.contains_key(&unit.name)
                    || ["months", "quarters", "years"].contains(&unit.name.as_str()))
        };
        let named = |unit: &Unit, other: &Unit| {
            Differing::Undeclared(one_of(&unit.name).to_owned(), other.name.clone())
        };
        match (one.per.is_none() && two.per.is_none(), may_be(one), may_be(two)) {
            (true, _, true) => named(two, one),
            (true, true, false) => named(one, two),
            _ => Differing::Apart,
        }
    }

    /// How much a unit is, and of what: of minutes, or of a unit that is not made of others.
    fn length(&self, name: &str) -> Option<(String, f64)> {
        let (base, length) = length(&self.units, name);
        (length.is_finite() && length > 0.0).then_some((base, length))
    }
}

/// How much a unit is of what it is made of in the end. One that is made of itself was told: it is
/// nothing.
fn length(units: &BTreeMap<String, DeclaredUnit>, name: &str) -> (String, f64) {
    let (mut name, mut length) = (name.to_owned(), 1.0);
    for _ in 0..=units.len() {
        if let Some((_, minutes)) = LENGTHS.iter().find(|(known, _)| *known == name) {
            return ("min".to_owned(), length * minutes);
        }
        match units.get(&name).and_then(|unit| unit.made_of.as_ref()) {
            Some((count, other)) => (name, length) = (other.clone(), length * count),
            None => return (name, length),
        }
    }
    (name, f64::NAN)
}

/// Whether a unit is made of itself, by way of others.
pub(crate) fn is_circular(units: &BTreeMap<String, DeclaredUnit>, name: &str) -> bool {
    length(units, name).1.is_nan()
}

#[cfg(test)]
mod tests {
    use super::Way;

    #[test]
    fn whole_numbers_are_not_split() {
        assert_eq!(Way::between(60.0, 1.0), Way { times: 60.0, over: 1.0 });
        assert_eq!(Way::between(1.0, 60.0), Way { times: 1.0, over: 60.0 });
        assert_eq!(Way::between(45.0, 60.0).number(4.0).to_bits(), 3.0_f64.to_bits());
    }
}
