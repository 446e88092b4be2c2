//! Selections: rows of a record, and what is made of them.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{self, Expr};

use crate::catalog::{FieldType, RecordTiming, Unit};
use crate::check::{Checker, Scope};
use crate::expression::{Checked, Pick, truth};
use crate::period;
use crate::problems;
use crate::term::{Aggregate, Selection, Term};
use crate::types::Type;

/// Words that make one value before `of`, with what they make.
pub const AGGREGATES: &[(&str, &str)] = &[
    ("count", "how many rows there are"),
    ("days", "how many distinct days the rows cover, the day of the end left out"),
    ("end", "the last day of a period"),
    ("last day", "the last day of a period"),
    ("nights", "how many distinct nights the rows cover"),
    ("start", "the first day of a period"),
    ("sum", "the sum of a field over the rows: `sum of minutes of contact`"),
];

impl Checker<'_> {
    /// `count of X`, `start of period`
    pub(crate) fn of(
        &mut self,
        scope: &Scope,
        word: &tree::Word,
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        match word.item.as_str() {
            "start" => Some(Checked::Value(self.period(scope, operand)?.0, Type::Date)),
            "end" | "last day" => Some(Checked::Value(self.period(scope, operand)?.1, Type::Date)),
            "count" => {
                let selection = self.rows(scope, operand)?;
                Some(made(Aggregate::Count, selection, Some(Unit::plain("rows"))))
            }
            "nights" | "days" => {
                let nights = word.item == "nights";
                let selection = self.rows(scope, operand)?;
                let record = self.catalog.records.get(&selection.record)?;
                if nights && !matches!(record.timing, RecordTiming::During { .. }) {
                    return self.note(problems::no_duration(&record.name, operand.span));
                }
                let aggregate = if nights { Aggregate::Nights } else { Aggregate::Days };
                Some(made(aggregate, selection, Some(Unit::plain(&word.item))))
            }
            "sum" => self.sum_of(scope, operand),
            other => {
                if let Some((unit, number)) = period::numbered(word) {
                    return self.unit_in_period(scope, (unit, &number), operand);
                }
                let known = AGGREGATES.iter().map(|(name, _)| *name);
                self.note(problems::unknown_aggregate(other, word.span, known))
            }
        }
    }

    /// `minutes of contact`, after `sum of`
    fn sum_of(&mut self, scope: &Scope, operand: &Spanned<Expr>) -> Option<Checked> {
        let Expr::Of { word: field, operand } = &operand.item else {
            let found = "something else";
            let wanted = "a field and its rows, as in `sum of minutes of contact`,";
            return self.note(problems::wrong_type(wanted, found, operand.span));
        };
        let selection = self.rows(scope, operand)?;
        let record = self.catalog.records.get(&selection.record)?;
        let Some(found) = record.field(&field.item) else {
            let known = record.fields.iter().map(|field| field.name.as_str());
            return self.note(problems::unknown_name("field", &field.item, field.span, known));
        };
        let FieldType::Number(unit) = &found.kind else {
            let found = Type::of_field(&found.kind).to_string();
            return self.note(problems::wrong_type("a number", &found, field.span));
        };
        Some(made(Aggregate::Sum(field.item.clone()), selection, unit.clone()))
    }

    /// Rows of a record.
    pub(crate) fn rows(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Selection> {
        match self.expression(scope, expr)? {
            Checked::Rows(selection) => Some(selection),
            Checked::Row(selection, Pick::Last) if selection.latest_at.is_some() => Some(selection),
            _ => {
                self.note(problems::wrong_type("a selection of rows", "something else", expr.span))
            }
        }
    }

    /// `any X`, `first X`
    pub(crate) fn quantified(
        &mut self,
        scope: &Scope,
        quantifier: &Spanned<tree::Quantifier>,
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let what = match quantifier.item {
            tree::Quantifier::Any | tree::Quantifier::No => {
                let selection = self.rows(scope, operand)?;
                let any = made_term(Aggregate::Any, selection);
                let no = quantifier.item == tree::Quantifier::No;
                return Some(truth(any.negated_if(no)));
            }
            tree::Quantifier::First => {
                return Some(Checked::Row(self.rows(scope, operand)?, Pick::First));
            }
            tree::Quantifier::Last => {
                return Some(Checked::Row(self.rows(scope, operand)?, Pick::Last));
            }
            tree::Quantifier::Every => "`every`",
            tree::Quantifier::AnyOther => "`any other`",
            tree::Quantifier::NoOther => "`no other`",
            tree::Quantifier::The(_) => "`the 2nd`",
        };
        self.note(problems::not_available(what, quantifier.span))
    }

    /// `stay where place in homeless`
    pub(crate) fn where_rows(
        &mut self,
        scope: &Scope,
        rows: &Spanned<Expr>,
        condition: &Spanned<Expr>,
    ) -> Option<Checked> {
        match self.expression(scope, rows)? {
            Checked::Rows(selection) => {
                let selection = self.filtered(scope, selection, condition)?;
                Some(Checked::Rows(selection))
            }
            Checked::Row(selection, pick) => {
                let selection = self.filtered(scope, selection, condition)?;
                Some(Checked::Row(selection, pick))
            }
            Checked::Value(group, Type::Truth) => {
                let condition = self.condition(scope, condition)?;
                Some(truth(group.and(condition)))
            }
            _ => {
                let wanted = "a selection of rows or a target group";
                self.note(problems::wrong_type(wanted, "something else", rows.span))
            }
        }
    }

    fn filtered(
        &mut self,
        scope: &Scope,
        mut selection: Selection,
        condition: &Spanned<Expr>,
    ) -> Option<Selection> {
        let condition = self.condition(&scope.inside(&selection.record), condition)?;
        // A definition's rows were checked where they stand alone, at depth 0.
        selection.depth = scope.rows.len();
        selection.condition = Some(match selection.condition.take() {
            None => condition,
            Some(known) => known.and(condition),
        });
        Some(selection)
    }
}

fn made(aggregate: Aggregate, selection: Selection, unit: Option<Unit>) -> Checked {
    Checked::Value(made_term(aggregate, selection), Type::Number(unit))
}

fn made_term(aggregate: Aggregate, selection: Selection) -> Term {
    Term::Selected { aggregate, selection: Box::new(selection) }
}

#[cfg(test)]
mod tests {
    use super::AGGREGATES;

    #[test]
    fn aggregates_are_sorted_and_unique() {
        assert!(AGGREGATES.is_sorted_by(|one, next| one.0 < next.0));
    }
}
