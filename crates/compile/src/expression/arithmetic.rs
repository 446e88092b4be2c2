//! Numbers with their units, dates and durations; `and` and `or` on the way.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use super::{Checked, number, truth, written};
use crate::catalog::{FieldType, Unit};
use crate::check::{Checker, Scope};
use crate::days::counted;
use crate::problems;
use crate::term::{Operator, Physical, Term};
use crate::types::{TimeUnit, Type, UNITS};
use crate::units;

impl Checker<'_> {
    pub(super) fn quantity(&mut self, digits: &str, unit: &tree::Word) -> Option<Checked> {
        if unit.item == "%" {
            let value: f64 = digits.parse().ok()?;
            return Some(Checked::Value(Term::number(value / 100.0), Type::Number(None)));
        }
        if let Some(time) = TimeUnit::from_word(&unit.item) {
            return match digits.parse::<i64>() {
                Ok(count) => Some(Checked::Duration(count, time)),
                Err(_) => {
                    self.note(problems::wrong_type("a whole number", "a fraction", unit.span))
                }
            };
        }
        let known: Vec<String> = self.units();
        let name = self.catalog.unit_name(&unit.item);
        if !known.contains(&name) {
            let known = known.iter().map(String::as_str);
            return self.note(problems::unknown_unit(&unit.item, unit.span, known));
        }
        Some(number(digits, Some(self.catalog.unit(&unit.item, None))))
    }

    /// Units that may be written: the built-in ones and those of declared fields.
    pub(crate) fn units(&self) -> Vec<String> {
        let fields = self.catalog.records.values().flat_map(|record| &record.fields);
        let declared = fields.filter_map(|field| match &field.kind {
            FieldType::Number(Some(unit)) => Some(unit.name.clone()),
            _ => None,
        });
        let own = self.catalog.units.keys().cloned();
        let mut units: Vec<String> =
            declared.chain(own).chain(UNITS.iter().map(|unit| (*unit).to_owned())).collect();
        units.sort();
        units.dedup();
        units
    }

    pub(super) fn binary(
        &mut self,
        scope: &Scope,
        operator: tree::BinaryOperator,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        use tree::BinaryOperator as Written;
        let operator = match operator {
            Written::And | Written::Or => {
                if let Some(problem) = self.code_in_disguise(scope, left, right) {
                    drop(self.condition(scope, left));
                    return self.note(problem);
                }
                let (one, two) = (self.condition(scope, left), self.condition(scope, right));
                let (one, two) = (one?, two?);
                let and = operator == Written::And;
                return Some(truth(if and { one.and(two) } else { one.or(two) }));
            }
            Written::Union | Written::Minus | Written::Intersect => {
                return self.days_joined(scope, operator, left, right);
            }
            Written::Add => Operator::Add,
            Written::Subtract => Operator::Subtract,
            Written::Multiply => Operator::Multiply,
            Written::Divide => Operator::Divide,
        };
        let (one, two) = (self.expression(scope, left), self.expression(scope, right));
        self.sum_or_shift(operator, (one?, left.span), (two?, right.span))
    }

    /// `place is housed or emergency`: a code where a condition is expected.
    pub(super) fn code_in_disguise(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<interplay_diagnostic::Diagnostic> {
        let (Expr::Is { left: subject, right: first, .. }, Expr::Name(second)) =
            (&left.item, &right.item)
        else {
            return None;
        };
        let kind = self.tried(|checker| checker.value(scope, subject));
        let (Some((_, Type::Code(list))), Expr::Name(first)) = (kind, &first.item) else {
            return None;
        };
        let codes = vec![first.clone(), second.clone()];
        let known = self.code_list(&list)?.has(second);
        known.then(|| problems::code_as_condition(&written(subject), &codes, right.span))
    }

    pub(super) fn sum_or_shift(
        &mut self,
        operator: Operator,
        (one, one_at): (Checked, Span),
        (two, two_at): (Checked, Span),
    ) -> Option<Checked> {
        match (operator, one, two) {
            (
                Operator::Add | Operator::Subtract,
                Checked::Value(date, Type::Date),
                Checked::Duration(count, unit),
            ) => {
                let count = if operator == Operator::Add { count } else { -count };
                Some(Checked::Value(date.shifted(count, unit), Type::Date))
            }
            (
                Operator::Subtract,
                Checked::Value(to, Type::Date),
                Checked::Value(from, Type::Date),
            ) => {
                let term = Term::DaysBetween { from: Box::new(from), to: Box::new(to) };
                Some(Checked::Value(term, Type::Number(Some(Unit::plain("days")))))
            }
            (operator, one, two) => {
                let (one, one_unit) = self.as_number(one, one_at)?;
                let (two, two_unit) = self.as_number(two, two_at)?;
                let kind = self.unit_of(operator, (one_unit, one_at), (two_unit, two_at))?;
                Some(Checked::Value(arithmetic(operator, one, two), kind))
            }
        }
    }

    pub(super) fn as_number(
        &mut self,
        checked: Checked,
        span: Span,
    ) -> Option<(Term, Option<Unit>)> {
        match checked {
            Checked::Value(term, Type::Number(unit)) => Some((term, unit)),
            Checked::Days(set, covering) => {
                Some((counted(set, covering).0, Some(Unit::plain(covering.word()))))
            }
            Checked::Value(_, Type::Missing) => Some((Term::Missing(Physical::Number), None)),
            Checked::Duration(count, TimeUnit::Day) => {
                let unit = Some(Unit::plain("days"));
                days(count).1.eq(&Type::Number(unit.clone())).then_some((days(count).0, unit))
            }
            Checked::Rows(selection) => self.note(problems::many_rows(&selection.record, span)),
            found => self.note(problems::wrong_type("a number", &found.described(), span)),
        }
    }

    /// The number that two numbers make, with its unit.
    pub(super) fn unit_of(
        &mut self,
        operator: Operator,
        (one, one_at): (Option<Unit>, Span),
        (two, two_at): (Option<Unit>, Span),
    ) -> Option<Type> {
        let (first, second) = (one.clone(), two.clone());
        let Some(unit) = units::made(operator, one, two) else {
            return match (first, second) {
                (Some(one), Some(two)) => self.differing((&one, one_at), (&two, two_at)),
                (one, two) => {
                    let (one, two) = (Type::Number(one), Type::Number(two));
                    self.note(problems::types_differ(&one, one_at, &two, two_at))
                }
            };
        };
        Some(Type::Number(unit))
    }
}

impl Checker<'_> {
    /// Notes that two units do not fit each other, with how one is turned into the other.
    pub(super) fn differing<T>(
        &mut self,
        (one, one_at): (&Unit, Span),
        (two, two_at): (&Unit, Span),
    ) -> Option<T> {
        let way = self.catalog.differing(one, two);
        self.note(problems::units_differ((one, one_at), (two, two_at), way))
    }
}

pub(crate) fn arithmetic(operator: Operator, left: Term, right: Term) -> Term {
    Term::Arithmetic { operator, left: Box::new(left), right: Box::new(right) }
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 days")]
pub(super) fn days(count: i64) -> (Term, Type) {
    (Term::number(count as f64), Type::Number(Some(Unit::plain("days"))))
}
