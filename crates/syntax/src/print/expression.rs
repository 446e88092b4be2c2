//! Expressions as text.

use super::doc::Doc;
use crate::tree::{
    Argument, BinaryOperator, ChooseRow, Comparison, Direction, Edge, Expr, Key, MapRow,
    Quantifier, Relation, Timing, Word,
};
use crate::words::ordinal;
use interplay_diagnostic::Spanned;

/// `expr` with the places where its lines may break.
#[expect(clippy::too_many_lines, reason = "one arm a form")]
pub(super) fn expression(expr: &Expr) -> Doc {
    match expr {
        Expr::Number(as_written)
        | Expr::Date(as_written)
        | Expr::Period(as_written)
        | Expr::MonthDay(as_written)
        | Expr::Name(as_written) => Doc::text(as_written.clone()),
        Expr::Quantity { number, unit } if unit.item == "%" => Doc::text(format!("{number}%")),
        Expr::Quantity { number, unit } => Doc::text(format!("{number} {}", unit.item)),
        Expr::Text(said) => Doc::text(text(said)),
        Expr::Column(name) => Doc::text(format!("`{name}`")),
        Expr::Missing => Doc::text("missing"),
        Expr::Unknown => Doc::text("unknown"),
        Expr::Field { base, field } => {
            Doc::all(vec![sub(base), Doc::text(format!(".{}", field.item))])
        }
        Expr::Call { function, arguments } => {
            let open = format!("{}(", function.item);
            match arguments.as_slice() {
                [first @ .., last] if is_braced(last) => ending_in_braces(open, first, last),
                _ => bracketed(open, arguments.iter().map(argument).collect()),
            }
        }
        Expr::List(items) => bracketed("(".to_owned(), items.iter().map(sub).collect()),
        Expr::Parenthesised(inner) => bracketed("(".to_owned(), vec![sub(inner)]),
        Expr::Map(rows) => map(rows),
        Expr::Choose(rows) => choose(rows),
        Expr::Binary { operator, .. } => chain(expr, *operator),
        Expr::Not(operand) => Doc::all(vec![Doc::text("not "), sub(operand)]),
        Expr::Negative(operand) => Doc::all(vec![Doc::text("-"), sub(operand)]),
        Expr::Compare { comparison, left, right } => {
            infix(left, self::comparison(*comparison), right)
        }
        Expr::Is { left, negated: false, right } => infix(left, "is", right),
        Expr::Is { left, negated: true, right } => infix(left, "is not", right),
        Expr::In { left, negated: false, right } => infix(left, "in", right),
        Expr::In { left, negated: true, right } => infix(left, "not in", right),
        Expr::Between { value, negated, low, high } => {
            let word = if *negated { " not between " } else { " between " };
            Doc::all(vec![sub(value), Doc::text(word), sub(low), Doc::text(" and "), sub(high)])
        }
        Expr::Range { from, to } => infix(from, "..", to),
        Expr::Relative { duration, direction, anchor } => {
            infix(duration, self::direction(*direction), anchor)
        }
        Expr::ThePeriod { duration, direction, anchor } => {
            let period = infix(duration, self::direction(*direction), anchor);
            Doc::all(vec![Doc::text("the "), period])
        }
        Expr::LastPeriods { count, unit } => {
            Doc::text(format!("last {} {}", count.item, unit.item))
        }
        Expr::ToDate(unit) => Doc::text(format!("{} to date", unit.item)),
        Expr::PeriodOf { kind, which } => Doc::text(format!("{} {}", kind.item, which.item)),
        Expr::Of { word, operand, known_only } => Doc::all(vec![
            Doc::text(format!("{} of ", word.item)),
            sub(operand),
            Doc::text(if *known_only { " known only" } else { "" }),
        ]),
        Expr::Quantified { quantifier, operand } => Doc::all(vec![
            Doc::text(self::quantifier(quantifier.item)),
            Doc::text(" "),
            sub(operand),
        ]),
        Expr::Best { operand, by } => {
            let key = |field: &Word, descending: bool| {
                Doc::text(format!("{}{}", field.item, if descending { " descending" } else { "" }))
            };
            let keys = by.iter().map(|order| key(&order.field, order.descending)).collect();
            Doc::all(vec![
                Doc::text("best "),
                sub(operand),
                Doc::text(" by "),
                bracketed("(".to_owned(), keys),
            ])
        }
        Expr::Where { rows, condition } => {
            let condition = vec![Doc::place(false), Doc::text("where "), sub(condition)];
            Doc::Group(vec![sub(rows), Doc::Nest(condition)])
        }
        Expr::Timed { operand, timing } => {
            Doc::all(vec![sub(operand), Doc::text(" "), self::timing(&timing.item)])
        }
    }
}

fn sub(expr: &Spanned<Expr>) -> Doc {
    expression(&expr.item)
}

/// A text in quotation marks.
pub(super) fn text(said: &str) -> String {
    let mut printed = String::from('"');
    for letter in said.chars() {
        if matches!(letter, '"' | '\\') {
            printed.push('\\');
        }
        printed.push(letter);
    }
    printed.push('"');
    printed
}

/// What stands before a colon.
pub(super) fn key(key: &Key) -> String {
    match key {
        Key::Text(said) => text(said),
        Key::Number(as_written)
        | Key::Date(as_written)
        | Key::Period(as_written)
        | Key::Word(as_written) => as_written.clone(),
    }
}

fn infix(left: &Spanned<Expr>, word: &'static str, right: &Spanned<Expr>) -> Doc {
    let (left, right) = (expression(&left.item), expression(&right.item));
    Doc::all(vec![left, Doc::text(" "), Doc::text(word), Doc::text(" "), right])
}

/// Items between `open` and `)`, commas between them.
fn bracketed(open: String, items: Vec<Doc>) -> Doc {
    if items.is_empty() {
        return Doc::text(open + ")");
    }
    let mut inside = vec![Doc::Soft];
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            inside.extend([Doc::text(","), Doc::Line]);
        }
        inside.push(item);
    }
    Doc::Group(vec![Doc::text(open), Doc::Nest(inside), Doc::Soft, Doc::text(")")])
}

/// Whether an argument has braces of its own in which its lines may break.
fn is_braced(argument: &Argument) -> bool {
    argument.label.is_none() && matches!(argument.value.item, Expr::Map(_) | Expr::Choose(_))
}

/// Lines break in the braces of the last argument, and not around it.
fn ending_in_braces(open: String, first: &[Argument], last: &Argument) -> Doc {
    let mut parts = vec![Doc::text(open)];
    for before in first {
        parts.extend([argument(before), Doc::text(", ")]);
    }
    parts.extend([argument(last), Doc::text(")")]);
    Doc::all(parts)
}

fn argument(argument: &Argument) -> Doc {
    let value = expression(&argument.value.item);
    match &argument.label {
        None => value,
        Some(label) => Doc::all(vec![Doc::text(format!("{}: ", label.item)), value]),
    }
}

fn map(rows: &[MapRow]) -> Doc {
    if rows.is_empty() {
        return Doc::text("{}");
    }
    let mut inside = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        inside.extend((index > 0).then(|| Doc::text(",")));
        inside.push(Doc::place(false));
        inside.push(Doc::text(format!("{}: ", key(&row.key.item))));
        inside.push(expression(&row.value.item));
    }
    Doc::Group(vec![Doc::text("{"), Doc::Nest(inside), Doc::close(false), Doc::text("}")])
}

/// Up to two rows stand on one line if they fit; more never do.
fn choose(rows: &[ChooseRow]) -> Doc {
    let conditions: Vec<Doc> = rows
        .iter()
        .map(|row| {
            row.condition.as_ref().map_or(Doc::text("else"), |found| expression(&found.item))
        })
        .collect();
    let widths = conditions.iter().map(|found| found.flat().map_or(0, |text| text.chars().count()));
    let widest = widths.clone().filter(|width| *width <= 60).max().unwrap_or(0);
    let pads: Vec<usize> = widths.map(|width| widest.saturating_sub(width)).collect();
    let always = rows.len() > 2;
    let line = || Doc::place(always);
    let mut inside = Vec::new();
    for ((row, condition), pad) in rows.iter().zip(conditions).zip(pads) {
        // A line that begins with a sign would continue the row above it.
        let begins_with_sign = condition.flat().is_some_and(|text| text.starts_with('-'));
        if !inside.is_empty() {
            inside.push(if begins_with_sign { Doc::text(",") } else { Doc::Flat(",") });
        }
        inside.push(line());
        let pad = if always { " ".repeat(pad) } else { String::new() };
        let arrow = Doc::Nest(vec![Doc::Line, Doc::text("-> "), expression(&row.value.item)]);
        inside.push(Doc::Group(vec![condition, Doc::text(pad), arrow]));
    }
    Doc::Group(vec![Doc::text("choose {"), Doc::Nest(inside), Doc::close(always), Doc::text("}")])
}

/// `a and b and c`: breaks before each operator.
fn chain(expr: &Expr, operator: BinaryOperator) -> Doc {
    let mut operands = Vec::new();
    let mut first = expr;
    while let Expr::Binary { operator: found, left, right } = first {
        if *found != operator {
            break;
        }
        operands.push(right);
        first = &left.item;
    }
    let word = binary(operator);
    let mut rest = Vec::new();
    for operand in operands.into_iter().rev() {
        let is_joint = matches!(operator, BinaryOperator::And | BinaryOperator::Or);
        let line = if is_joint { Doc::place(false) } else { Doc::Line };
        rest.extend([line, Doc::text(word), Doc::text(" "), expression(&operand.item)]);
    }
    Doc::Group(vec![expression(first), Doc::Nest(rest)])
}

fn binary(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "or",
        BinaryOperator::And => "and",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Union => "union",
        BinaryOperator::Minus => "minus",
        BinaryOperator::Intersect => "intersect",
    }
}

fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::Greater => ">",
        Comparison::LessOrEqual => "<=",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Before => "before",
        Direction::After => "after",
        Direction::Around => "of",
    }
}

fn quantifier(quantifier: Quantifier) -> String {
    let word = match quantifier {
        Quantifier::Any => "any",
        Quantifier::AnyOther => "any other",
        Quantifier::No => "no",
        Quantifier::NoOther => "no other",
        Quantifier::Every => "every",
        Quantifier::First => "first",
        Quantifier::Last => "last",
        Quantifier::The(number) => return format!("the {}", ordinal(number)),
    };
    word.to_owned()
}

fn timing(timing: &Timing) -> Doc {
    let (words, point) = match timing {
        Timing::During(period) => ("during ", period),
        Timing::Overlapping(period) => ("overlapping ", period),
        Timing::Within(period) => ("within ", period),
        Timing::EdgeIn { edge, period } => {
            let words = vec![Doc::text(self::edge(*edge)), Doc::text("in "), sub(period)];
            return Doc::all(words);
        }
        Timing::Relation { edge: None, relation } => return self::relation(relation),
        Timing::Relation { edge: Some(edge), relation } => {
            return Doc::all(vec![Doc::text(self::edge(*edge)), self::relation(relation)]);
        }
        Timing::AsOf(date) => ("as of ", date),
        Timing::At(date) => ("at ", date),
        Timing::AtLevel(level) => return Doc::text(format!("at level {}", level.item)),
        Timing::AtTree(date) => ("at tree of ", date),
        Timing::From(date) => ("from ", date),
        Timing::Until(date) => ("until ", date),
    };
    Doc::all(vec![Doc::text(words), sub(point)])
}

fn edge(edge: Edge) -> &'static str {
    match edge {
        Edge::Starting => "starting ",
        Edge::Ending => "ending ",
    }
}

fn relation(relation: &Relation) -> Doc {
    let (word, date) = match relation {
        Relation::Before(date) => ("before ", date),
        Relation::After(date) => ("after ", date),
        Relation::OnOrBefore(date) => ("on or before ", date),
        Relation::OnOrAfter(date) => ("on or after ", date),
        Relation::Within { duration, direction, anchor } => {
            let reach = infix(duration, self::direction(*direction), anchor);
            return Doc::all(vec![Doc::text("within "), reach]);
        }
        Relation::BetweenDurations { low, high, direction, anchor } => {
            let reach = infix(high, self::direction(*direction), anchor);
            return Doc::all(vec![Doc::text("between "), sub(low), Doc::text(" and "), reach]);
        }
        Relation::BetweenDates { low, high } => {
            return Doc::all(vec![Doc::text("between "), infix(low, "and", high)]);
        }
    };
    Doc::all(vec![Doc::text(word), sub(date)])
}
