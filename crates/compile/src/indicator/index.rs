//! `index`: several indicators as one number from 0 to 100.
//!
//! ```text
//! indicator housing_situation {
//!   index: {
//!     stably_housed:   { weight: 2, range: 0% .. 100% }
//!     nights_homeless: { weight: 1, range: 365 .. 0 }
//!   }
//! }
//! ```
//!
//! A range goes from the worst, which is 0 points, to the best, which is 100. In between the
//! points lie on the straight line, beyond an end they are those of the end, and the result says
//! so. The index is the mean of the points by weight: min-max normalisation and linear aggregation
//! as in OECD and JRC, "Handbook on Constructing Composite Indicators: Methodology and User Guide"
//! (2008). It is empty when one of its indicators is: leaving that out would make the index mean
//! something else.
//!
//! The indicators are figures of the same cell, totals too: an index is never averaged. Its
//! unknown are those of all its indicators, who is unknown to two counts twice.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{Expr, Key, MapRow};

use super::{Better, Figure, Indicator, Kind, Measure, Part, ratio};
use crate::catalog::Unit;
use crate::check::Checker;
use crate::problems;
use crate::shape::{self, Clauses};
use crate::target_group::{Among, Step};
use crate::term::Term;

pub(super) const KIND: Kind = Kind {
    name: "index",
    summary: "several indicators as one number from 0 to 100",
    clauses: &[],
    check,
};

/// What may be said of each indicator.
const OF_EACH: &[&str] = &["range", "weight"];

/// Points of the best.
const BEST: f64 = 100.0;

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let expr = clauses.wanted("index", &mut checker.problems)?;
    let rows = match &expr.item {
        Expr::Map(rows) if !rows.is_empty() => rows,
        _ => {
            let wanted = "indicators with their ranges: `{ reach: { range: 0 .. 500 } }`";
            return checker.note(problems::wrong_expr(wanted, expr));
        }
    };
    let mut seen: Vec<(&Spanned<Key>, &str)> = Vec::new();
    let mut parts = Vec::new();
    for row in rows {
        let Key::Word(name) = &row.key.item else {
            let found = format!("`{}`", shape::key_text(&row.key.item));
            let problem = problems::wrong_type("the name of an indicator", &found, row.key.span);
            checker.problems.push(problem);
            parts.push(None);
            continue;
        };
        if let Some((first, _)) = seen.iter().find(|(_, other)| other == name) {
            checker.problems.push(problems::key_twice(name, row.key.span, first.span));
            parts.push(None);
        } else {
            seen.push((&row.key, name));
            parts.push(component(checker, name, row));
        }
    }
    let parts: Vec<Component> = parts.into_iter().collect::<Option<_>>()?;
    let subject = &parts.first()?.measure.indicator.among().subject;
    for (part, row) in parts.iter().zip(rows) {
        let other = &part.measure.indicator.among().subject;
        if other != subject {
            let (name, span) = (&part.measure.name, row.key.span);
            return checker.note(problems::other_subject(name, other, subject, span));
        }
    }
    let among = Among::everyone(subject);
    Some(Box::new(Index { among, parts }))
}

/// `nights_homeless: { weight: 1, range: 365 .. 0 }`
fn component(checker: &mut Checker<'_>, name: &str, row: &MapRow) -> Option<Component> {
    let span = row.key.span;
    let measure = ratio::named(checker, &Spanned::new(name.to_owned(), span));
    let Expr::Map(said) = &row.value.item else {
        let wanted = "`{ weight: …, range: … }`";
        return checker.note(problems::wrong_expr(wanted, &row.value));
    };
    let (mut range, mut weight) = (None, None);
    let mut sound = true;
    for clause in said {
        let label = shape::key_text(&clause.key.item);
        let place = match label.as_str() {
            "range" => &mut range,
            "weight" => &mut weight,
            _ => {
                let at = clause.key.span;
                checker.problems.push(problems::unknown_clause("index", &label, at, OF_EACH));
                sound = false;
                continue;
            }
        };
        if let Some((_, first)) = place {
            checker.problems.push(problems::clause_twice(&label, clause.key.span, *first));
            sound = false;
        } else {
            *place = Some((&clause.value, clause.key.span));
        }
    }
    let weight = weight.map_or(Some(1.0), |(expr, _)| self::weight(checker, expr));
    let Some((range, _)) = range else {
        let wanted = "a range from the worst to the best: `range: … .. …`";
        return checker.note(problems::missing_clause(name, wanted, span));
    };
    let measure = measure?;
    let (worst, best) = self::range(checker, &measure, range)?;
    let weight = weight.filter(|_| sound)?;
    let width = measure.parts(&Term::Truth(Some(true))).len();
    let range = written(range);
    Some(Component { measure, weight, worst, best, range, width })
}

fn weight(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<f64> {
    match checker.amount(None, expr)? {
        weight if weight > 0.0 && weight.is_finite() => Some(weight),
        _ => checker.note(problems::wrong_expr("a weight above 0", expr)),
    }
}

/// The worst and the best, which must agree with what `better:` says of the indicator.
fn range(checker: &mut Checker<'_>, measure: &Measure, expr: &Spanned<Expr>) -> Option<(f64, f64)> {
    let wanted = "a range from the worst to the best, such as `365 .. 0`,";
    let Expr::Range { from, to } = &expr.item else {
        return checker.note(problems::wrong_expr(wanted, expr));
    };
    let unit = measure.indicator.unit();
    let (worst, best) = (checker.amount(unit.as_ref(), from), checker.amount(unit.as_ref(), to));
    let (worst, best) = (worst?, best?);
    let turned = match measure.better {
        Some(Better::Higher) => worst > best,
        Some(Better::Lower) => worst < best,
        None => false,
    };
    match worst.partial_cmp(&best) {
        Some(std::cmp::Ordering::Less | std::cmp::Ordering::Greater) if turned => {
            let word = if worst > best { "higher" } else { "lower" };
            checker.note(problems::range_turned(&measure.name, word, expr.span))
        }
        Some(std::cmp::Ordering::Less | std::cmp::Ordering::Greater) => Some((worst, best)),
        _ => checker.note(problems::wrong_type(wanted, "a range of one number", expr.span)),
    }
}

/// A range as its author wrote it.
fn written(expr: &Spanned<Expr>) -> String {
    match &expr.item {
        Expr::Range { from, to } => format!("{} .. {}", written(from), written(to)),
        Expr::Parenthesised(inner) => written(inner),
        Expr::Negative(inner) => format!("-{}", written(inner)),
        Expr::Number(digits) | Expr::Period(digits) => digits.clone(),
        Expr::Quantity { number, unit } if unit.item == "%" => format!("{number}%"),
        Expr::Quantity { number, unit } => format!("{number} {}", unit.item),
        _ => String::new(),
    }
}

/// One indicator of an index.
#[derive(Debug)]
struct Component {
    measure: Measure,
    weight: f64,
    worst: f64,
    best: f64,
    /// `0% .. 100%`
    range: String,
    /// How many parts belong to it.
    width: usize,
}

impl Component {
    /// Points from 0 to 100, and whether the figure lies beyond the range.
    fn points(&self, value: f64) -> (f64, bool) {
        let points = (value - self.worst) / (self.best - self.worst) * BEST;
        let inside = points.clamp(0.0, BEST);
        // What only rounding puts beyond the range is no news to a reader.
        (inside, (points - inside).abs() > 1e-9)
    }
}

#[derive(Debug)]
struct Index {
    among: Among,
    parts: Vec<Component>,
}

impl Indicator for Index {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let of = |part: &Component| {
            let among = part.measure.indicator.among().condition();
            part.measure.parts(&among.and(people.clone()))
        };
        self.parts.iter().flat_map(of).collect()
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let mut figure = Figure::default();
        let (mut total, mut weights, mut missing) = (0.0, 0.0, Vec::new());
        let mut rest = parts;
        for part in &self.parts {
            let (own, others) = rest.split_at(rest.len().min(part.width));
            rest = others;
            let found = part.measure.made(own);
            figure.unknown += found.unknown;
            figure.not_yet += found.not_yet;
            figure.sizes.extend(found.people());
            figure.remarks.extend(part.measure.named(found.remarks.clone()));
            let name = &part.measure.name;
            let Some(value) = found.value else {
                missing.push(format!("`{name}`"));
                continue;
            };
            let (points, is_beyond) = part.points(value);
            total += part.weight * points;
            weights += part.weight;
            figure.further.push((format!("{name}_points"), points));
            if is_beyond {
                figure.remarks.push(format!(
                    "`{name}` lies beyond its range {} in places, and counts as the end of the \
                     range.",
                    part.range
                ));
            }
        }
        if missing.is_empty() {
            figure.value = Some(total / weights);
        } else {
            let which = missing.join(" and ");
            figure
                .remarks
                .push(format!("An index is empty where {which} is: no part is left out."));
        }
        figure
    }

    fn unit(&self) -> Option<Unit> {
        None
    }

    fn steps(&self) -> Vec<Step> {
        Vec::new()
    }

    fn made_of(&self) -> Vec<&Measure> {
        self.parts.iter().map(|part| &part.measure).collect()
    }
}
