//! Selections: rows of a record, and what is made of them.

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::catalog::Unit;
use crate::check::{Checker, RowAt, Scope};
use crate::expression::{Checked, Pick, physical, truth, written};
use crate::instant;
use crate::period;
use crate::problems;
use crate::term::{Aggregate, Comparison, Key, PLACE, Physical, Selection, Term};
use crate::types::{TimeUnit, Type};

/// Words that make one value before `of`, with what they make.
pub const AGGREGATES: &[(&str, &str)] = &[
    ("count", "how many rows there are"),
    ("days", "how many distinct days the rows cover, the day of the end left out"),
    ("end", "the last day of a period"),
    ("last day", "the last day of a period"),
    ("max", "the greatest value of a field over the rows: `max of minutes of contact`"),
    ("mean", "the mean of a field over the rows: `mean of minutes of contact`"),
    ("min", "the least value of a field over the rows: `min of minutes of contact`"),
    ("nights", "how many distinct nights the rows cover"),
    ("organisations", "how many organisations registered the rows"),
    ("start", "the first day of a period"),
    ("sum", "the sum of a field over the rows: `sum of minutes of contact`"),
];

/// What is made of a field of the rows; `known only` may follow.
const OF_FIELDS: [&str; 4] = ["max", "mean", "min", "sum"];

/// `best … by (…)` ranks by no more than these; an instant is two.
const MOST_KEYS: usize = 32;

impl Checker<'_> {
    /// `count of X`, `start of period`
    pub(crate) fn of(
        &mut self,
        scope: &Scope,
        word: &tree::Word,
        operand: &Spanned<Expr>,
        known_only: bool,
    ) -> Option<Checked> {
        if known_only && !OF_FIELDS.contains(&word.item.as_str()) {
            return self.note(problems::known_only_of_what(&word.item, word.span));
        }
        match word.item.as_str() {
            "start" => Some(Checked::Value(self.period(scope, operand)?.0, Type::Date)),
            "end" | "last day" => Some(Checked::Value(self.period(scope, operand)?.1, Type::Date)),
            "count" | "organisations" => {
                let selection = self.rows(scope, operand)?;
                let count = word.item == "count";
                let (aggregate, unit) = if count {
                    (Aggregate::Count, "rows")
                } else {
                    (Aggregate::Organisations, "organisations")
                };
                Some(made(aggregate, selection, Some(Unit::plain(unit))))
            }
            "nights" | "days" => self.covered(scope, word, operand),
            "max" | "mean" | "min" | "sum" => {
                self.field_of_rows(scope, &word.item, operand, known_only)
            }
            other => {
                if let Some((unit, number)) = period::numbered(word) {
                    return self.unit_in_period(scope, (&unit, &number), operand);
                }
                if self.catalog.records.contains_key(other) {
                    return self.side_named(scope, word, operand);
                }
                if self.catalog.records.values().any(|it| it.field(other).is_some()) {
                    return self.note(problems::field_of_many(other, word.span));
                }
                let known = AGGREGATES.iter().map(|(name, _)| *name);
                self.note(problems::unknown_aggregate(other, word.span, known))
            }
        }
    }

    /// `minutes of contact`, after `sum of`
    fn field_of_rows(
        &mut self,
        scope: &Scope,
        made: &str,
        operand: &Spanned<Expr>,
        known_only: bool,
    ) -> Option<Checked> {
        let Expr::Of { word: field, operand, known_only: known } = &operand.item else {
            let wanted = format!("a field and its rows, `{made} of FIELD of RECORD`,");
            return self.note(problems::wrong_expr(&wanted, operand));
        };
        let mut selection = self.rows(scope, operand)?;
        let record = self.catalog.records.get(&selection.record)?;
        let Some(found) = record.field(&field.item) else {
            let known = record.fields.iter().map(|field| field.name.as_str());
            return self.note(problems::unknown_name("field", &field.item, field.span, known));
        };
        let kind = Type::of_field(&found.kind);
        let name = field.item.clone();
        let aggregate = match (made, &kind) {
            ("sum", Type::Number(_)) => Aggregate::Sum(name),
            ("mean", Type::Number(_)) => Aggregate::Mean(name),
            ("min", Type::Number(_) | Type::Date) => Aggregate::Least(name, physical(&kind)),
            ("max", Type::Number(_) | Type::Date) => Aggregate::Most(name, physical(&kind)),
            (made, _) => {
                let either = matches!(made, "min" | "max");
                let wanted = if either { "a number or a date" } else { "a number" };
                return self.note(problems::wrong_type(wanted, &kind.to_string(), field.span));
            }
        };
        if known_only || *known {
            selection.known = Some((field.item.clone(), physical(&kind)));
        }
        Some(Checked::Value(Term::made(aggregate, selection), kind))
    }

    /// `best assessment by (score descending, day)`
    pub(crate) fn best(
        &mut self,
        scope: &Scope,
        operand: &Spanned<Expr>,
        by: &[tree::KeyOrder],
    ) -> Option<Checked> {
        let selection = self.rows(scope, operand)?;
        let record = self.catalog.records.get(&selection.record)?;
        if let Some(more) = by.get(MOST_KEYS / 2) {
            let found = format!("key {}", MOST_KEYS / 2 + 1);
            let problem = problems::wrong_type("`)` after 16 keys", &found, more.field.span);
            return self.note(problem);
        }
        let mut keys = Vec::new();
        for key in by {
            let Some(field) = record.field(&key.field.item) else {
                let known = record.fields.iter().map(|field| field.name.as_str());
                let (name, span) = (&key.field.item, key.field.span);
                return self.note(problems::unknown_name("field", name, span, known));
            };
            let kind = Type::of_field(&field.kind);
            if !matches!(kind, Type::Number(_) | Type::Date) {
                let wanted = "a number or a date";
                let problem = problems::wrong_type(wanted, &kind.to_string(), key.field.span);
                return self.note(problem);
            }
            let (name, descending) = (field.name.clone(), key.descending);
            // Of one day the earlier moment, or the later.
            let moment = record.instants().find(|it| *it == name).map(instant::place);
            keys.push(Key { field: name, physical: physical(&kind), descending });
            let of_day = |field| Key { field, physical: Physical::Number, descending };
            keys.extend(moment.map(of_day));
        }
        Some(Checked::Row(selection, Pick::Best(keys)))
    }

    /// `every (stay during period where place is housed)`: of the rows before the last `where`,
    /// none for which it does not hold, and at least one.
    fn every(&mut self, scope: &Scope, operand: &Spanned<Expr>) -> Option<Checked> {
        let Some((rows, condition)) = asked(operand) else {
            return self.note(problems::every_asks_nothing(operand.span));
        };
        let selection = self.rows(scope, &rows)?;
        let before = self.noted();
        let condition = self.condition(&scope.inside(&selection), condition)?.negated();
        self.asked_of_rows(before, scope, &selection);
        let failing = Selection { depth: scope.rows.len(), ..selection.clone() };
        let failing = failing.filtered(condition);
        let none_fails = Term::made(Aggregate::Any, failing).negated();
        let there_are = Term::IsTrue(Box::new(Term::made(Aggregate::Any, selection)));
        Some(truth(none_fails.and(there_are.or(Term::Truth(None)))))
    }

    /// `any other stay`: not the row at hand
    fn other(&mut self, scope: &Scope, span: Span, operand: &Spanned<Expr>) -> Option<Selection> {
        let mut selection = self.rows(scope, operand)?;
        let record = self.catalog.records.get(&selection.record)?;
        if record.anonymous {
            return self.note(problems::anonymous_other(record, span));
        }
        let Some(outer) = scope.rows.len().checked_sub(1) else {
            return self.note(problems::other_than_what(&selection.record, span));
        };
        if scope.rows.get(outer) != Some(&RowAt::of(&selection)) {
            return self.note(problems::other_than_what(&selection.record, span));
        }
        selection.depth = scope.rows.len();
        let place =
            |depth| Term::RowField { depth, field: PLACE.to_owned(), physical: Physical::Symbol };
        let differs = place(selection.depth).compared(Comparison::Equal, place(outer)).negated();
        selection.condition = Some(match selection.condition.take() {
            None => differs,
            Some(known) => differs.and(known),
        });
        Some(selection)
    }

    /// Rows of a record.
    pub(crate) fn rows(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Selection> {
        let found = self.expression(scope, expr)?;
        self.rows_of(found, expr.span)
    }

    /// The rows that an expression has come to.
    pub(crate) fn rows_of(&mut self, found: Checked, span: Span) -> Option<Selection> {
        match found {
            Checked::Rows(selection) => Some(selection),
            Checked::Row(selection, Pick::AsOf) => Some(selection),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a selection of rows", &found, span))
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
        if let Some(problem) = self.picked_in_vain(quantifier, operand) {
            return self.note(problem);
        }
        match quantifier.item {
            tree::Quantifier::Any | tree::Quantifier::No => {
                let selection = self.rows(scope, operand)?;
                let any = Term::made(Aggregate::Any, selection);
                let no = quantifier.item == tree::Quantifier::No;
                Some(truth(any.negated_if(no)))
            }
            tree::Quantifier::First => Some(Checked::Row(self.rows(scope, operand)?, Pick::First)),
            tree::Quantifier::Last => Some(Checked::Row(self.rows(scope, operand)?, Pick::Last)),
            tree::Quantifier::Every => self.every(scope, operand),
            tree::Quantifier::AnyOther | tree::Quantifier::NoOther => {
                let selection = self.other(scope, quantifier.span, operand)?;
                let any = Term::made(Aggregate::Any, selection);
                let no = quantifier.item == tree::Quantifier::NoOther;
                Some(truth(any.negated_if(no)))
            }
            tree::Quantifier::The(0) => {
                let wanted = "an ordinal from `1st` on";
                self.note(problems::wrong_type(wanted, "`0th`", quantifier.span))
            }
            tree::Quantifier::The(number) => {
                let selection = self.rows(scope, operand)?;
                let record = self.catalog.records.get(&selection.record)?;
                if record.anonymous && number > 1 {
                    return self.note(problems::anonymous_other(record, quantifier.span));
                }
                Some(Checked::Row(selection, Pick::Nth(number)))
            }
        }
    }

    /// `last stay.place`, where `(last stay).place` is meant, and `last quarter`, which says not how
    /// many.
    fn picked_in_vain(
        &self,
        quantifier: &Spanned<tree::Quantifier>,
        operand: &Spanned<Expr>,
    ) -> Option<Diagnostic> {
        let picks = match quantifier.item {
            tree::Quantifier::First => "first",
            tree::Quantifier::Last => "last",

            _ => return None,
        };
        let span = quantifier.span.to(operand.span);
        match &operand.item {
            Expr::Field { base, field } if self.is_of_rows(base) => {
                Some(problems::field_of_pick(picks, &written(base), &field.item, span))
            }
            Expr::Name(word) if !self.is_declared(word) => {
                let unit = TimeUnit::from_word(word)?;
                Some(problems::unit_alone(picks, word, unit, span))
            }
            _ => None,
        }
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
                self.note(problems::wrong_expr(wanted, rows))
            }
        }
    }

    fn filtered(
        &mut self,
        scope: &Scope,
        mut selection: Selection,
        condition: &Spanned<Expr>,
    ) -> Option<Selection> {
        let before = self.noted();
        let condition = self.condition(&scope.inside(&selection), condition)?;
        self.asked_of_rows(before, scope, &selection);
        // A definition's rows were checked where they stand alone, at depth 0.
        selection.depth = scope.rows.len();
        Some(selection.filtered(condition))
    }
}

/// What `every` is asked of, and the condition of the last `where` in it.
fn asked(expr: &Spanned<Expr>) -> Option<(Spanned<Expr>, &Spanned<Expr>)> {
    match &expr.item {
        Expr::Parenthesised(inner) => asked(inner),
        Expr::Where { rows, condition } => Some((rows.as_ref().clone(), condition)),
        Expr::Timed { operand, timing } => {
            let (rows, condition) = asked(operand)?;
            let timed = Expr::Timed { operand: Box::new(rows), timing: timing.clone() };
            Some((Spanned::new(timed, expr.span), condition))
        }
        _ => None,
    }
}

fn made(aggregate: Aggregate, selection: Selection, unit: Option<Unit>) -> Checked {
    Checked::Value(Term::made(aggregate, selection), Type::Number(unit))
}

#[cfg(test)]
mod tests {
    use super::AGGREGATES;

    #[test]
    fn aggregates_are_sorted_and_unique() {
        assert!(AGGREGATES.is_sorted_by(|one, next| one.0 < next.0));
    }
}
