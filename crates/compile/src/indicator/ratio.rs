//! `ratio`: one indicator over another.
//!
//! ```text
//! indicator support_per_person { ratio: support_time / reach }
//! ```
//!
//! Both are figures of the same cell, so a total is the total of one over the total of the other:
//! ratios are never averaged. It is empty when either is, and over zero. Its numerator and its
//! denominator are the two figures; unknown are those of the one and those of the other, and who
//! is unknown to both counts in both.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::{BinaryOperator, Expr, Word};

use super::{Figure, Indicator, Kind, Measure, Part, count};
use crate::catalog::Unit;
use crate::check::Checker;
use crate::problems;
use crate::query::measure;
use crate::shape::Clauses;
use crate::target_group::{Among, Step};
use crate::term::Term;
use crate::units;

pub(super) const KIND: Kind =
    Kind { name: "ratio", summary: "one indicator over another", clauses: &[], check };

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let expr = clauses.wanted("ratio", &mut checker.problems)?;
    let Some([above, below]) = written(expr) else {
        let wanted = "one indicator over another: `a / b`";
        return checker.note(problems::wrong_expr(wanted, expr));
    };
    let (above, below) = (named(checker, &above), named(checker, &below));
    let (above, below) = (above?, below?);
    let subject = &above.indicator.among().subject;
    let other = &below.indicator.among().subject;
    if subject != other {
        return checker.note(problems::other_subject(&below.name, other, subject, expr.span));
    }
    let among = Among::everyone(subject);
    let width = above.parts(&Term::Truth(Some(true))).len();
    Some(Box::new(Ratio { among, above, below, width }))
}

/// The two names of `a / b`.
fn written(expr: &Spanned<Expr>) -> Option<[Word; 2]> {
    match &expr.item {
        Expr::Parenthesised(inner) => written(inner),
        Expr::Binary { operator: BinaryOperator::Divide, left, right } => {
            let name = |side: &Spanned<Expr>| match &side.item {
                Expr::Name(name) => Some(Spanned::new(name.clone(), side.span)),
                _ => None,
            };
            Some([name(left)?, name(right)?])
        }
        _ => None,
    }
}

/// An indicator by name, which must not need the one being checked.
pub(super) fn named(checker: &mut Checker<'_>, word: &Word) -> Option<Measure> {
    checker.within(&word.item, word.span, |checker| measure::measure(checker, word))
}

#[derive(Debug)]
struct Ratio {
    among: Among,
    above: Measure,
    below: Measure,
    /// How many parts belong to the one above.
    width: usize,
}

impl Indicator for Ratio {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        let of = |measure: &Measure| {
            let among = measure.indicator.among().condition();
            measure.parts(&among.and(people.clone()))
        };
        of(&self.above).into_iter().chain(of(&self.below)).collect()
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let (above, below) = parts.split_at(parts.len().min(self.width));
        let above = self.above.made(above);
        let below = self.below.made(below);
        let sizes = above.people().into_iter().chain(below.people());
        let divisor = below.value.filter(|below| *below != 0.0);
        Figure {
            value: above.value.zip(divisor).map(|(above, below)| above / below),
            numerator: above.value,
            denominator: below.value,
            unknown: above.unknown + below.unknown,
            not_yet: above.not_yet + below.not_yet,
            remarks: [(&self.above, above.remarks), (&self.below, below.remarks)]
                .into_iter()
                .flat_map(|(measure, remarks)| measure.named(remarks))
                .collect(),
            sizes: sizes.collect(),
            ..Figure::default()
        }
    }

    /// `EUR per person`; of two in the same unit, and of a share, a bare number.
    fn unit(&self) -> Option<Unit> {
        let plain = |unit: Option<Unit>| unit.filter(|unit| *unit != Unit::plain("%"));
        let above = plain(self.above.indicator.unit());
        let below = plain(self.below.indicator.unit());
        match (above, below) {
            (above, below) if above == below => None,
            (above, None) => above,
            (above, Some(below)) => {
                let subject = &self.below.indicator.among().subject;
                let one = match below.name.as_str() {
                    many if many == count::many(subject) => subject,
                    name => units::one_of(name),
                };
                let name = above.map_or(String::new(), |above| above.to_string());
                let per = below.per.map_or(one.to_owned(), |per| format!("({one} per {per})"));
                Some(Unit { name, per: Some(per) })
            }
        }
    }

    fn steps(&self) -> Vec<Step> {
        Vec::new()
    }

    fn made_of(&self) -> Vec<&Measure> {
        vec![&self.above, &self.below]
    }
}
