//! semantics.md, "What may still change": how many more or fewer there may come to be.

use std::cmp::Ordering;

use interplay_syntax::tree::{BinaryOperator, ChooseRow, Expr, Timing};

use super::expression::{period, reference, truth, value};
use super::scope::Scope;
use super::selection::{Selection, record_of, select};
use super::units;
use super::value::Value;

/// Which way a number, or a set of days, may still move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub grow: bool,
    pub shrink: bool,
}

impl Change {
    fn both(changes: bool) -> Self {
        Self { grow: changes, shrink: changes }
    }

    fn any(self) -> bool {
        self.grow || self.shrink
    }

    fn turned(self) -> Self {
        Self { grow: self.shrink, shrink: self.grow }
    }

    fn and(self, other: Self) -> Self {
        Self { grow: self.grow || other.grow, shrink: self.shrink || other.shrink }
    }

    /// Times a number that stands.
    fn times(self, factor: f64) -> Self {
        if factor < 0.0 {
            self.turned()
        } else if factor > 0.0 {
            self
        } else {
            Self::default()
        }
    }
}

/// How `left` may come to lie to `right`, once nothing changes any more.
pub(super) fn orderings(scope: &Scope<'_>, left: &Expr, right: &Expr) -> Vec<Ordering> {
    let (one, two) = (value(scope, left), value(scope, right));
    let Some(now) = one.compare(&two) else { return Vec::new() };
    let is_number = !matches!(one, Value::Date(_) | Value::Text(_) | Value::Code { .. });
    let difference = match is_number {
        true => change(scope, left).and(change(scope, right).turned()),
        false => Change::default(),
    };
    let mut all = vec![now];
    if difference.grow {
        all.extend([Ordering::Equal, Ordering::Greater].into_iter().filter(|it| *it > now));
    }
    if difference.shrink {
        all.extend([Ordering::Equal, Ordering::Less].into_iter().filter(|it| *it < now));
    }
    all
}

/// Which way what `expr` comes to may still move.
pub(super) fn change<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Change {
    match expr {
        Expr::Parenthesised(inner) => change(scope, &inner.item),
        Expr::Negative(inner) => change(scope, &inner.item).turned(),
        Expr::Name(name) => of_name(scope, name),
        Expr::Field { base, field } => of_field(scope, &base.item, &field.item),
        Expr::Choose(rows) => of_choice(scope, rows),
        Expr::In { left, right, .. } if units::unit_word(scope.book, &right.item).is_some() => {
            change(scope, &left.item)
        }
        Expr::Binary { operator, left, right } => of_two(scope, *operator, &left.item, &right.item),
        Expr::Of { word, operand, .. } => of_rows(scope, &word.item, &operand.item),
        Expr::Timed { operand, timing } => match &timing.item {
            Timing::Within(span) if is_set(&value(scope, &operand.item)) => {
                within(scope, change(scope, &operand.item), &span.item)
            }
            _ => Change::default(),
        },
        _ => Change::default(),
    }
}

fn is_set(value: &Value<'_>) -> bool {
    matches!(value, Value::Days(_))
}

/// A field of a row stands; a definition is as what it says.
fn of_name(scope: &Scope<'_>, name: &str) -> Change {
    match scope.book.definitions.get(name) {
        Some(body) if scope.field(name).is_none() => change(&scope.outside(), body),
        _ => Change::default(),
    }
}

fn of_field<'a>(scope: &Scope<'a>, base: &'a Expr, field: &str) -> Change {
    if *base == Expr::Name("this".to_owned()) {
        let mut around = scope.clone();
        around.rows.pop();
        return of_name(&around, field);
    }
    match reference(scope, base) {
        Value::Subject { kind, name } => of_name(&scope.of_other(&kind, &name), field),
        _ => Change::default(),
    }
}

/// That of the row that is chosen.
fn of_choice<'a>(scope: &Scope<'a>, rows: &'a [ChooseRow]) -> Change {
    let is_chosen = |row: &&'a ChooseRow| match &row.condition {
        Some(condition) => truth(scope, &condition.item) == Some(true),
        None => true,
    };
    let chosen = rows.iter().find(is_chosen);
    chosen.map_or_else(Change::default, |row| change(scope, &row.value.item))
}

fn of_two<'a>(
    scope: &Scope<'a>,
    operator: BinaryOperator,
    left: &'a Expr,
    right: &'a Expr,
) -> Change {
    if [left, right].into_iter().any(|side| matches!(value(scope, side), Value::Date(_))) {
        return Change::default(); // Days between dates that were found stand.
    }
    let (one, two) = (change(scope, left), change(scope, right));
    let number = |expr| value(scope, expr).number().unwrap_or(0.0);
    match operator {
        BinaryOperator::Add | BinaryOperator::Union | BinaryOperator::Intersect => one.and(two),
        BinaryOperator::Subtract | BinaryOperator::Minus => one.and(two.turned()),
        BinaryOperator::Multiply | BinaryOperator::Divide if !two.any() && one.any() => {
            one.times(number(right))
        }
        BinaryOperator::Multiply if !one.any() && two.any() => two.times(number(left)),
        BinaryOperator::Multiply | BinaryOperator::Divide => Change::both(one.any() || two.any()),
        BinaryOperator::And | BinaryOperator::Or => Change::default(),
    }
}

fn of_rows<'a>(scope: &Scope<'a>, word: &str, operand: &'a Expr) -> Change {
    match word {
        "count" | "organisations" => grows(&select(scope, operand)),
        "nights" | "days" => of_days(scope, operand),
        "sum" | "mean" | "min" | "max" => {
            let Expr::Of { operand: rows, .. } = operand else { return Change::default() };
            let may = grows(&select(scope, &rows.item));
            match word {
                "max" => may,
                "min" => may.turned(),
                _ => Change::both(may.any()),
            }
        }
        _ => Change::default(),
    }
}

/// More rows may come; of the last row as of a day, another one.
fn grows(rows: &Selection<'_>) -> Change {
    let more = rows.may_have_more();
    Change { grow: more, shrink: more && rows.holds_as_of }
}

/// `days of (A union B) within P`: as the days themselves are found.
fn of_days<'a>(scope: &Scope<'a>, operand: &'a Expr) -> Change {
    match operand {
        Expr::Parenthesised(inner) if record_of(scope.book, &inner.item).is_none() => {
            of_days(scope, &inner.item)
        }
        Expr::Binary { operator, left, right } => {
            let one = of_days(scope, &left.item);
            let two = of_days(scope, &right.item);
            one.and(if *operator == BinaryOperator::Minus { two.turned() } else { two })
        }
        rows if record_of(scope.book, rows).is_some() => grows(&select(scope, rows)),
        Expr::Timed { operand, timing } => match &timing.item {
            Timing::Within(span) => within(scope, of_days(scope, &operand.item), &span.item),
            other => panic!("{other:?} after a set of days"),
        },
        set => change(scope, set),
    }
}

/// Cut to a period that is not over, a set may grow.
fn within(scope: &Scope<'_>, set: Change, span: &Expr) -> Change {
    let open = period(scope, span).is_some_and(|period| period.last > scope.data_date);
    set.and(Change { grow: open, shrink: false })
}
