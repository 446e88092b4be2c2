//! Rows that something asks for and that are not there: `intake.day during period` of somebody who
//! has no intake is unknown, as a field of nothing is missing, and `explain` says that there is none.

use super::{Aggregate, Comparison, Supposed, Term};

/// Why rows are not there, as far as it is known that they are not. The three are never unknown, and
/// at most one of them is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// They may be there: not everything was delivered.
    pub undelivered: Term,
    /// They may still come.
    pub open: Term,
    /// There are none.
    pub none: Term,
}

impl Lacking {
    /// Why a condition lacks rows of which it takes a field, or makes what is missing over none;
    /// nothing where it takes none such.
    #[must_use]
    pub fn of(condition: &Term) -> Option<Self> {
        let mut found = Vec::new();
        collect(condition, &mut found);
        let any = |of: &dyn Fn(&Term) -> Term| found.iter().map(of).reduce(Term::or);
        let unknown = |lacks: &Term, that| Term::IsUnknown(Box::new(lacks.clone().supposed(that)));
        let undelivered = any(&|lacks| {
            let later = unknown(lacks, Supposed::Delivered).negated();
            unknown(lacks, Supposed::Nothing).and(later)
        })?;
        let open = any(&|lacks| {
            let later = unknown(lacks, Supposed::Over).negated();
            unknown(lacks, Supposed::Delivered).and(later)
        })?;
        let none = any(&|lacks| Term::IsTrue(Box::new(lacks.clone().supposed(Supposed::Over))))?;
        let delivered = undelivered.clone().negated();
        let open = delivered.clone().and(open);
        let none = delivered.and(open.clone().negated()).and(none);
        Some(Self { undelivered, open, none })
    }
}

/// For each selection of which a row is taken, or something is made that is missing over no rows,
/// whether it has too few. What is asked of rows of a selection is asked row by row, and not looked
/// at.
fn collect(term: &Term, into: &mut Vec<Term>) {
    match term {
        Term::Selected { aggregate, selection } => {
            if let Some(least) = least(aggregate) {
                let count = Term::made(Aggregate::Count, selection.as_ref().clone());
                let lacks = count.compared(Comparison::Less, Term::number(f64::from(least)));
                if !into.contains(&lacks) {
                    into.push(lacks);
                }
            }
            selection.bounds().into_iter().for_each(|bound| collect(bound, into));
        }
        // `every` over no rows is unknown.
        Term::Or(parts) if let [Term::IsTrue(any), Term::Truth(None)] = parts.as_slice() => {
            if let Term::Selected { aggregate: Aggregate::Any, selection } = any.as_ref() {
                let count = Term::made(Aggregate::Count, selection.as_ref().clone());
                into.push(count.compared(Comparison::Less, Term::number(1.0)));
            }
            collect(any, into);
        }
        Term::Of { subject, reference, term } => {
            collect(reference, into);
            let mut there = Vec::new();
            collect(term, &mut there);
            into.extend(there.into_iter().map(|lacks| Term::Of {
                subject: subject.clone(),
                reference: reference.clone(),
                term: Box::new(lacks),
            }));
        }
        _ => term.children().into_iter().for_each(|child| collect(child, into)),
    }
}

/// How many rows it takes for something to be there.
fn least(aggregate: &Aggregate) -> Option<u32> {
    match aggregate {
        Aggregate::First(..)
        | Aggregate::Last(..)
        | Aggregate::Best(..)
        | Aggregate::Sum(_)
        | Aggregate::Mean(_)
        | Aggregate::Least(..)
        | Aggregate::Most(..)
        | Aggregate::Goals { .. } => Some(1),
        Aggregate::Nth(_, _, number) => Some(*number),
        Aggregate::Any
        | Aggregate::Count
        | Aggregate::Organisations
        | Aggregate::Nights
        | Aggregate::Days
        | Aggregate::Covered(_)
        | Aggregate::Tied(_) => None,
    }
}
