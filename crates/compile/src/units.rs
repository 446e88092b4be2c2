//! Which units are the same, what they make together, and how one is turned into another.
//!
//! Minutes, hours, days and weeks are turned into each other by fact. How many days a month or a
//! year has is no fact, and a night is no number of hours.

mod declared;

use interplay_diagnostic::{Span, Spanned, suggest};
use interplay_syntax::tree::Expr;

use crate::catalog::Unit;
use crate::check::Checker;
use crate::expression::Checked;
use crate::problems;
use crate::term::{Operator, Term};
use crate::types::Type;

pub(crate) use declared::is_circular;

/// Units of time with a fixed length, in minutes.
const LENGTHS: &[(&str, f64)] =
    &[("days", 1_440.0), ("hours", 60.0), ("min", 1.0), ("weeks", 10_080.0)];

/// One of a unit and several of it; a unit is known by the second word.
const FORMS: &[(&str, &str)] = &[
    ("day", "days"),
    ("hour", "hours"),
    ("minute", "min"),
    ("minutes", "min"),
    ("month", "months"),
    ("night", "nights"),
    ("person", "persons"),
    ("quarter", "quarters"),
    ("row", "rows"),
    ("week", "weeks"),
    ("year", "years"),
];

/// The name by which a unit is known: `hour` and `hours` are one.
pub(crate) fn known_as(word: &str) -> &str {
    FORMS.iter().find(|(one, _)| *one == word).map_or(word, |(_, many)| many)
}

/// One of a unit, as it stands after `per`.
pub(crate) fn one_of(name: &str) -> &str {
    let form = FORMS.iter().find(|(_, many)| *many == name);
    form.filter(|(_, many)| *many != "min").map_or(name, |(one, _)| one)
}

impl Unit {
    /// The unit of a word, and what stands after `per`.
    #[must_use]
    pub fn written(name: &str, per: Option<&str>) -> Self {
        let per = per.map(|per| one_of(known_as(per)).to_owned());
        Self { name: known_as(name).to_owned(), per }
    }
}

/// How `from` is turned into `to`: multiplied, or divided, by a whole number.
pub(crate) fn conversion(from: &Unit, to: &Unit) -> Option<(Operator, f64)> {
    if from == to {
        return Some((Operator::Multiply, 1.0));
    }
    let length = |unit: &Unit| {
        let row = LENGTHS.iter().find(|(name, _)| *name == unit.name && unit.per.is_none());
        row.map(|(_, minutes)| *minutes)
    };
    let (from, to) = (length(from)?, length(to)?);
    Some(if from > to { (Operator::Multiply, from / to) } else { (Operator::Divide, to / from) })
}

/// What two units make under an operator; none where they make nothing.
#[expect(clippy::option_option, reason = "no unit is a unit too")]
pub(crate) fn made(
    operator: Operator,
    one: Option<Unit>,
    two: Option<Unit>,
) -> Option<Option<Unit>> {
    match (operator, one, two) {
        (_, None, None) => Some(None),
        (Operator::Divide, None, Some(two)) if two.per.is_none() => {
            Some(Some(Unit { name: "1".to_owned(), per: Some(one_of(&two.name).to_owned()) }))
        }
        (Operator::Divide, None, Some(_)) => None,
        (_, Some(unit), None) | (_, None, Some(unit)) => Some(Some(unit)),
        (Operator::Add | Operator::Subtract, Some(one), Some(two)) => {
            (one == two).then_some(Some(one))
        }
        (Operator::Divide, Some(one), Some(two)) => quotient(one, &two),
        (Operator::Multiply, Some(one), Some(two)) => {
            let taken = |rate: &Unit, of: &Unit| {
                let per = rate.per.as_deref() == Some(one_of(&of.name)) && of.per.is_none();
                per.then(|| Unit::plain(&rate.name))
            };
            taken(&one, &two).or_else(|| taken(&two, &one)).map(Some)
        }
    }
}

#[expect(clippy::option_option, reason = "no unit is a unit too")]
fn quotient(one: Unit, two: &Unit) -> Option<Option<Unit>> {
    match (&one.per, &two.per) {
        _ if one == *two => Some(None),
        (None, None) => {
            Some(Some(Unit { name: one.name, per: Some(one_of(&two.name).to_owned()) }))
        }
        // `EUR` over `EUR per month` are months.
        (None, Some(per)) if one.name == two.name => Some(Some(Unit::plain(known_as(per)))),
        _ => None,
    }
}

impl Checker<'_> {
    /// `sum of minutes of contact in hours`: a number in another unit. The outer none where what stands after
    /// `in` is no unit, and `in` asks whether the number is one of several.
    #[expect(clippy::option_option, reason = "whether it is a unit, and whether it is sound")]
    pub(crate) fn in_unit(
        &mut self,
        (value, unit): (&Term, Option<&Unit>),
        left: Span,
        right: &Spanned<Expr>,
    ) -> Option<Option<Checked>> {
        let word = match &right.item {
            Expr::Name(word) => word,
            Expr::Binary { left: first, .. } => match &first.item {
                Expr::Name(word) if self.has_unit(word) => {
                    return Some(self.note(problems::unit_then_more(word, right.span)));
                }
                _ => return None,
            },
            _ => return None,
        };
        if !self.has_unit(word) {
            let known = self.units();
            let is_slip = suggest::nearest(word, known.iter().map(String::as_str)).is_some();
            return (is_slip && !self.is_declared(word)).then(|| {
                let known = known.iter().map(String::as_str);
                self.note(problems::unknown_unit(word, right.span, known))
            });
        }
        let to = self.catalog.unit(word, None);
        let Some(from) = unit else {
            return Some(self.note(problems::no_conversion(None, &to, left)));
        };
        let Some(way) = self.catalog.way(from, &to) else {
            return Some(self.note(problems::no_conversion(Some(from), &to, left.to(right.span))));
        };
        Some(Some(Checked::Value(way.term(value.clone()), Type::Number(Some(to)))))
    }

    /// Whether a name is that of a rule, a parameter or a field.
    pub(crate) fn is_declared(&self, word: &str) -> bool {
        let mut records = self.catalog.records.values();
        self.catalog.rules.contains_key(word)
            || self.catalog.parameters.contains_key(word)
            || records.any(|record| record.field(word).is_some())
    }

    fn has_unit(&self, word: &str) -> bool {
        let name = self.catalog.unit_name(word);
        self.units().contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMS, LENGTHS, conversion, known_as, made, one_of};
    use crate::catalog::Unit;
    use crate::term::Operator;

    #[test]
    fn tables_are_sorted() {
        assert!(FORMS.is_sorted() && LENGTHS.is_sorted_by(|one, next| one.0 < next.0));
        assert!(LENGTHS.iter().all(|(name, _)| known_as(name) == *name));
    }

    #[test]
    fn time_is_turned_by_fact_and_nothing_else_is() {
        let turned = |from, to| conversion(&Unit::plain(from), &Unit::plain(to));
        assert_eq!(turned("min", "hours"), Some((Operator::Divide, 60.0)));
        assert_eq!(turned("weeks", "days"), Some((Operator::Multiply, 7.0)));
        for (from, to) in
            [("days", "months"), ("years", "days"), ("nights", "days"), ("EUR", "min")]
        {
            assert_eq!(turned(from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn units_make_others() {
        let month = Unit::written("EUR", Some("months"));
        let (eur, months) = (Unit::plain("EUR"), Unit::plain("months"));
        let two =
            |operator, one: &Unit, two: &Unit| made(operator, Some(one.clone()), Some(two.clone()));
        assert_eq!(two(Operator::Divide, &eur, &months), Some(Some(month.clone())));
        assert_eq!(two(Operator::Multiply, &month, &months), Some(Some(eur.clone())));
        assert_eq!(two(Operator::Divide, &eur, &month), Some(Some(months.clone())));
        assert_eq!(two(Operator::Divide, &eur, &eur), Some(None));
        assert_eq!(two(Operator::Add, &eur, &months), None);
        assert_eq!(two(Operator::Multiply, &eur, &eur), None);
        assert_eq!((one_of("min"), one_of("months"), one_of("EUR")), ("min", "month", "EUR"));
    }
}
