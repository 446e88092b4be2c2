//! `share`: the part of the people for whom something holds.
//!
//! ```text
//! indicator stably_housed {
//!   among:   homeless_youth where intake.day during period
//!   share:   any (stay as of 6 months after intake.day where place is housed)
//!   unknown: no stay overlapping 5 months after intake.day .. 7 months after intake.day
//! }
//! ```
//!
//! `exclude: C` takes those for whom C is true out of the people. `except: C` takes those out for
//! whom C is true and who are not in the numerator: of them the share asks nothing, and what they
//! reached all the same still counts.
//!
//! `weight: F` weighs each of the people; see `weight`.
//!
//! Those of whom it is unknown are in neither count; the bounds say what the share would be if
//! all of them failed, and if all succeeded. Over nobody it is empty.
//!
//! Of whom a window of time is not over on the data date, what comes early is known and what comes
//! late is not: the share leans one way then, and a remark says so.
//!
//! The 95 % interval is the score interval: E. B. Wilson, "Probable inference, the law of
//! succession, and statistical inference", Journal of the American Statistical Association 22
//! (1927).

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::weight::{self, Weight};
use super::{Figure, Indicator, Kind, Part, Sample, Told, counted, open};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::shape::Clauses;
use crate::statistics::wilson;
use crate::target_group::{self, Among, Step};
use crate::term::Term;

pub(super) const KIND: Kind = Kind {
    name: "share",
    summary: "the part of the people for whom a condition holds",
    clauses: &["among", "except", "exclude", "unknown", "unknown_counts_as", "weight"],
    check,
};

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let among = clauses.wanted("among", &mut checker.problems);
    let expr = clauses.wanted("share", &mut checker.problems);
    let unknown_at = clauses.expression("unknown", &mut checker.problems);
    let counts_as = clauses.word("unknown_counts_as", &["no"], &mut checker.problems);
    if clauses.has("unknown_counts_as") && counts_as.is_none() {
        return None;
    }
    let mut among = target_group::among_rows(checker, among?)?;
    let scope = among.scope();
    let holds = checker.condition(&scope, expr?);
    let asked = optional(checker, &scope, unknown_at);
    let excluded = clause(checker, &scope, clauses, "exclude");
    let excepted = clause(checker, &scope, clauses, "except");
    let weight = weight::read(checker, &scope, clauses);
    let (asked, mut condition, weight) = (asked?, holds?, weight?);
    // What is asked of those of whom the share is not unknown anyway.
    let mut last = condition.clone();
    let unknown_where = |asked: Term, otherwise: Term| Term::Choose {
        rows: vec![(asked, Term::Truth(None))],
        otherwise: Box::new(otherwise),
    };
    let mut steps = Vec::new();
    if let (Some(asked), Some(expr)) = (asked, unknown_at) {
        let span = clauses.span("unknown").map_or(expr.span, |label| label.to(expr.span));
        let all = Term::Truth(Some(true));
        let of = vec![expr.clone()];
        steps.push(Step { span, condition: unknown_where(asked.clone(), all), of });
        // Asked first: where it is true the condition is unknown, whatever the rows say.
        condition = unknown_where(asked, condition);
    }
    let counted_as_no = counts_as.is_some().then(|| condition.clone());
    if counts_as.is_some() {
        condition = Term::IsTrue(Box::new(condition));
        last = condition.clone();
        steps.clear();
    }
    if let Some(weight) = &weight {
        (condition, last) = (weight.known(condition), weight.known(last));
    }
    let weighed = clauses.expression("weight", &mut Vec::new());
    let of = expr.into_iter().chain(weighed).cloned().collect();
    steps.push(Step { span: expr?.span, condition: last, of });
    if let Some(Step { span, condition, of }) = excluded? {
        among.steps.push(Step { span, condition: stays(condition), of });
    }
    if let Some(Step { span, condition: excepted, of }) = excepted? {
        let reached = Term::IsTrue(Box::new(condition.clone()));
        among.steps.push(Step { span, condition: reached.or(stays(excepted)), of });
    }
    Some(Box::new(Share { among, condition, counted_as_no, weight, steps }))
}

/// A condition that may be left away; the outer none means that a problem is noted.
#[expect(clippy::option_option, reason = "a clause may be left away, or have a problem")]
fn optional(
    checker: &mut Checker<'_>,
    scope: &Scope,
    expr: Option<&Spanned<Expr>>,
) -> Option<Option<Term>> {
    expr.map_or(Some(None), |expr| checker.condition(scope, expr).map(Some))
}

/// The condition after `label:`, with all of the clause as its place.
#[expect(clippy::option_option, reason = "a clause may be left away, or have a problem")]
fn clause(
    checker: &mut Checker<'_>,
    scope: &Scope,
    clauses: &Clauses<'_>,
    label: &str,
) -> Option<Option<Step>> {
    let expr = clauses.expression(label, &mut checker.problems);
    let Some(span) = clauses.span(label) else { return Some(None) };
    let condition = checker.condition(scope, expr?)?;
    Some(Some(Step { span: span.to(expr?.span), condition, of: vec![expr?.clone()] }))
}

/// Who stays when those for whom `condition` is true are taken out: the unknown too.
fn stays(condition: Term) -> Term {
    Term::IsTrue(Box::new(condition)).negated()
}

#[derive(Debug)]
struct Share {
    among: Among,
    condition: Term,
    /// What is asked where the unknown counts as no.
    counted_as_no: Option<Term>,
    weight: Option<Weight>,
    /// `unknown:` and the condition, for `explain`.
    steps: Vec<Step>,
}

impl Share {
    /// The same by weight; the sizes stay as they are. `parts` are the weights of those who hold,
    /// of the known, their squares, and of the unknown.
    fn weighted(&self, parts: &[Option<f64>], figure: Figure) -> Figure {
        let (holds, known, open) =
            (counted(parts.first()), counted(parts.get(1)), counted(parts.get(3)));
        let size = weight::effective(parts.get(1), parts.get(2));
        let share = (known > 0.0).then(|| holds / known);
        let all = known + open;
        let sample = share.and_then(|share| Sample::share(share * size, size));
        Figure {
            value: share,
            bounds: (all > 0.0).then(|| (holds / all, (holds + open) / all)),
            interval: share.and_then(|share| wilson(share * size, size)).unzip(),
            sample,
            further: share.map(|_| (weight::EFFECTIVE.to_owned(), size)).into_iter().collect(),
            remarks: figure.remarks.iter().cloned().chain([weight::REMARK.to_owned()]).collect(),
            ..figure
        }
    }
}

impl Indicator for Share {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let holds = Term::IsTrue(Box::new(self.condition.clone()));
        let unknown = Term::IsUnknown(Box::new(self.condition.clone()));
        let fails = Term::IsTrue(Box::new(self.condition.clone().negated()));
        let mut parts = vec![
            Part::Count(people.clone().and(holds.clone())),
            Part::Count(people.clone().and(unknown.clone().negated())),
            Part::Count(people.clone().and(unknown.clone())),
        ];
        // How few subjects fail does not follow from how many rows hold, and is asked for.
        parts.extend(self.among.rows.is_some().then(|| Part::Count(people.clone().and(fails))));
        if let Some(weight) = &self.weight {
            let of = |condition: &Term| people.clone().and(condition.clone());
            parts.push(weight.sum(of(&holds)));
            parts.push(weight.sum(of(&unknown.clone().negated())));
            parts.push(weight.squares(of(&unknown.clone().negated())));
            parts.push(weight.sum(of(&unknown)));
        }
        parts
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let numerator = counted(parts.first());
        let denominator = counted(parts.get(1));
        let unknown = counted(parts.get(2));
        let all = denominator + unknown;
        let figure = Figure {
            value: (denominator > 0.0).then(|| numerator / denominator),
            numerator: Some(numerator),
            denominator: Some(denominator),
            unknown,
            bounds: (all > 0.0).then(|| (numerator / all, (numerator + unknown) / all)),
            interval: wilson(numerator, denominator).unzip(),
            sample: Sample::share(numerator, denominator),
            ..Figure::default()
        };
        if self.weight.is_none() {
            return figure;
        }
        let before = 3 + usize::from(self.among.rows.is_some());
        self.weighted(parts.get(before..).unwrap_or_default(), figure)
    }

    fn told(&self, people: &Term) -> Told {
        let known = Term::IsUnknown(Box::new(self.condition.clone())).negated();
        let holds = Term::IsTrue(Box::new(self.condition.clone()));
        let unknown = people.clone().and(Term::IsUnknown(Box::new(self.condition.clone())));
        let over = Told::over(people, &known);
        let numerator = Some(people.clone().and(holds));
        Told { numerator, unknown: Some(unknown), ..over }
    }

    fn open(&self, people: &Term) -> Option<Part> {
        open::of_unknown(&self.condition, people, &self.among)
    }

    fn counted_as_no(&self) -> Option<&Term> {
        self.counted_as_no.as_ref()
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::plain("%"))
    }

    fn steps(&self) -> Vec<Step> {
        self.steps.clone()
    }
}
