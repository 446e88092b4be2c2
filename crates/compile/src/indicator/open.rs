//! What is not yet observable: somebody is unknown, and a window of time in which something is
//! looked for is not over on the data date.

use super::Part;
use crate::lower;
use crate::target_group::Among;
use crate::term::{Comparison, Term};

const OF_SHARES: &str = "For some people the time that is looked at is not over on the data date. What \
                         comes early is known of them already, what may come later is not, so the \
                         share leans towards what comes early; the bounds show how far.";

const OF_NUMBERS: &str = "Of some people nothing was found yet in a time that is not over on the data \
                          date. They are unknown and left out, so the figure leans towards those of \
                          whom something came early.";

/// What a reader should know of a figure of which somebody is not yet observable. A count says how
/// many they are, and of who still waits `time` knows how long.
pub(super) fn leaning(kind: &str) -> Option<&'static str> {
    match kind {
        "share" => Some(OF_SHARES),
        "change" | "goals" | "mean" | "median" | "quantile" | "rate" | "sum" => Some(OF_NUMBERS),
        _ => None,
    }
}

/// How many of the people a condition is unknown of because a window is not over; none where none
/// has an end.
pub(super) fn of_unknown(asked: &Term, people: &Term, among: &Among) -> Option<Part> {
    let open = reaching(asked)?;
    let unknown = Term::IsUnknown(Box::new(asked.clone()));
    let part = Part::Count(people.clone().and(unknown).and(open));
    Some(match &among.rows {
        Some(rows) => Part::Over(Box::new(rows.clone()), Box::new(part)),
        None => part,
    })
}

/// Whether a window in which rows are looked for ends after the data date, never unknown; none
/// where no window has an end.
pub(super) fn reaching(term: &Term) -> Option<Term> {
    ending(term).map(|open| Term::IsTrue(Box::new(open)))
}

fn ending(term: &Term) -> Option<Term> {
    let own = match term {
        // What is asked of another subject is asked in its own windows.
        Term::Of { reference, .. } => return ending(reference),
        Term::Selected { selection, .. } => {
            let lasts = selection.windows.iter().filter_map(|window| window.last.as_ref());
            let lasts: Vec<&Term> = lasts.chain(&selection.latest_at).collect();
            // What ends by the day of a row around it is not looked at here.
            let is_free = lasts.iter().any(|last| looks_at_rows(last));
            let past = |last: &&Term| (*last).clone().compared(Comparison::Greater, Term::DataDate);
            lasts.iter().filter(|_| !is_free).map(past).reduce(Term::and)
        }
        _ => None,
    };
    let below = term.children().into_iter().filter_map(ending);
    own.into_iter().chain(below).reduce(Term::or)
}

/// Whether a date is that of a row around it, whichever; not of one that it finds by itself.
fn looks_at_rows(term: &Term) -> bool {
    const DEEPEST: usize = 32;
    (0..DEEPEST).any(|depth| lower::free(term, depth, &mut Vec::new()))
}
