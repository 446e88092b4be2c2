//! `unit session = 45 min`, `unit EUR_2023 "Euros at the prices of 2023"`

use interplay_diagnostic::{Diagnostic, Spanned};
use interplay_syntax::tree::{self, Body, Expr};

use crate::catalog::{Catalog, DeclaredUnit};
use crate::problems;
use crate::shape::Headers;
use crate::units::{self, known_as};

/// Units with a length of their own, which is a fact.
const FACTS: [&str; 4] = ["days", "hours", "min", "weeks"];

/// Reads one unit; what it is made of is looked up when all are there.
pub(super) fn declare(
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> DeclaredUnit {
    let headers = Headers::read(declaration, false, |_| false, problems);
    let (name, span) = (declaration.name.item.text(), declaration.name.span);
    if name == "%" || FACTS.contains(&known_as(&name)) {
        problems.push(problems::unit_of_fact(&name, span));
    }
    let made_of = match &declaration.body {
        Some(Body::Expression(expr)) => made_of(expr, problems),
        Some(Body::Block(block)) => {
            let wanted = "what it is made of, as in `= 45 min`,";
            problems.push(problems::wrong_type(wanted, "a block", block.span));
            None
        }
        None => None,
    };
    DeclaredUnit { name, title: headers.title, made_of, span }
}

/// `45 min`
fn made_of(expr: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<(f64, String)> {
    if let Expr::Quantity { number, unit } = &expr.item
        && unit.item != "%"
        && let Some(count) = number.parse().ok().filter(|count: &f64| *count > 0.0)
    {
        return Some((count, unit.item.clone()));
    }
    let wanted = "a number above 0 and a unit, such as `45 min`,";
    problems.push(problems::wrong_type(wanted, "something else", expr.span));
    None
}

/// Once all units are read: those they are made of are there, and none is made of itself.
pub(super) fn made_of_known(catalog: &mut Catalog, problems: &mut Vec<Diagnostic>) {
    let mut named = catalog.units.clone();
    for unit in named.values_mut() {
        if let Some((_, other)) = &mut unit.made_of {
            *other = catalog.unit_name(other);
        }
    }
    catalog.units = named;
    let circular = |name: &String| units::is_circular(&catalog.units, name);
    let names: Vec<String> = catalog.units.keys().filter(|name| circular(name)).cloned().collect();
    // What is wrong with one of them is wrong with all.
    for name in names {
        let again = units::is_circular(&catalog.units, &name);
        if let Some(unit) = catalog.units.get_mut(&name).filter(|_| again) {
            unit.made_of = None;
            problems.push(problems::unit_of_itself(&unit.name, unit.span));
        }
    }
}
