//! What is counted beside a figure, for the notes under it: of how many people it is made only
//! for now, how many are unknown and count as no, and how many perhaps belong to the people.

use super::{Measure, Part, count};
use crate::term::Term;

/// What is counted of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Of whom something was found, and more may come.
    Changing,
    /// Of whom it is unknown, and counts as no.
    AsNo,
    /// Of whom it is unknown whether they are among the people.
    PerhapsAmong,
}

/// One number beside the figures of a measure.
#[derive(Clone, Debug)]
pub struct Beside {
    /// `nights_homeless`
    pub measure: String,
    /// Where rows are counted, the record whose rows.
    pub rows: Option<String>,
    /// `person`, `persons`; of rows, whose they are
    pub subject: [String; 2],
    /// What is counted.
    pub what: What,
    /// How it is added up.
    pub part: Part,
}

/// All that is counted beside a measure. `asked` is what the query asks of the people, besides what
/// the indicator says of whom it is among.
#[must_use]
pub fn of(measure: &Measure, asked: Option<&Term>) -> Vec<Beside> {
    let made_of = measure.indicator.made_of();
    if !made_of.is_empty() {
        return made_of.into_iter().flat_map(|measure| of(measure, asked)).collect();
    }
    let indicator = &measure.indicator;
    let among = indicator.among();
    let asked = asked.map(|condition| Term::IsTrue(Box::new(condition.clone())));
    let asked = asked.map_or(Term::Seen, |asked| Term::Seen.and(asked));
    let everyone = among.condition();
    let people = asked.clone().and(everyone.clone());
    let subject = [among.subject.clone(), count::many(&among.subject)];
    // Each row of an anonymous subject is one of them.
    let rows = among.rows.as_ref().filter(|_| !among.alone);
    let count = |what, condition| Beside {
        measure: measure.name.clone(),
        rows: rows.map(|rows| rows.record.clone()),
        subject: subject.clone(),
        what,
        part: match &among.rows {
            Some(rows) => Part::Over(Box::new(rows.clone()), Box::new(Part::Count(condition))),
            None => Part::Count(condition),
        },
    };
    let mut found = Vec::new();
    if let Some(condition) = indicator.counted_as_no() {
        let unknown = Term::IsUnknown(Box::new(condition.clone()));
        found.push(count(What::AsNo, people.clone().and(unknown)));
    }
    if among.rows.is_some() {
        return found;
    }
    // A count of the people says itself of how many it is unknown.
    if measure.kind != count::KIND.name && everyone != Term::Truth(Some(true)) {
        let unknown = Term::IsUnknown(Box::new(everyone));
        found.push(count(What::PerhapsAmong, asked.and(unknown)));
    }
    let numbers = numbers(measure);
    let changes = numbers.iter().map(Term::changes).filter(|changes| !changes.is_none());
    let changes = changes.map(|changes| Term::IsTrue(Box::new(changes.any())));
    if let Some(changing) = changes.reduce(Term::or) {
        let there = numbers.iter().fold(people, |people, number| people.and(number.is_there()));
        found.push(count(What::Changing, there.and(changing)));
    }
    found
}

/// The numbers that a measure asks of each of the people: those of which its last step says that
/// they are there.
fn numbers(measure: &Measure) -> Vec<Term> {
    fn find(term: &Term, into: &mut Vec<Term>) {
        match term {
            Term::Not(there) => {
                if let Term::IsMissing(number) = there.as_ref() {
                    into.push(number.as_ref().clone());
                }
            }
            Term::And(terms) | Term::Or(terms) => terms.iter().for_each(|it| find(it, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let steps = measure.indicator.steps();
    if let Some(step) = steps.last().filter(|step| step.is_of_number()) {
        find(&step.condition, &mut found);
    }
    found
}
