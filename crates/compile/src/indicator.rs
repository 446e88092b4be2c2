//! The kinds of indicator, one room each.

use std::fmt;

use interplay_diagnostic::{Diagnostic, Span, Spanned, suggest};
use interplay_syntax::tree::{self, Expr};

use self::aim::Aim;
use self::rounding::Rounding;
use crate::catalog::{Rule, Unit};
use crate::check::{Checker, ORGANISATION, Scope};
use crate::kernel::gathered::Made;
use crate::problems;
use crate::shape::{self, Clauses};
use crate::statistics::Sample;
use crate::target_group::{Among, Step};
use crate::term::{Selection, Term};

pub mod aim;
pub mod beside;

mod change;
mod count;
mod goals;
mod index;
mod mean;
mod median;
mod open;
mod over_rows;
mod quantile;
mod rate;
mod ratio;
pub mod rounding;
mod share;
mod sum;
mod time;
mod value;
mod weight;

/// Every kind, by name. A new kind is a file and a line here.
pub const KINDS: &[Kind] = &[
    change::KIND,
    count::KIND,
    goals::KIND,
    index::KIND,
    mean::KIND,
    median::KIND,
    quantile::KIND,
    rate::KIND,
    ratio::KIND,
    share::KIND,
    sum::KIND,
    time::KIND,
];

/// Clauses that every kind takes: they say nothing about how the figure is made.
pub const COMMON: &[&str] = &["aligns", "baseline", "better", "rounded", "target"];

/// All that the checker, the manual and the REPL need to know of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The clause that tells the kind: `share`
    pub name: &'static str,
    /// One line for `help` and the manual.
    pub summary: &'static str,
    /// The other clauses it takes.
    pub clauses: &'static [&'static str],
    /// Resolves the clauses. None means that a problem is noted.
    check: fn(&mut Checker<'_>, &Clauses<'_>) -> Option<Box<dyn Indicator>>,
}

/// An indicator whose every name is found and every type known.
pub trait Indicator: fmt::Debug + Send + Sync {
    /// Whom it is about.
    fn among(&self) -> &Among;

    /// What is added up, given the people who count: those of [`Indicator::among`] for whom the
    /// query's condition holds.
    fn parts(&self, people: &Term) -> Vec<Part>;

    /// The figure, from the parts in the same order.
    fn figure(&self, parts: &[Option<f64>]) -> Figure;

    /// What the value is counted in; a share's is `%`.
    fn unit(&self) -> Option<Unit>;

    /// What is asked of the people, for `explain`.
    fn steps(&self) -> Vec<Step>;

    /// How many of the unknown are so because a window is not over; none where none has an end.
    fn open(&self, people: &Term) -> Option<Part> {
        open::of_unknown(&self.steps().pop()?.condition, people, self.among())
    }

    /// The rows that are counted where rows are, and how they are written.
    fn counted(&self) -> Option<(&Selection, &Spanned<Expr>)> {
        let among = self.among();
        among.rows.as_ref().zip(among.written.as_ref())
    }

    /// What is asked of the people, where of whom it is unknown counts as no.
    fn counted_as_no(&self) -> Option<&Term> {
        None
    }

    /// Further numbers of one subject, for `trace`.
    fn of_one(&self) -> Vec<OfOne> {
        Vec::new()
    }

    /// Fields of its rows that its clauses name, for `trace`.
    fn fields(&self) -> Vec<String> {
        Vec::new()
    }

    /// Who stands behind the numbers of a figure, given the people who count: for what one figure
    /// gives away of another.
    fn told(&self, _people: &Term) -> Told {
        Told::default()
    }

    /// The indicators of which it is made, when it asks nothing of people itself.
    fn made_of(&self) -> Vec<&Measure> {
        Vec::new()
    }
}

/// A number that a kind makes of one subject.
#[derive(Clone, Debug)]
pub struct OfOne {
    /// `days so far`
    pub name: &'static str,
    /// Missing where there is none.
    pub term: Term,
    /// What it is counted in.
    pub unit: Option<Unit>,
}

/// The conditions of those whom the numbers of a figure count, where it counts subjects.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Those of the numerator.
    pub numerator: Option<Term>,
    /// Those of the denominator.
    pub denominator: Option<Term>,
    /// Those of the denominator, and those of whom it is unknown.
    pub everyone: Option<Term>,
    /// Those of whom it is unknown.
    pub unknown: Option<Term>,
    /// Those whose rows are counted.
    pub behind: Option<Term>,
}

impl Told {
    /// Of a figure over those of the people for whom something is known.
    fn over(people: &Term, known: &Term) -> Self {
        let denominator = Some(people.clone().and(known.clone()));
        let unknown = Some(people.clone().and(known.clone().negated()));
        Self { denominator, everyone: Some(people.clone()), unknown, ..Self::default() }
    }
}

/// A number of people, and what they bring to the figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Crowd {
    /// How many subjects.
    pub people: f64,
    /// What adds up: rows, an amount; where subjects are counted, how many they are.
    pub amount: f64,
}

impl Crowd {
    /// Subjects that are counted themselves.
    #[must_use]
    pub fn of(people: f64) -> Self {
        Self { people, amount: people }
    }
}

/// One thing added up over subjects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Subjects for whom the condition is true.
    Count(Term),
    /// The sum of a number; missing is left out; missing over nothing.
    Sum(Term),
    /// The sum of the squared distances of a number from its mean; missing is left out.
    Spread(Term),
    /// The squared distances of a number from its mean, by weight; none where one is missing.
    Pairs(Term, Term),
    /// The middle of a number over subjects; missing is left out.
    Median(Term),
    /// What is made of a number of all subjects together; missing is left out.
    Gathered(Term, Made),
    /// Rows of a selection, summed over the subjects for whom the condition is true. Split by
    /// organisation, only the rows of that organisation.
    Rows(Term, Selection),
    /// Subjects for whom the condition is true and the number of rows unknown.
    RowsUnknown(Term, Selection),
    /// Subjects for whom the condition is true and who have such a row.
    RowsSubjects(Term, Selection),
    /// Different subjects of the rows for which the condition is true; asked of rows only.
    Subjects(Term),
    /// The part, added up over these rows and not over subjects.
    Over(Box<Selection>, Box<Self>),
}

impl Part {
    /// Adds the records that it looks at.
    pub fn records(&self, into: &mut std::collections::BTreeSet<String>) {
        match self {
            Self::Count(term)
            | Self::Sum(term)
            | Self::Spread(term)
            | Self::Median(term)
            | Self::Gathered(term, _)
            | Self::Subjects(term) => term.records(into),
            Self::Pairs(number, weight) => {
                number.records(into);
                weight.records(into);
            }
            Self::Over(rows, part) => {
                rows.records(into);
                part.records(into);
            }
            Self::Rows(people, selection)
            | Self::RowsUnknown(people, selection)
            | Self::RowsSubjects(people, selection) => {
                people.records(into);
                selection.records(into);
            }
        }
    }

    /// What it asks of subjects or rows.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::Count(term)
            | Self::Sum(term)
            | Self::Spread(term)
            | Self::Median(term)
            | Self::Gathered(term, _)
            | Self::Subjects(term) => vec![term],
            Self::Rows(term, selection)
            | Self::RowsUnknown(term, selection)
            | Self::RowsSubjects(term, selection) => {
                [term].into_iter().chain(selection.children()).collect()
            }
            Self::Pairs(number, weight) => vec![number, weight],
            Self::Over(rows, part) => rows.children().into_iter().chain(part.terms()).collect(),
        }
    }
}

/// A figure with its size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// None over nobody.
    pub value: Option<f64>,
    /// How many of the denominator; subjects.
    pub numerator: Option<f64>,
    /// Of how many; subjects.
    pub denominator: Option<f64>,
    /// For how many it is unknown; subjects.
    pub unknown: f64,
    /// Who makes up the value, for disclosure: those whose rows are counted, those whose part of a
    /// sum is not 0.
    pub behind: Option<Crowd>,
    /// Of how many people the value is one of the outermost: of a quantile, how many lie at or
    /// beyond it, on the side where they are fewer.
    pub outermost: Option<f64>,
    /// The share if all unknown fail, and if all succeed.
    pub bounds: Option<(f64, f64)>,
    /// 95 % interval; an end that is not reached is none.
    pub interval: (Option<f64>, Option<f64>),
    /// Further numbers by name, such as an effect size: the kinds that have some name them.
    pub further: Vec<(String, f64)>,
    /// What it was computed from, when it is a share or a mean: for the interval of a difference.
    pub sample: Option<Sample>,
    /// What a reader of the figure should know, a sentence each.
    pub remarks: Vec<String>,
    /// The people it is made of, where numerator and denominator are not numbers of them.
    pub sizes: Vec<Crowd>,
    /// How many of the unknown are so because a window of time is not over.
    pub not_yet: f64,
    /// For how many people something is unknown, where `unknown` does not count them.
    pub unknown_people: Option<f64>,
}

impl Figure {
    /// The numbers of people that a reader can take from it. When one is small, the figure is
    /// withheld.
    #[must_use]
    pub fn people(&self) -> Vec<Crowd> {
        if !self.sizes.is_empty() {
            return self.sizes.clone();
        }
        let counted = [self.numerator, self.denominator, self.rest()].map(|it| it.map(Crowd::of));
        counted.into_iter().chain([self.behind]).flatten().collect()
    }

    /// Those of the denominator who are not in the numerator.
    #[must_use]
    pub fn rest(&self) -> Option<f64> {
        self.numerator.zip(self.denominator).map(|(some, all)| all - some)
    }
}

/// Which way a figure should move: `better: higher`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// `higher`
    Higher,
    /// `lower`
    Lower,
}

impl Better {
    /// After `better:`; a problem is noted when it is neither.
    fn read(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Self> {
        let word = clauses.word("better", &["higher", "lower"], &mut checker.problems)?;
        Some(if word == "higher" { Self::Higher } else { Self::Lower })
    }
}

/// A checked indicator with its name.
#[derive(Debug)]
pub struct Measure {
    /// `stably_housed`
    pub name: String,
    /// `Stably housed six months after intake`
    pub title: Option<String>,
    /// `share`
    pub kind: &'static str,
    /// `better: higher`
    pub better: Option<Better>,
    /// `baseline: …`, `target: …`
    pub aim: Option<Aim>,
    /// `rounded: half even to 1 decimal`
    pub rounding: Option<Rounding>,
    /// What it computes.
    pub indicator: Box<dyn Indicator>,
    /// Where it is declared.
    pub span: Span,
    /// How many parts its indicator has.
    width: usize,
}

impl Measure {
    /// What is added up: the parts of the indicator, and how many are not yet observable.
    #[must_use]
    pub fn parts(&self, people: &Term) -> Vec<Part> {
        let open = self.indicator.open(people);
        self.indicator.parts(people).into_iter().chain(open).collect()
    }

    /// The figure before it is rounded, from [`Measure::parts`], or from those of the indicator
    /// alone.
    fn made(&self, parts: &[Option<f64>]) -> Figure {
        let (own, open) = parts.split_at(parts.len().min(self.width));
        let mut figure = self.indicator.figure(own);
        // All organisations are counted: chance drew none of them.
        if self.indicator.among().subject == ORGANISATION {
            (figure.interval, figure.sample) = ((None, None), None);
        }
        if let Some(open) = open.first() {
            figure.not_yet = counted(Some(open));
            let leaning = open::leaning(self.kind).filter(|_| figure.not_yet > 0.0);
            figure.remarks.extend(leaning.map(str::to_owned));
        }
        figure
    }

    /// The figure, from its parts, its value rounded as the rule prescribes.
    #[must_use]
    pub fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let mut figure = self.made(parts);
        figure.remarks = self.named(figure.remarks);
        if let Some(rounding) = self.rounding {
            figure.value = figure.value.map(|value| rounding.of(value, self.is_share()));
        }
        figure
    }

    /// Remarks on its figures, with its name.
    fn named(&self, remarks: Vec<String>) -> Vec<String> {
        remarks.into_iter().map(|remark| format!("`{}`: {remark}", self.name)).collect()
    }

    /// Whether its value is a part of one, shown in percent.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.indicator.unit() == Some(Unit::plain("%"))
    }
}

/// Checks an indicator's declaration.
pub(crate) fn check(checker: &mut Checker<'_>, rule: &Rule) -> Option<Measure> {
    let items = shape::items(&rule.written, &mut checker.problems);
    let labels = items.iter().filter_map(|item| match &item.kind {
        tree::ItemKind::Clause { label, .. } => Some(label),
        _ => None,
    });
    let labels: Vec<&tree::Word> = labels.collect();
    let is_said = |kind: &&Kind| labels.iter().any(|label| label.item == kind.name);
    if matches!(rule.written.body, Some(tree::Body::Expression(_))) {
        return None;
    }
    let Some(kind) = KINDS.iter().find(is_said) else {
        return checker.note(without_kind(rule, &labels));
    };
    let known: Vec<&str> = [kind.name].iter().chain(kind.clauses).chain(COMMON).copied().collect();
    let clauses = Clauses::read(kind.name, rule.span, items, &known, &mut checker.problems);
    let better = Better::read(checker, &clauses);
    clauses.text("aligns", &mut checker.problems);
    let people = checker.asked_of(None);
    let before = checker.noted();
    let indicator = (kind.check)(checker, &clauses);
    checker.asked_of(people);
    let indicator = over_rows::counted_rows(indicator?);
    if let Among { subject, rows: Some(rows), .. } = indicator.among() {
        checker.asked_of_rows(before, &Scope::of(subject), rows);
    }
    let rounding = clauses.rounding("rounded", &mut checker.problems);
    let rounding = rounding.and_then(|written| rounding::check(checker, written));
    let aim =
        aim::check(checker, &clauses, (indicator.unit().as_ref(), kind.name == "share"), better);
    let width = indicator.parts(&Term::Truth(Some(true))).len();
    Some(Measure {
        name: rule.name.clone(),
        title: rule.title.clone(),
        kind: kind.name,
        better,
        aim,
        rounding,
        indicator,
        span: rule.span,
        width,
    })
}

/// The problem of an indicator that is of no kind: most often that clause is misspelt.
fn without_kind(rule: &Rule, labels: &[&tree::Word]) -> Diagnostic {
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let beside =
        |label: &str| COMMON.contains(&label) || KINDS.iter().any(|it| it.clauses.contains(&label));
    if let Some(label) = labels.iter().find(|label| !beside(&label.item)) {
        return problems::unknown_clause("indicator", &label.item, label.span, &kinds);
    }
    let kinds = kinds.iter().map(|kind| format!("{kind}: …"));
    let wanted = format!("a clause that says what it measures: {}", suggest::choice(kinds));
    problems::missing_clause("indicator", &wanted, rule.span)
}

/// A count of people as a number.
fn counted(part: Option<&Option<f64>>) -> f64 {
    part.copied().flatten().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn kinds_are_sorted_and_unique() {
        assert!(KINDS.is_sorted_by(|one, next| one.name < next.name));
    }

    #[test]
    fn summaries_are_one_plain_line() {
        for kind in KINDS {
            assert!(!kind.summary.ends_with('.') && !kind.summary.contains('\n'), "{}", kind.name);
        }
    }
}
