//! `timezone: "Europe/Brussels"`: by whose clock moments are told.

use chrono_tz::Tz;
use interplay_diagnostic::Diagnostic;
use interplay_syntax::tree::Expr;

use crate::catalog::{FieldType, MapExpr, Mapping, Record};
use crate::instant;
use crate::problems::{moments, wrong_expr};
use crate::shape::Clauses;

/// The zone that the clause names, if there is a clause and such a zone.
pub(super) fn read(clauses: &Clauses<'_>, problems: &mut Vec<Diagnostic>) -> Option<Tz> {
    let expr = clauses.expression("timezone", problems)?;
    let Expr::Text(name) = &expr.item else {
        let wanted = "a time zone in quotes, such as `\"Europe/Brussels\"`,";
        problems.push(wrong_expr(wanted, expr));
        return None;
    };
    let zone = instant::zone(name);
    if zone.is_none() {
        let near = instant::nearest_zone(name);
        problems.push(moments::unknown_timezone(name, near, expr.span));
    }
    zone
}

/// The day of an instant follows from whose clock is looked at.
pub(super) fn needed(record: &Record, map: &[Mapping], problems: &mut Vec<Diagnostic>) {
    for mapping in map {
        let field = record.field(&mapping.field);
        let is_instant = field.is_some_and(|field| field.kind == FieldType::Instant);
        if is_instant && mapping.value.item != MapExpr::Missing {
            problems.push(moments::timezone_needed(&mapping.field, mapping.value.span));
            return;
        }
    }
}
