//! semantics.md, "Values": what an expression comes to.

use std::cmp::Ordering;

use chrono::NaiveDate;
use interplay_syntax::tree::{
    BinaryOperator, ChooseRow, Comparison, Direction, Expr, Quantifier, Timing,
};

use super::band;
use super::change;
use super::codebook::Shape;
use super::days;
use super::kind::Kind;
use super::level;
use super::once;
use super::partners::{self, ORGANISATION};
use super::scope::{Scope, field_of};
use super::selection::{every, record_of, select};
use super::time::{Duration, Period, age};
use super::timing::holds_on;
use super::units;
use super::value::{Truth, Value, and, not, or};

/// What `expr` comes to in `scope`.
pub(super) fn value<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Value<'a> {
    match expr {
        Expr::Number(digits) => Value::Number(number_of(digits)),
        Expr::Quantity { number, unit } => quantity(number, &unit.item),
        Expr::Text(text) => Value::Text(text.clone()),
        Expr::Date(text) => Value::date_or_missing(text.parse().ok()),
        Expr::Missing => Value::Missing,
        Expr::Unknown => Value::Truth(None),
        Expr::Name(name) => named(scope, name),
        Expr::Parenthesised(inner) => value(scope, &inner.item),
        Expr::Field { base, field } => field_value(scope, &base.item, &field.item),
        Expr::Call { function, arguments } if function.item == "band" => {
            let arguments: Vec<&Expr> = arguments.iter().map(|each| &each.value.item).collect();
            band::label(scope, &arguments)
        }
        Expr::Choose(rows) => choose(scope, rows),
        Expr::Binary { operator, left, right } => binary(scope, *operator, &left.item, &right.item),
        Expr::Not(inner) => Value::Truth(not(truth(scope, &inner.item))),
        Expr::Negative(inner) => {
            Value::number_or_missing(value(scope, &inner.item).number().map(|number| -number))
        }
        Expr::Compare { comparison, left, right } => {
            Value::Truth(compare(scope, &left.item, *comparison, &right.item))
        }
        Expr::Between { value, negated, low, high } => {
            let above = compare(scope, &value.item, Comparison::GreaterOrEqual, &low.item);
            let below = compare(scope, &value.item, Comparison::LessOrEqual, &high.item);
            Value::Truth(turned(and(above, below), *negated))
        }
        Expr::Is { left, negated, right } => {
            Value::Truth(turned(is(scope, &left.item, &right.item), *negated))
        }
        Expr::In { left, right, .. } if units::unit_word(scope.book, &right.item).is_some() => {
            units::in_unit(scope, &left.item, &right.item)
        }
        Expr::In { left, negated, right } => {
            Value::Truth(turned(is_in(scope, &left.item, &right.item), *negated))
        }
        Expr::Relative { duration: reach, direction, anchor } => {
            let anchor = date(scope, &anchor.item);
            let reach = duration(&reach.item);
            Value::date_or_missing(anchor.map(|anchor| match direction {
                Direction::Before => reach.before(anchor),
                Direction::After => reach.after(anchor),
                Direction::Around => panic!("`D of X` is no date"),
            }))
        }
        Expr::Of { word, operand, known_only } => of(scope, &word.item, &operand.item, *known_only),
        Expr::Quantified { quantifier, operand } => {
            quantified(scope, quantifier.item, &operand.item)
        }
        Expr::Best { operand, by } => select(scope, &operand.item).best(by),
        Expr::Timed { operand, timing } => timed(scope, &operand.item, &timing.item),
        Expr::Where { rows, condition } => {
            // `homeless_youth where gender is f`: both must hold. Rows alone are no value.
            let (one, other) = (truth(scope, &rows.item), truth(scope, &condition.item));
            Value::Truth(and(one, other))
        }
        other => panic!("the oracle does not know the value {other:?}"),
    }
}

/// What `expr` comes to as a condition.
pub(super) fn truth<'a>(scope: &Scope<'a>, expr: &'a Expr) -> Truth {
    value(scope, expr).truth()
}

/// What `expr` comes to as a date.
pub(super) fn date(scope: &Scope<'_>, expr: &Expr) -> Option<NaiveDate> {
    value(scope, expr).date()
}

/// The length that `expr` writes.
pub(super) fn duration(expr: &Expr) -> Duration {
    match expr {
        Expr::Quantity { number, unit } => Duration::of(number, &unit.item),
        Expr::Parenthesised(inner) => Some(duration(&inner.item)),
        _ => None,
    }
    .unwrap_or_else(|| panic!("the oracle needs a duration here, not {expr:?}"))
}

/// The period that `expr` writes, or `None` when a date in it is missing.
pub(super) fn period(scope: &Scope<'_>, expr: &Expr) -> Option<Period> {
    match expr {
        Expr::Name(name) if name == "period" => Some(scope.period),
        Expr::Name(name) if name == "previous period" => Some(scope.period.before()),
        Expr::Name(name) if name.starts_with("previous ") => {
            let kind = Kind::named(scope.book, name.trim_start_matches("previous "));
            kind.expect("a kind of period").before(scope.period.first)
        }
        Expr::LastPeriods { count, unit } => {
            let kind = Kind::named(scope.book, &unit.item).expect("a kind of period");
            kind.last_whole(number_of(&count.item), scope.data_date)
        }
        Expr::ToDate(unit) => {
            let kind = Kind::named(scope.book, &unit.item).expect("a kind of period");
            Some(Period { first: kind.around(scope.data_date)?.first, last: scope.data_date })
        }
        Expr::PeriodOf { kind, which } => {
            Kind::named(scope.book, &kind.item).expect("a kind of period").called(&which.item)
        }
        Expr::Of { word, operand, .. } if word.item.contains(' ') && word.item != "last day" => {
            let (unit, number) = word.item.split_once(' ').expect("a unit and its number");
            let kind = Kind::named(scope.book, unit).expect("a kind of period");
            kind.nth_in(number_of(number), period(scope, &operand.item)?)
        }
        Expr::Period(text) | Expr::Number(text) => Period::written(text),
        Expr::Parenthesised(inner) => period(scope, &inner.item),
        Expr::Range { from, to } => {
            let (from, to) = (period(scope, &from.item)?, period(scope, &to.item)?);
            Some(Period { first: from.first, last: to.last })
        }
        day => date(scope, day).map(Period::day),
    }
}

/// The word that stands there.
pub(super) fn name_of(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name,
        other => panic!("the oracle needs a name here, not {other:?}"),
    }
}

pub(super) fn number_of(digits: &str) -> f64 {
    digits.parse().unwrap_or_else(|_| panic!("`{digits}` is no number"))
}

/// `42%` is 0.42, `6 months` a duration, `30 min` a number whose unit the checker has compared.
fn quantity<'a>(number: &str, unit: &str) -> Value<'a> {
    match Duration::of(number, unit) {
        Some(duration) => Value::Duration(duration),
        None if unit == "%" => Value::Number(number_of(number) / 100.0),
        None => Value::Number(number_of(number)),
    }
}

/// A field, then a definition, then a target group, then a subject: everyone is a person.
pub(super) fn named<'a>(scope: &Scope<'a>, name: &str) -> Value<'a> {
    if let Some(value) = scope.field(name) {
        value
    } else if let Some(body) = scope.book.definitions.get(name) {
        value(&scope.outside(), body)
    } else if let Some(condition) = scope.book.groups.get(name) {
        Value::Truth(truth(&scope.outside(), condition))
    } else if scope.book.subjects.iter().any(|subject| subject == name) {
        Value::Truth(Some(true))
    } else {
        panic!("the oracle does not know `{name}`")
    }
}

/// `profile.gender`, `intake.day`, `(status as of start of period).value`: a field of nothing is
/// missing. `this.F` is asked one row further out.
fn field_value<'a>(scope: &Scope<'a>, base: &'a Expr, field: &str) -> Value<'a> {
    if *base == Expr::Name("this".to_owned()) {
        // The row around the one at hand, or else the subject.
        let mut around = scope.clone();
        around.rows.pop();
        return named(&around, field);
    }
    match reference(scope, base) {
        Value::Subject { kind, name } => return named(&scope.of_other(&kind, &name), field),
        Value::Code { list, code } if list == ORGANISATION => {
            let fact = partners::fact(scope.book, &code, field);
            return fact.unwrap_or_else(|| panic!("no fact `{field}` of organisations"));
        }
        _ => {}
    }
    let row = match record_of(scope.book, base) {
        Some(record) if matches!(record.shape, Shape::Once(_)) => {
            return once::field(scope, record, field);
        }
        Some(_) => select(scope, base).last(),
        None => value(scope, base),
    };
    match row {
        Value::Row(Some((record, row))) => field_of(record, row, field),
        // What is asked of nobody is missing; a condition is unknown.
        Value::Row(None) | Value::Missing | Value::Unknown
            if scope.book.groups.contains_key(field) =>
        {
            Value::Truth(None)
        }
        Value::Row(None) | Value::Missing | Value::Unknown => Value::Missing,
        other => panic!("`{field}` is asked of {other:?}"),
    }
}

/// The subject to whom `base` refers, if it is a reference at all: a field of a row or of a
/// once-record, or what another subject says.
pub(super) fn reference<'a>(scope: &Scope<'a>, base: &'a Expr) -> Value<'a> {
    match base {
        Expr::Name(name) => scope.field(name).unwrap_or(Value::Missing),
        Expr::Parenthesised(inner) => reference(scope, &inner.item),
        Expr::Field { base, field } => field_value(scope, &base.item, &field.item),
        _ => Value::Missing,
    }
}

/// The first row whose condition is true; none and no `else` is missing.
fn choose<'a>(scope: &Scope<'a>, rows: &'a [ChooseRow]) -> Value<'a> {
    let matches = |row: &&'a ChooseRow| match &row.condition {
        Some(condition) => truth(scope, &condition.item) == Some(true),
        None => true,
    };
    match rows.iter().find(matches).map(|row| value(scope, &row.value.item)) {
        Some(Value::Unknown) | None => Value::Missing,
        Some(value) => value,
    }
}

fn binary<'a>(
    scope: &Scope<'a>,
    operator: BinaryOperator,
    left: &'a Expr,
    right: &'a Expr,
) -> Value<'a> {
    let (left, right) = (value(scope, left), value(scope, right));
    match operator {
        BinaryOperator::Or => Value::Truth(or(left.truth(), right.truth())),
        BinaryOperator::And => Value::Truth(and(left.truth(), right.truth())),
        BinaryOperator::Add => match (left, right) {
            (Value::Date(day), Value::Duration(reach))
            | (Value::Duration(reach), Value::Date(day)) => Value::Date(reach.after(day)),
            (left, right) => arithmetic(&left, &right, |left, right| Some(left + right)),
        },
        BinaryOperator::Subtract => match (left, right) {
            (Value::Date(day), Value::Duration(reach)) => Value::Date(reach.before(day)),
            (Value::Date(later), Value::Date(earlier)) => {
                Value::Number(days_between(earlier, later))
            }
            (left, right) => arithmetic(&left, &right, |left, right| Some(left - right)),
        },
        BinaryOperator::Multiply => arithmetic(&left, &right, |left, right| Some(left * right)),
        BinaryOperator::Divide => {
            arithmetic(&left, &right, |left, right| (right != 0.0).then_some(left / right))
        }
        BinaryOperator::Union | BinaryOperator::Minus | BinaryOperator::Intersect => {
            let (Value::Days(left), Value::Days(right)) = (left, right) else {
                panic!("the oracle needs two sets of days")
            };
            Value::Days(days::join(operator, left, right))
        }
    }
}

fn days_between(earlier: NaiveDate, later: NaiveDate) -> f64 {
    i32::try_from((later - earlier).num_days()).map_or(f64::INFINITY, f64::from)
}

/// Two numbers, or missing when one of them is.
fn arithmetic<'a>(
    left: &Value<'_>,
    right: &Value<'_>,
    calculate: fn(f64, f64) -> Option<f64>,
) -> Value<'a> {
    // A missing date or duration has no number either, so this is asked first.
    if left.has_none() || right.has_none() {
        return Value::Missing;
    }
    let numbers = left.number().zip(right.number());
    Value::number_or_missing(numbers.and_then(|(left, right)| calculate(left, right)))
}

/// Unknown when a side is missing, and when what may still change can turn it.
fn compare(scope: &Scope<'_>, left: &Expr, comparison: Comparison, right: &Expr) -> Truth {
    let holds = |ordering: Ordering| match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
    };
    let mut answers = change::orderings(scope, left, right).into_iter().map(holds);
    let first = answers.next()?;
    answers.all(|answer| answer == first).then_some(first)
}

fn turned(truth: Truth, is_negated: bool) -> Truth {
    if is_negated { not(truth) } else { truth }
}

/// Whether `expr` is a field, and not a condition: that it is missing says that it is not unknown.
fn is_field(scope: &Scope<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::Parenthesised(inner) => is_field(scope, &inner.item),
        Expr::Name(name) => match scope.book.definitions.get(name) {
            Some(body) if scope.field(name).is_none() => is_field(scope, body),
            _ => scope.field(name).is_some(),
        },
        Expr::Field { .. } => true,
        _ => false,
    }
}

/// `x is missing` is never unknown; `x is emergency` compares codes. A condition that `choose`
/// leaves missing is unknown.
fn is(scope: &Scope<'_>, left: &Expr, right: &Expr) -> Truth {
    let is_open = *right == Expr::Unknown && !is_field(scope, left);
    let left = value(scope, left);
    match right {
        Expr::Unknown if is_open && left.is_missing() => Some(true),
        Expr::Missing => Some(left.is_missing()),
        Expr::Unknown => Some(matches!(left, Value::Unknown | Value::Truth(None))),
        right => same_code(scope, &left, right),
    }
}

/// `x in homeless`, `x in (emergency, temporary)`: unknown with x missing.
fn is_in<'a>(scope: &Scope<'a>, left: &'a Expr, right: &'a Expr) -> Truth {
    let (operand, tree_of) = level::taken_apart(left);
    let left = value(scope, operand);
    let one = |right: &Expr| match (&left, right) {
        (Value::Code { list, code }, Expr::Name(name)) => match scope.book.codes.get(list) {
            Some(list) if !list.levels.is_empty() => {
                let day = level::day(scope, tree_of, operand);
                let only = vec![name.clone()];
                let codes = list.groups.get(name).unwrap_or(&only);
                let asked = codes.iter().map(|other| level::lies_in(list, code, other, day));
                asked.reduce(or).unwrap_or(Some(false))
            }
            _ => same_code(scope, &left, right),
        },
        _ => same_code(scope, &left, right),
    };
    match right {
        Expr::List(items) => {
            let asked = items.iter().map(|item| one(&item.item));
            asked.reduce(or).unwrap_or(Some(false))
        }
        Expr::Parenthesised(inner) => one(&inner.item),
        right => one(right),
    }
}

/// A word is first a code of the left side's list, then a group of it, and else a value.
fn same_code(scope: &Scope<'_>, left: &Value<'_>, right: &Expr) -> Truth {
    if let Value::Subject { .. } = left {
        return Some(left.compare(&value(scope, right))?.is_eq());
    }
    let (list, code) = match left {
        Value::Code { list, code } => (list, code),
        Value::Missing => return None,
        other => panic!("the oracle needs a code here, not {other:?}"),
    };
    if let Expr::Name(word) = right {
        let declared = scope.book.codes.get(list);
        let is_organisation = list == "organisation" && scope.book.organisations.contains(word);
        if is_organisation || declared.is_some_and(|list| list.codes.contains(word)) {
            return Some(code == word);
        }
        if let Some(group) = declared.and_then(|list| list.groups.get(word)) {
            return Some(group.contains(code));
        }
    }
    match value(scope, right) {
        Value::Code { code: other, .. } => Some(*code == other),
        Value::Missing => None,
        other => panic!("the oracle needs a code here, not {other:?}"),
    }
}

fn of<'a>(scope: &Scope<'a>, word: &str, operand: &'a Expr, known_only: bool) -> Value<'a> {
    match word {
        "start" => Value::date_or_missing(period(scope, operand).map(|period| period.first)),
        "end" | "last day" => {
            Value::date_or_missing(period(scope, operand).map(|period| period.last))
        }
        "count" => Value::number_or_missing(select(scope, operand).count()),
        "nights" | "days" => Value::Days(days::of(scope, word, operand)),
        "organisations" => Value::number_or_missing(select(scope, operand).organisations()),
        "sum" | "mean" | "min" | "max" => match operand {
            Expr::Of { word: field, operand: rows, known_only: also } => {
                let mut rows = select(scope, &rows.item);
                if known_only || *also {
                    rows = rows.with(&field.item);
                }
                match word {
                    "sum" => Value::number_or_missing(rows.sum(&field.item)),
                    "mean" => Value::number_or_missing(rows.mean(&field.item)),
                    "min" => rows.extreme(&field.item, Ordering::Less),
                    _ => rows.extreme(&field.item, Ordering::Greater),
                }
            }
            other => panic!("`{word} of` needs a field of rows, not {other:?}"),
        },
        other => panic!("the oracle does not know `{other} of`"),
    }
}

fn quantified<'a>(scope: &Scope<'a>, quantifier: Quantifier, operand: &'a Expr) -> Value<'a> {
    if quantifier == Quantifier::Every {
        return Value::Truth(every(scope, operand));
    }
    let selection = select(scope, operand);
    match quantifier {
        Quantifier::Any => Value::Truth(selection.any()),
        Quantifier::No => Value::Truth(selection.no()),
        Quantifier::First => selection.first(),
        Quantifier::Last => selection.last(),
        Quantifier::AnyOther => Value::Truth(selection.others(scope).any()),
        Quantifier::NoOther => Value::Truth(selection.others(scope).no()),
        Quantifier::The(number) => selection.nth(number),
        Quantifier::Every => unreachable!("it is answered above"),
    }
}

/// `age at D`, or a phrase on a single date: `intake.day during period`.
fn timed<'a>(scope: &Scope<'a>, operand: &'a Expr, timing: &'a Timing) -> Value<'a> {
    match (operand, timing) {
        (operand, Timing::AtLevel(level)) => {
            return level::lifted(scope, operand, &level.item, None);
        }
        (Expr::Timed { operand, timing }, Timing::AtTree(day)) => {
            let Timing::AtLevel(level) = &timing.item else {
                panic!("a level before `at tree of`")
            };
            return level::lifted(scope, &operand.item, &level.item, Some(&day.item));
        }
        _ => {}
    }
    if let (Expr::Name(name), Timing::At(point)) = (operand, timing)
        && name == "age"
    {
        let birth = scope.book.birth_field(scope.person.kind);
        let (record, field) = birth.expect("someone declares a date of birth");
        let birth = once::field(scope, record, field).date();
        let age = birth.zip(date(scope, &point.item)).and_then(|(birth, day)| age(birth, day));
        return Value::number_or_missing(age);
    }
    if let (Expr::Name(name), Timing::At(point)) = (operand, timing)
        && let Some(steps) = scope.book.parameters.get(name)
    {
        let day = date(scope, &point.item);
        let held = day.and_then(|day| steps.range(..=day).next_back());
        return Value::number_or_missing(held.map(|(_, value)| *value));
    }
    match value(scope, operand) {
        Value::Days(set) => Value::Days(days::within(scope, set, timing)),
        day => Value::Truth(holds_on(scope, day.date(), timing)),
    }
}
