//! `goals`: Goal Attainment Scaling, the mean T-score over the people.
//!
//! ```text
//! indicator goal_attainment {
//!   among:  clients
//!   goals:  goal during period
//!   score:  score
//!   weight: importance
//! }
//! ```
//!
//! A goal is a row with a score from −2 to +2 (0 is the level that was expected) and a weight
//! above 0; without `weight:` every goal weighs 1. A subject's T is
//! 50 + 10·Σwx / √((1 − ρ)·Σw² + ρ·(Σw)²) with ρ = 0.3, the customary correlation between goals:
//! T. J. Kiresuk and R. E. Sherman, "Goal Attainment Scaling: a general method for evaluating
//! comprehensive community mental health programs", Community Mental Health Journal 4 (1968). T is
//! 50 when the goals were reached as expected, and no factor on all weights changes it.
//!
//! Who has no goal has no T, nor has who lacks a score or a weight, or has one outside its range:
//! they are unknown. Over nobody it is empty. `attained` is the part of the goals with a score of
//! 0 or more, `goals` how many goals there are, and `deviation` the standard deviation of T. The
//! numerator is how many people have a T of 50 or more, and `reached` their share. The 95 %
//! interval is that of a mean.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Figure, Indicator, Kind, OfOne, Part, Sample, Told, counted};
use crate::catalog::{FieldType, Unit};
use crate::check::{Checker, Scope};
use crate::problems;
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::{Aggregate, Comparison, Physical, Selection, Term};
use crate::types::Type;

pub(super) const KIND: Kind = Kind {
    name: "goals",
    summary: "goal attainment scaling: the mean T-score over the people",
    clauses: &["among", "score", "weight"],
    check,
};

/// T of somebody whose goals were reached as expected.
const EXPECTED: f64 = 50.0;

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let among = clauses.wanted("among", &mut checker.problems);
    let goals_at = clauses.wanted("goals", &mut checker.problems);
    let score_at = clauses.wanted("score", &mut checker.problems);
    let weight_at = clauses.expression("weight", &mut checker.problems);
    let among = target_group::among_subjects(checker, among?, KIND.name)?;
    let goals_at = goals_at?;
    let goals = checker.rows(&Scope::of(&among.subject), goals_at)?;
    let score = field(checker, &goals, score_at?, true);
    let weight = weight_at.map(|expr| field(checker, &goals, expr, false));
    let (score, weight) = match weight {
        None if clauses.has("weight") => return None,
        None => (score?, None),
        Some(weight) => (score?, Some(weight?)),
    };
    Some(Box::new(Goals { among, goals, score, weight, of: goals_at.clone() }))
}

/// A field of the goals, after `score:` or `weight:`.
fn field(
    checker: &mut Checker<'_>,
    goals: &Selection,
    expr: &Spanned<Expr>,
    bare: bool,
) -> Option<String> {
    let record = checker.catalog.records.get(&goals.record)?;
    let Expr::Name(name) = &expr.item else {
        let wanted = format!("the name of a field of `{}`", record.name);
        return checker.note(problems::wrong_expr(&wanted, expr));
    };
    let Some(found) = record.field(name) else {
        let known = record.fields.iter().map(|field| field.name.as_str());
        return checker.note(problems::unknown_name("field", name, expr.span, known));
    };
    match &found.kind {
        FieldType::Number(None) => Some(name.clone()),
        FieldType::Number(_) if !bare => Some(name.clone()),
        other => {
            let wanted = if bare { "a number without a unit" } else { "a number" };
            let found = Type::of_field(other).to_string();
            checker.note(problems::wrong_type(wanted, &found, expr.span))
        }
    }
}

#[derive(Debug)]
struct Goals {
    among: Among,
    goals: Selection,
    score: String,
    weight: Option<String>,
    of: Spanned<Expr>,
}

impl Goals {
    fn scaled(&self) -> Term {
        let (score, weight) = (self.score.clone(), self.weight.clone());
        Term::made(Aggregate::Goals { score, weight }, self.goals.clone())
    }

    fn count(&self) -> Term {
        Term::made(Aggregate::Count, self.goals.clone())
    }

    /// How many goals have a score of 0 or more.
    fn attained(&self) -> Term {
        let goals = self.goals.clone();
        let (depth, field) = (goals.depth, self.score.clone());
        let score = Term::RowField { depth, field, physical: Physical::Number };
        let reached = score.compared(Comparison::GreaterOrEqual, Term::number(0.0));
        Term::made(Aggregate::Count, goals.filtered(reached))
    }

    fn known(&self) -> Term {
        self.scaled().is_there()
    }
}

impl Indicator for Goals {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let known = people.clone().and(self.known());
        let of_known = |term: Term| term.where_true(known.clone());
        let reached =
            self.scaled().compared(Comparison::GreaterOrEqual, Term::number(EXPECTED - 1e-9));
        vec![
            Part::Sum(of_known(self.scaled())),
            Part::Count(known.clone()),
            Part::Count(people.clone().and(self.known().negated())),
            Part::Spread(of_known(self.scaled())),
            Part::Count(known.clone().and(reached)),
            Part::Sum(of_known(self.count())),
            Part::Sum(of_known(self.attained())),
        ]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let part = |at: usize| parts.get(at).copied().flatten();
        let (people, reached) = (counted(parts.get(1)), counted(parts.get(4)));
        let mean = part(0).map(|sum| sum / people);
        let sample =
            mean.zip(part(3)).and_then(|(mean, squares)| Sample::mean(mean, people, squares));
        let goals = counted(parts.get(5));
        let over = |some: f64, all: f64| (all > 0.0).then(|| some / all);
        let further = [
            ("reached", over(reached, people)),
            ("goals", (people > 0.0).then_some(goals)),
            ("attained", over(counted(parts.get(6)), goals)),
            ("deviation", sample.and_then(Sample::deviation)),
        ];
        let further =
            further.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Figure {
            value: mean,
            numerator: Some(reached),
            denominator: Some(people),
            unknown: counted(parts.get(2)),
            interval: Sample::around(sample),
            further: further.collect(),
            sample,
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        Told::over(people, &self.known())
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::plain("T"))
    }

    fn of_one(&self) -> Vec<OfOne> {
        vec![OfOne { name: "score of all goals together", term: self.scaled(), unit: self.unit() }]
    }

    fn fields(&self) -> Vec<String> {
        [&self.score].into_iter().chain(&self.weight).cloned().collect()
    }

    fn steps(&self) -> Vec<Step> {
        let of = std::slice::from_ref(&self.of);
        vec![Step::known(self.of.span, self.known(), of)]
    }
}
