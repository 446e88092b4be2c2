//! semantics.md, "Figures": several figures as one number from 0 to 100.

use interplay_syntax::tree::{Expr, Key, MapRow};

use super::expression::number_of;
use super::figure::{Clauses, Figure};

/// One figure of an index.
#[derive(Debug)]
pub(super) struct Component<'a> {
    /// `nights_homeless`
    pub(super) measure: &'a str,
    weight: f64,
    worst: f64,
    best: f64,
}

/// `index: { nights_homeless: { weight: 1, range: 365 .. 0 } }`
pub(super) fn components<'a>(clauses: &Clauses<'a>) -> Option<Vec<Component<'a>>> {
    let expr: &'a Expr = clauses.get("index")?;
    let Expr::Map(rows) = expr else { panic!("an index is a table") };
    Some(rows.iter().map(component).collect())
}

fn component(row: &MapRow) -> Component<'_> {
    let (Key::Word(measure), Expr::Map(said)) = (&row.key.item, &row.value.item) else {
        panic!("an index names its figures");
    };
    let mut component = Component { measure, weight: 1.0, worst: f64::NAN, best: f64::NAN };
    for clause in said {
        match (&clause.key.item, &clause.value.item) {
            (Key::Word(label), weight) if label == "weight" => component.weight = number(weight),
            (Key::Word(label), Expr::Range { from, to }) if label == "range" => {
                (component.worst, component.best) = (number(&from.item), number(&to.item));
            }
            other => panic!("the oracle does not know {other:?} of an index"),
        }
    }
    component
}

/// `365`, `-2.5`, `42%`
pub(super) fn number(expr: &Expr) -> f64 {
    match expr {
        Expr::Number(digits) | Expr::Period(digits) => number_of(digits),
        Expr::Quantity { number, unit } if unit.item == "%" => number_of(number) / 100.0,
        Expr::Quantity { number, .. } => number_of(number),
        Expr::Negative(inner) => -number(&inner.item),
        other => panic!("the oracle needs a number, not {other:?}"),
    }
}

/// The mean of the points by weight; missing when one figure is.
pub(super) fn figure(components: &[Component<'_>], figures: &[Figure]) -> Figure {
    let mut figure = Figure::default();
    let mut points = Vec::new();
    for (part, found) in components.iter().zip(figures) {
        figure.unknown += found.unknown;
        if let Some(value) = found.value {
            let way = (value - part.worst) / (part.best - part.worst);
            let own = 100.0 * way.clamp(0.0, 1.0);
            figure.further.insert(format!("{}_points", part.measure), own);
            points.push(own * part.weight);
        }
    }
    if points.len() == components.len() {
        let weights: f64 = components.iter().map(|part| part.weight).sum();
        figure.value = Some(points.iter().sum::<f64>() / weights);
    }
    figure
}
