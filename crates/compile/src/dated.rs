//! Dated parameters: `poverty_line at start of period`.

use chrono::NaiveDate;
use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::Expr;

use crate::calendar::Period;
use crate::catalog::Parameter;
use crate::check::{Checker, Scope};
use crate::expression::Checked;
use crate::problems;
use crate::term::Term;
use crate::types::Type;

impl Checker<'_> {
    /// The parameter that a name means; a field of the same name is a second meaning.
    pub(crate) fn parameter_at(
        &mut self,
        scope: &Scope,
        (name, span): (&str, Span),
        at: &Spanned<Expr>,
    ) -> Option<Checked> {
        let parameter = self.catalog.parameters.get(name)?;
        let mut meanings = self.field_meanings(scope, name);
        if !meanings.is_empty() {
            meanings.push("the parameter of that name".to_owned());
            return self.note(problems::ambiguous_name(name, &meanings, span));
        }
        let day = self.date(scope, at)?;
        if !day.mentions_data_date() {
            // It is the same whatever the data date, so any does.
            let known = day.fixed_date(NaiveDate::MIN, None);
            self.has_value(parameter, known, at.span)?;
        }
        let steps = parameter.steps.iter().map(|(day, value)| (*day, value.to_bits())).collect();
        let term = Term::Dated { parameter: parameter.name.clone(), at: Box::new(day), steps };
        Some(Checked::Value(term, Type::Number(parameter.unit.clone())))
    }

    fn has_value(
        &mut self,
        parameter: &Parameter,
        day: Option<NaiveDate>,
        span: Span,
    ) -> Option<()> {
        match (day, parameter.steps.first()) {
            (Some(day), Some((first, _))) if day < *first => {
                self.note(problems::no_value_yet(&parameter.name, day, &parameter.steps, span))
            }
            _ => Some(()),
        }
    }

    /// Whether every parameter has a value where a query asks for it, as far as that is the same
    /// for everybody.
    pub(crate) fn values_known<'t>(
        &mut self,
        terms: impl IntoIterator<Item = &'t Term>,
        cells: &[Period],
        span: Span,
    ) -> Option<()> {
        let mut asked = Vec::new();
        for term in terms {
            dated(term, &mut asked);
        }
        for (name, at) in asked {
            let Some(parameter) = self.catalog.parameters.get(name) else { continue };
            if self.data_date.is_none() && at.mentions_data_date() {
                continue;
            }
            let data_date = self.data_date.unwrap_or(NaiveDate::MAX);
            for cell in cells {
                self.has_value(parameter, at.fixed_date(data_date, Some(*cell)), span)?;
            }
        }
        Some(())
    }

    /// Parameters asked at a date that differs from subject to subject, with the first day on
    /// which they have a value.
    pub(crate) fn asked_by_subject<'t>(
        &self,
        terms: impl IntoIterator<Item = &'t Term>,
    ) -> Vec<(String, NaiveDate)> {
        let mut asked = Vec::new();
        for term in terms {
            dated(term, &mut asked);
        }
        let day = NaiveDate::MIN;
        let cell = Period { first: day, last: day };
        asked.retain(|(_, at)| !at.is_fixed() && at.fixed_date(day, Some(cell)).is_none());
        let first = |name: &String| Some(self.catalog.parameters.get(name)?.steps.first()?.0);
        let mut found: Vec<(String, NaiveDate)> =
            asked.into_iter().filter_map(|(name, _)| Some((name.clone(), first(name)?))).collect();
        found.sort();
        found.dedup();
        found
    }
}

/// Every parameter in a term, with the date it is asked at.
fn dated<'t>(term: &'t Term, into: &mut Vec<(&'t String, &'t Term)>) {
    if let Term::Dated { parameter, at, .. } = term {
        into.push((parameter, at));
    }
    for child in term.children() {
        dated(child, into);
    }
}
