//! Timing phrases: every one becomes a window of days on a row, or a condition on a date.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{Direction, Edge, Expr, Relation, Timing};

use crate::catalog::Unit;
use crate::catalog::{Field, FieldType, Record, RecordTiming};
use crate::check::{Checker, Scope};
use crate::expression::{Checked, Pick, truth, written};
use crate::problems;
use crate::term::{Comparison, Look, Selection, Term, Window};
use crate::turned::is_turned;
use crate::types::{TimeUnit, Type};

impl Checker<'_> {
    /// `stay overlapping period`, `intake.day during period`, `age at start of period`
    pub(crate) fn timed(
        &mut self,
        scope: &Scope,
        operand: &Spanned<Expr>,
        timing: &Spanned<Timing>,
    ) -> Option<Checked> {
        if let Timing::At(at) = &timing.item {
            return self.age(scope, operand, at);
        }
        match &timing.item {
            Timing::AtLevel(level) => return self.at_level(scope, operand, (level, None)),
            Timing::AtTree(at) => return self.at_tree(scope, operand, at),
            _ => {}
        }
        let operand_is = self.expression(scope, operand);
        if let (Timing::AsOf(at), Some(Checked::Rows(_))) = (&timing.item, &operand_is) {
            let Some(Checked::Rows(selection)) = operand_is else { return None };
            return self.as_of(scope, selection, at, timing.span);
        }
        if let Some(set @ Checked::Days(..)) = operand_is {
            return self.days_within(scope, set, timing);
        }
        let window = self.window(scope, timing);
        match (operand_is?, window?) {
            (Checked::Rows(selection), window) => {
                self.narrowed(selection, window, timing.span).map(Checked::Rows)
            }
            (Checked::Row(selection, Pick::AsOf), window) => {
                let selection = self.narrowed(selection, window, timing.span)?;
                Some(Checked::Row(selection, Pick::AsOf))
            }
            (Checked::Value(day, Type::Date), window) => Some(truth(holds_on(&day, window))),
            _ => {
                let wanted = "a selection of rows or a date";
                self.note(problems::wrong_expr(wanted, operand))
            }
        }
    }

    /// `(stay between signed and 2025-12-31)`: between names of dates it may stand in parentheses
    /// only, for else it reads as the comparison of a value.
    pub(crate) fn rows_between(
        &mut self,
        scope: &Scope,
        rows: &Spanned<Expr>,
        (low, high): (&Spanned<Expr>, &Spanned<Expr>),
        span: Span,
    ) -> Option<Checked> {
        let selection = self.rows(scope, rows);
        let (low, high) = (self.date(scope, low), self.date(scope, high));
        let (low, high) = (low?, high?);
        if is_turned(&low, &high) {
            return self.note(problems::turned(None, span));
        }
        let window = closed(Look::Overlap, low, high);
        self.narrowed(selection?, window, span).map(Checked::Rows)
    }

    /// Whether an expression selects rows of a record that it names.
    pub(crate) fn is_of_rows(&self, expr: &Spanned<Expr>) -> bool {
        match &expr.item {
            Expr::Name(name) => {
                self.catalog.records.get(name).is_some_and(|it| it.start().is_some())
            }
            Expr::Of { word, .. } => self.catalog.records.contains_key(&word.item),
            Expr::Parenthesised(inner)
            | Expr::Timed { operand: inner, .. }
            | Expr::Where { rows: inner, .. }
            | Expr::Between { value: inner, .. } => self.is_of_rows(inner),
            _ => false,
        }
    }

    fn narrowed(
        &mut self,
        mut selection: Selection,
        window: Window,
        span: Span,
    ) -> Option<Selection> {
        if selection.latest_at.is_some() {
            return self.note(problems::as_of_alone(&selection.record, span));
        }
        let record = self.catalog.records.get(&selection.record)?;
        let at_a_day = matches!(record.timing, RecordTiming::At { .. });
        // A row at a day starts, ends and lies on that day.
        let look = if at_a_day { Look::Start } else { window.look };
        selection.windows.push(Window { look, ..window });
        Some(selection)
    }

    fn as_of(
        &mut self,
        scope: &Scope,
        mut selection: Selection,
        at: &Spanned<Expr>,
        span: Span,
    ) -> Option<Checked> {
        let at = self.date(scope, at)?;
        let record = self.catalog.records.get(&selection.record)?;
        if matches!(record.timing, RecordTiming::During { .. }) {
            let window =
                Window { look: Look::Overlap, first: Some(at.clone()), last: Some(at), cut: false };
            let one = record.without_overlap && selection.side.is_none();
            let selection = self.narrowed(selection, window, span)?;
            return Some(match one {
                true => Checked::Row(selection, Pick::AsOf),
                false => Checked::Rows(selection),
            });
        }
        let alone = selection.windows.is_empty() && selection.condition.is_none();
        if !alone || selection.latest_at.is_some() {
            return self.note(problems::as_of_alone(&selection.record, span));
        }
        selection.latest_at = Some(at);
        Some(Checked::Row(selection, Pick::AsOf))
    }

    /// `age at X`
    fn age(
        &mut self,
        scope: &Scope,
        operand: &Spanned<Expr>,
        at: &Spanned<Expr>,
    ) -> Option<Checked> {
        if let Expr::Name(name) = &operand.item
            && self.catalog.parameters.contains_key(name)
        {
            return self.parameter_at(scope, (name, operand.span), at);
        }
        let at = self.date(scope, at);
        if operand.item != Expr::Name("age".to_owned()) {
            return self.note(problems::wrong_expr("`age` or a parameter before `at`", operand));
        }
        let birth = self.birth(scope, operand.span)?;
        let term = Term::Age { birth: Box::new(birth), at: Box::new(at?) };
        Some(Checked::Value(term, Type::Number(Some(Unit::plain("years")))))
    }

    fn birth(&mut self, scope: &Scope, span: Span) -> Option<Term> {
        let births = self.single_records(&scope.subject).flat_map(|record| {
            let births = record.fields.iter().filter(|field| field.kind == FieldType::BirthDate);
            births.map(move |field| (record, field))
        });
        let births: Vec<_> = births.collect();
        if births.len() > 1 {
            let name = |(record, field): &(&Record, &Field)| {
                (format!("{}.{}", record.name, field.name), record.span)
            };
            let names: Vec<(String, Span)> = births.iter().map(name).collect();
            return self.note(problems::births(&scope.subject, &names, span));
        }
        let found = births.first().map(|(record, field)| self.property(scope, record, field).0);
        if found.is_none() {
            let known: [&str; 0] = [];
            let what = "field of type `date of birth` for";
            self.problems.push(problems::unknown_name(what, &scope.subject, span, known));
        }
        found
    }

    fn window(&mut self, scope: &Scope, timing: &Spanned<Timing>) -> Option<Window> {
        match &timing.item {
            Timing::During(period) => self.period_window(scope, period, Look::Inside, false),
            Timing::Overlapping(period) => self.period_window(scope, period, Look::Overlap, false),
            Timing::Within(period) => self.period_window(scope, period, Look::Overlap, true),
            Timing::EdgeIn { edge, period } => {
                self.period_window(scope, period, look(Some(*edge)), false)
            }
            Timing::Relation { edge, relation } => {
                let window = self.relation(scope, *edge, relation)?;
                if let (Some(first), Some(last)) = (&window.first, &window.last)
                    && is_turned(first, last)
                {
                    return self.note(problems::turned(in_order(relation), timing.span));
                }
                Some(window)
            }
            Timing::AsOf(at) => {
                let at = self.date(scope, at)?;
                Some(closed(Look::Overlap, at.clone(), at))
            }
            Timing::At(_) | Timing::AtLevel(_) | Timing::AtTree(_) => {
                self.note(problems::not_available("this timing phrase", timing.span))
            }
            Timing::From(_) | Timing::Until(_) => {
                self.note(problems::not_available("`from` and `until`", timing.span))
            }
        }
    }

    fn period_window(
        &mut self,
        scope: &Scope,
        period: &Spanned<Expr>,
        look: Look,
        cut: bool,
    ) -> Option<Window> {
        let (first, last) = self.period(scope, period)?;
        Some(Window { cut, ..closed(look, first, last) })
    }

    fn relation(
        &mut self,
        scope: &Scope,
        edge: Option<Edge>,
        relation: &Relation,
    ) -> Option<Window> {
        let look = look(edge);
        let open = Window { look, first: None, last: None, cut: false };
        Some(match relation {
            Relation::Before(at) => {
                let at = self.date(scope, at)?;
                Window { last: Some(at.shifted(-1, TimeUnit::Day)), ..open }
            }
            Relation::OnOrBefore(at) => Window { last: Some(self.date(scope, at)?), ..open },
            Relation::After(at) => {
                let at = self.date(scope, at)?;
                Window { first: Some(at.shifted(1, TimeUnit::Day)), ..open }
            }
            Relation::OnOrAfter(at) => Window { first: Some(self.date(scope, at)?), ..open },
            Relation::Within { duration, direction, anchor } => {
                let duration = self.duration(scope, duration);
                let at = self.date(scope, anchor)?;
                let (count, unit) = duration?;
                let (back, forth) = match direction {
                    Direction::Before => (-count, 0),
                    Direction::After => (0, count),
                    Direction::Around => (-count, count),
                };
                closed(look, at.clone().shifted(back, unit), at.shifted(forth, unit))
            }
            Relation::BetweenDurations { low, high, direction, anchor } => {
                let (low, high) = (self.duration(scope, low), self.duration(scope, high));
                let at = self.date(scope, anchor)?;
                let (low, high) = (low?, high?);
                if *direction == Direction::Before {
                    let first = at.clone().shifted(-high.0, high.1);
                    closed(look, first, at.shifted(-low.0, low.1))
                } else {
                    closed(look, at.clone().shifted(low.0, low.1), at.shifted(high.0, high.1))
                }
            }
            Relation::BetweenDates { low, high } => {
                let (low, high) = (self.date(scope, low), self.date(scope, high));
                closed(look, low?, high?)
            }
        })
    }
}

fn closed(look: Look, first: Term, last: Term) -> Window {
    Window { look, first: Some(first), last: Some(last), cut: false }
}

/// `between 1 month and 5 months before …`, where it was written the other way round
fn in_order(relation: &Relation) -> Option<String> {
    let (low, high, after) = match relation {
        Relation::BetweenDurations { low, high, direction, anchor } => {
            let word = if *direction == Direction::Before { "before" } else { "after" };
            (low, high, format!(" {word} {}", written(anchor)))
        }
        Relation::BetweenDates { low, high } => (low, high, String::new()),
        _ => return None,
    };
    Some(format!("between {} and {}{after}", written(high), written(low)))
}

fn look(edge: Option<Edge>) -> Look {
    match edge {
        None => Look::Overlap,
        Some(Edge::Starting) => Look::Start,
        Some(Edge::Ending) => Look::End,
    }
}

/// On a single date a window is a condition, unknown when a date is missing.
fn holds_on(day: &Term, window: Window) -> Term {
    let side = |bound: Option<Term>, comparison| {
        bound.map(|bound| day.clone().compared(comparison, bound))
    };
    let after = side(window.first, Comparison::GreaterOrEqual);
    let before = side(window.last, Comparison::LessOrEqual);
    match (after, before) {
        (Some(after), Some(before)) => after.and(before),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => Term::Truth(Some(true)),
    }
}
