//! Why a figure is another than expected: whom the given rows are about, how each of them stands to
//! the figure, and which rows make a difference.
//!
//! A row makes a difference when the figure would be another without it. That is found by leaving
//! it out and asking again, so it holds of every rule there is.

use interplay_compile::calendar::Period;
use interplay_compile::target_group::Step;
use interplay_compile::term::Term;
use interplay_diagnostic::Sources;
use interplay_pool::Hot;

use super::Trial;
use super::figures::{Differing, Found, Told, is_as};
use super::given::{self, Row};
use crate::error::Error;
use crate::session::words;

/// Whom some of the given rows are about.
#[derive(Clone, Debug)]
pub struct SubjectTold {
    /// `person`
    pub of: String,
    /// `ann`
    pub name: String,
    /// How it stands to the figure; none when the figure counts others than these.
    pub standing: Option<Standing>,
    /// Its rows, in the order given.
    pub rows: Vec<RowTold>,
}

/// How one subject stands to a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// It counts, and by itself comes to this value.
    Counts(Option<f64>),
    /// It counts in a share: whether what is asked holds.
    Holds(bool),
    /// A condition is not true of it: the words of the condition.
    Left(String),
    /// A condition cannot be known of it.
    Unknown(String),
    /// No row of it lies before the data date.
    NotSeen,
}

/// One given row.
#[derive(Clone, Debug)]
pub struct RowTold {
    /// `stay`
    pub record: String,
    /// `harbour`
    pub organisation: String,
    /// `arrived 2025-01-03, left 2025-01-06`
    pub text: String,
    /// What the figures that differ would be without it, where that is something else.
    pub without: Vec<Without>,
}

/// What a figure would be without a row.
#[derive(Clone, Debug)]
pub struct Without {
    /// Under which heading.
    pub heading: Option<String>,
    /// The figure.
    pub found: Found,
    /// Whether that is as expected.
    pub as_expected: bool,
}

/// Of more rows than this, none is left out to see what it does.
const MOST_ROWS: usize = 60;

impl Trial<'_> {
    /// The subjects of the given rows.
    pub(super) async fn subjects(
        &self,
        told: &[Told],
        differing: &[Differing],
        sources: &Sources,
    ) -> Result<Vec<SubjectTold>, Error> {
        let catalog = &self.model.catalog;
        let rows = given::all(catalog, self.given);
        let is_few = rows.len() <= MOST_ROWS;
        let mut subjects: Vec<SubjectTold> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(table) = self.given.get(row.table) else { continue };
            let without =
                if is_few { self.without(&rows, at, (told, differing)).await? } else { Vec::new() };
            let shown = RowTold {
                record: table.record.clone(),
                organisation: table.organisation.clone(),
                text: given::told(catalog, table, row.row),
                without,
            };
            let known = subjects.iter_mut().find(|it| it.of == row.of && it.name == row.subject);
            match known {
                Some(subject) => subject.rows.push(shown),
                None => {
                    let standing = self.standing(&rows, row, sources).await?;
                    let (of, name) = (row.of.clone(), row.subject.clone());
                    subjects.push(SubjectTold { of, name, standing, rows: vec![shown] });
                }
            }
        }
        Ok(subjects)
    }

    /// What changes when a row is left out.
    async fn without(
        &self,
        rows: &[Row],
        out: usize,
        (told, differing): (&[Told], &[Differing]),
    ) -> Result<Vec<Without>, Error> {
        let Some(row) = rows.get(out) else { return Ok(Vec::new()) };
        let is_kept = |other: &Row| (other.table, other.row) != (row.table, row.row);
        let kept = given::only(self.given, rows, is_kept);
        let hot = given::hot(&self.model.catalog, &kept)?;
        let now = self.figures(&hot).await?;
        let within = self.expect.within.as_ref().map(|within| &within.item);
        let changed = differing.iter().filter_map(|differing| {
            let place = differing.place?;
            let (before, found) = (told.get(place)?.found, now.get(place)?.found);
            let as_expected = is_as(found, &differing.wanted, within);
            let heading = differing.heading.clone();
            (before != found).then_some(Without { heading, found, as_expected })
        });
        Ok(changed.collect())
    }

    /// How a subject stands to the figure, seen alone.
    async fn standing(
        &self,
        rows: &[Row],
        row: &Row,
        sources: &Sources,
    ) -> Result<Option<Standing>, Error> {
        if row.of != self.measured.subject {
            return Ok(None);
        }
        let Some(measure) = self.measured.measures.first() else { return Ok(None) };
        let own = |other: &Row| other.of != row.of || other.subject == row.subject;
        let alone = given::only(self.given, rows, own);
        let hot = given::hot(&self.model.catalog, &alone)?;
        let among = measure.indicator.among().steps.clone();
        let asked = self.measured.conditions.iter().zip(&self.expect.query.item.condition);
        let asked = asked.map(|(term, expr)| {
            let of = vec![expr.clone()];
            Step { span: expr.span, condition: term.clone(), of }
        });
        let people: Vec<Step> = among.into_iter().chain(asked).collect();
        let figure = self.figures(&hot).await?.into_iter().find(Told::is_total);
        let Some(figure) = figure.map(|told| told.figure) else { return Ok(None) };
        let all = [people, measure.indicator.steps()].concat();
        if let Some(standing) = self.fell(&hot, &all, sources).await? {
            let is_last = figure.denominator.is_some_and(|all| all > 0.0);
            // Of whom a share's own condition is not true, they are in it all the same.
            if !(is_last && matches!(standing, Standing::Left(_))) {
                return Ok(Some(standing));
            }
        }
        Ok(Some(match measure.kind {
            "share" => Standing::Holds(figure.numerator.is_some_and(|some| some > 0.0)),
            "count" => Standing::Counts(figure.behind.and(figure.value)),
            _ => Standing::Counts(figure.value),
        }))
    }

    /// The first condition that is not true of the one subject there is.
    async fn fell(
        &self,
        hot: &Hot,
        steps: &[Step],
        sources: &Sources,
    ) -> Result<Option<Standing>, Error> {
        let mut before = Term::Seen;
        let mut terms = vec![before.clone()];
        for step in steps {
            let unknown = Term::IsUnknown(Box::new(step.condition.clone()));
            terms.push(before.clone().and(unknown));
            before = before.and(Term::IsTrue(Box::new(step.condition.clone())));
            terms.push(before.clone());
        }
        let subject = &self.measured.subject;
        let period: Option<Period> = self.measured.period;
        let counts = self.engine(hot).counts(subject, period, &terms).await?;
        let holds = |at: usize| counts.get(at).is_some_and(|count| *count > 0.0);
        if !holds(0) {
            return Ok(Some(Standing::NotSeen));
        }
        for (at, step) in steps.iter().enumerate() {
            let clause = || words(sources, step.span);
            if holds(2 * at + 1) {
                return Ok(Some(Standing::Unknown(clause())));
            }
            if !holds(2 * at + 2) {
                return Ok(Some(Standing::Left(clause())));
            }
        }
        Ok(None)
    }
}
