//! Expressions: what each form means and which types it joins.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::calendar;
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::days::counted;
use crate::problems;
use crate::term::days::Covering;
use crate::term::{Key, Operator, Physical, Selection, Term};
use crate::turned::is_turned;
use crate::types::{TimeUnit, Type};

mod arithmetic;
mod comparison;
mod described;
mod name;
mod reference;

pub(crate) use arithmetic::arithmetic;
use arithmetic::days;
pub(crate) use described::{described, described_value, last_asked, written};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked {
    /// One value or condition.
    Value(Term, Type),
    /// `6 months`
    Duration(i64, TimeUnit),
    /// First and last day.
    Period(Term, Term),
    /// A set of days; where a number is wanted, how many it has.
    Days(Term, Covering),
    /// Rows of a record.
    Rows(Selection),
    /// At most one row of a record.
    Row(Selection, Pick),
    /// The same, of the subject of that type to whom a term refers.
    RowOf(String, Term, Selection, Pick),
}

/// Which row of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// `first`
    First,
    /// `last`
    Last,
    /// `as of` where at most one row holds
    AsOf,
    /// `the 2nd`
    Nth(u32),
    /// `best … by (score descending, day)`
    Best(Vec<Key>),
}

impl Checked {
    /// How many terms it is made of.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Value(term, _) | Self::Days(term, _) => term.size(),
            Self::Duration(..) => 1,
            Self::Period(first, last) => first.size() + last.size(),
            Self::Rows(selection) | Self::Row(selection, _) | Self::RowOf(_, _, selection, _) => {
                1 + selection.children().into_iter().map(Term::size).sum::<usize>()
            }
        }
    }

    pub(crate) fn described(&self) -> String {
        match self {
            Self::Value(_, kind) => kind.to_string(),
            Self::Duration(..) => "a duration".to_owned(),
            Self::Period(..) => "a period".to_owned(),
            Self::Days(_, covering) => format!("a set of {}", covering.word()),
            Self::Rows(selection) => format!("rows of `{}`", selection.record),
            Self::Row(selection, _) | Self::RowOf(_, _, selection, _) => {
                format!("a row of `{}`", selection.record)
            }
        }
    }
}

impl Checker<'_> {
    /// A condition.
    pub(crate) fn condition(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Term> {
        match self.expression(scope, expr)? {
            Checked::Value(term, Type::Truth) => {
                self.asks(scope, expr, &term);
                Some(term)
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a condition", &found, expr.span))
            }
        }
    }

    /// A number with its unit.
    pub(crate) fn number(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
    ) -> Option<(Term, Option<Unit>)> {
        match self.value(scope, expr)? {
            (term, Type::Number(unit)) => Some((term, unit)),
            (_, found) => {
                self.note(problems::wrong_type("a number", &found.to_string(), expr.span))
            }
        }
    }

    /// A day.
    pub(crate) fn date(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Term> {
        match self.expression(scope, expr)? {
            Checked::Value(term, Type::Date) => Some(term),
            Checked::Value(_, Type::Missing) => Some(Term::Missing(Physical::Date)),
            Checked::Period(..) => self.note(problems::period_as_date(&written(expr), expr.span)),
            Checked::Rows(selection) => {
                self.note(problems::many_rows(&selection.record, expr.span))
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a date", &found, expr.span))
            }
        }
    }

    /// A period's first and last day.
    pub(crate) fn period(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Term)> {
        match self.expression(scope, expr)? {
            Checked::Period(first, last) => Some((first, last)),
            Checked::Value(Term::Date(day), Type::Date) => Some((Term::Date(day), Term::Date(day))),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a period", &found, expr.span))
            }
        }
    }

    /// One value of any type.
    pub(crate) fn value(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Type)> {
        match self.expression(scope, expr)? {
            Checked::Value(term, kind) => Some((term, kind)),
            Checked::Days(set, covering) => Some(counted(set, covering)),
            Checked::Duration(count, TimeUnit::Day) => Some(days(count)),
            Checked::Duration(count, TimeUnit::Week) => Some(days(count * 7)),
            Checked::Rows(selection) => {
                self.note(problems::many_rows(&selection.record, expr.span))
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a value", &found, expr.span))
            }
        }
    }

    /// Anything.
    #[expect(clippy::too_many_lines, reason = "one arm a form of expression")]
    pub(crate) fn expression(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Checked> {
        let span = expr.span;
        match &expr.item {
            Expr::Number(digits) => Some(number(digits, None)),
            Expr::Quantity { number, unit } => self.quantity(number, unit),
            Expr::Text(text) => Some(Checked::Value(Term::Symbol(text.clone()), Type::Text)),
            Expr::Date(day) => {
                let day = calendar::date(day)?;
                Some(Checked::Value(Term::Date(day), Type::Date))
            }
            Expr::Period(literal) => {
                let period = calendar::period(literal)?;
                Some(Checked::Period(Term::Date(period.first), Term::Date(period.last)))
            }
            Expr::Missing => Some(Checked::Value(Term::Missing(Physical::Number), Type::Missing)),
            Expr::Unknown => Some(Checked::Value(Term::Truth(None), Type::Truth)),
            Expr::Name(name) => self.name(scope, name, span),
            Expr::Field { base, field } => self.field(scope, base, field),
            Expr::Parenthesised(inner) => self.expression(scope, inner),
            Expr::Choose(rows) => self.choose(scope, rows, expr.span),
            Expr::Binary { operator, left, right } => self.binary(scope, *operator, left, right),
            Expr::Not(inner) => {
                let term = self.condition(scope, inner)?;
                Some(Checked::Value(term.negated(), Type::Truth))
            }
            Expr::Negative(inner) => {
                let (term, unit) = self.number(scope, inner)?;
                let term = arithmetic(Operator::Subtract, Term::number(0.0), term);
                Some(Checked::Value(term, Type::Number(unit)))
            }
            Expr::Compare { comparison, left, right } => {
                self.compare(scope, *comparison, left, right)
            }
            Expr::Is { left, negated, right } => self.is(scope, left, *negated, right),
            Expr::In { left, negated, right } => self.is_in(scope, left, *negated, right),
            Expr::Between { value, negated: false, low, high } if self.is_of_rows(value) => {
                self.rows_between(scope, value, (low, high), span)
            }
            Expr::Between { value, negated, low, high } => {
                self.between(scope, value, low, high).map(|term| truth(term.negated_if(*negated)))
            }
            Expr::Range { from, to } => self.range(scope, from, to, span),
            Expr::Relative { duration, direction, anchor } => {
                let (count, unit) = self.duration(scope, duration)?;
                let anchor = self.date(scope, anchor)?;
                let count = if *direction == tree::Direction::Before { -count } else { count };
                Some(Checked::Value(anchor.shifted(count, unit), Type::Date))
            }
            Expr::ThePeriod { duration, direction, anchor } => {
                let (count, unit) = self.duration(scope, duration)?;
                let anchor = self.date(scope, anchor)?;
                Some(if *direction == tree::Direction::Before {
                    let first = anchor.clone().shifted(-count, unit);
                    Checked::Period(first, anchor.shifted(-1, TimeUnit::Day))
                } else {
                    let first = anchor.clone().shifted(1, TimeUnit::Day);
                    Checked::Period(first, anchor.shifted(count, unit))
                })
            }
            Expr::Of { word, operand, known_only } => self.of(scope, word, operand, *known_only),
            Expr::Quantified { quantifier, operand } => self.quantified(scope, quantifier, operand),
            Expr::Where { rows, condition } => self.where_rows(scope, rows, condition),
            Expr::Timed { operand, timing } => self.timed(scope, operand, timing),
            Expr::Call { function, .. } => {
                self.note(problems::unknown_name("function", &function.item, function.span, []))
            }
            Expr::Column(_) => {
                self.note(problems::wrong_type("a name of the codebook", "a source's column", span))
            }
            Expr::List(items) => self.note(problems::list_for_one(items, span)),
            Expr::Map(_) => self.note(problems::wrong_type("a value", "a table of values", span)),
            Expr::MonthDay(_) => self.note(problems::not_available("a month-day", span)),
            Expr::LastPeriods { count, unit } => self.last_periods(count, unit),
            Expr::ToDate(unit) => self.unit_to_date(unit),
            Expr::PeriodOf { kind, which } => self.period_of(kind, which),
            Expr::Best { operand, by } => self.best(scope, operand, by),
        }
    }

    fn choose(&mut self, scope: &Scope, rows: &[tree::ChooseRow], span: Span) -> Option<Checked> {
        if rows.is_empty() {
            let wanted = "a row: `condition -> value`, `else -> value`";
            return self.note(problems::missing_clause("choose", wanted, span));
        }
        let mut checked = Vec::new();
        let mut otherwise = None;
        let mut kind: Option<(Type, Span)> = None;
        let mut sound = true;
        for row in rows {
            if otherwise.is_some() {
                self.problems.push(problems::never_matches(row.value.span));
            }
            let condition = row.condition.as_ref().map(|it| self.condition(scope, it));
            let value = self.value_like(scope, &row.value, kind.as_ref().map(|(kind, _)| kind));
            let Some((value, found)) = value else {
                sound = false;
                continue;
            };
            kind = match kind {
                None => Some((found, row.value.span)),
                Some((known, at)) if known.fits(&found) => Some((known.joined(found), at)),
                Some((known, at)) => {
                    sound = false;
                    self.problems.push(problems::types_differ(&known, at, &found, row.value.span));
                    Some((known, at))
                }
            };
            match condition {
                None => otherwise = Some(value),
                Some(None) => sound = false,
                Some(Some(condition)) => {
                    if let Some(written) = &row.condition {
                        self.asks_in_turn(scope, written, &condition, &checked);
                    }
                    checked.push((condition, value));
                }
            }
        }
        if !sound {
            return None;
        }
        let (kind, _) = kind?;
        let physical = physical(&kind);
        let settle = |term: Term| settled(term, physical);
        let rows = checked.into_iter().map(|(condition, value)| (condition, settle(value)));
        let otherwise = Box::new(settle(otherwise.unwrap_or(Term::Missing(physical))));
        Some(Checked::Value(Term::Choose { rows: rows.collect(), otherwise }, kind))
    }

    /// A value; a bare word is first a code of the list that `like` names.
    fn value_like(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
        like: Option<&Type>,
    ) -> Option<(Term, Type)> {
        if let (Expr::Name(name), Some(Type::Code(list))) = (&expr.item, like)
            && self.code_list(list).is_some_and(|list| list.has(name))
        {
            return Some((Term::Symbol(name.clone()), Type::Code(list.clone())));
        }
        self.value(scope, expr)
    }

    fn range(
        &mut self,
        scope: &Scope,
        from: &Spanned<Expr>,
        to: &Spanned<Expr>,
        span: Span,
    ) -> Option<Checked> {
        let (first, last) = (self.range_end(scope, from), self.range_end(scope, to));
        let (first, last) = (first?.0, last?.1);
        if is_turned(&first, &last) {
            let instead = format!("{} .. {}", written(to), written(from));
            let is_whole = !instead.contains('…');
            return self.note(problems::turned(is_whole.then_some(instead), span));
        }
        Some(Checked::Period(first, last))
    }

    fn range_end(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Term)> {
        match self.expression(scope, expr)? {
            Checked::Period(first, last) => Some((first, last)),
            Checked::Value(term, Type::Date) => Some((term.clone(), term)),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a date or a period", &found, expr.span))
            }
        }
    }

    /// A number of units of time.
    pub(crate) fn duration(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
    ) -> Option<(i64, TimeUnit)> {
        match self.expression(scope, expr)? {
            Checked::Duration(count, unit) => Some((count, unit)),
            found => {
                let found = found.described();
                self.note(problems::wrong_type(
                    "a duration, such as `6 months`,",
                    &found,
                    expr.span,
                ))
            }
        }
    }
}

/// How values of a type are kept.
pub(crate) fn physical(kind: &Type) -> Physical {
    match kind {
        Type::Truth => Physical::Truth,
        Type::Number(_) | Type::Missing => Physical::Number,
        Type::Date => Physical::Date,
        Type::Text | Type::Code(_) => Physical::Symbol,
        Type::Subject(_) => Physical::Subject,
    }
}

/// A condition.
pub(crate) fn truth(term: Term) -> Checked {
    Checked::Value(term, Type::Truth)
}

/// A bare `missing` takes the kind that its place wants.
fn settled(term: Term, physical: Physical) -> Term {
    match term {
        Term::Missing(_) => Term::Missing(physical),
        term => term,
    }
}

fn number(digits: &str, unit: Option<Unit>) -> Checked {
    // The lexer took only digits and one point, which always read as a number.
    let value = digits.parse().unwrap_or(f64::NAN);
    Checked::Value(Term::number(value), Type::Number(unit))
}
