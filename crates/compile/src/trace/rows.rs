//! Which row of a selection is at hand, and which one is taken.

use super::{Aggregate, Comparison, PLACE, Physical, Pick, Selection, Supposed, Term};

/// The place of the row of a selection of this depth.
fn place(depth: usize) -> Term {
    Term::RowField { depth, field: PLACE.to_owned(), physical: Physical::Symbol }
}

/// Whether a selection keeps the row of depth 0, whatever was delivered and whatever may come: of
/// one row it is seen whether it is there.
pub(super) fn at_hand(selection: Selection) -> Term {
    let is_it = place(selection.depth).compared(Comparison::Equal, place(0));
    Term::made(Aggregate::Any, selection.filtered(is_it)).supposed(Supposed::Over)
}

/// Whether the row of depth 0, which is kept, is the one that is picked.
pub(super) fn taken(selection: &Selection, pick: &Pick, start: &str) -> Term {
    let depth = selection.depth;
    let among = |comparison| {
        let others = place(depth).compared(comparison, place(0));
        selection.clone().filtered(others)
    };
    let none = |comparison| {
        let any = Term::made(Aggregate::Any, among(comparison)).supposed(Supposed::Over);
        Term::IsTrue(Box::new(any)).negated()
    };
    let day = |made| Term::made(made, selection.clone()).is_there();
    let start = start.to_owned();
    match pick {
        Pick::First => none(Comparison::Less).and(day(Aggregate::First(start, Physical::Date))),
        Pick::Last | Pick::AsOf => {
            none(Comparison::Greater).and(day(Aggregate::Last(start, Physical::Date)))
        }
        Pick::Nth(number) => {
            let before = Term::made(Aggregate::Count, among(Comparison::Less));
            let before = before.supposed(Supposed::Over);
            let before = before.compared(Comparison::Equal, Term::number(f64::from(*number) - 1.0));
            before.and(day(Aggregate::Nth(start, Physical::Date, *number)))
        }
        Pick::Best(keys) => {
            let made = Aggregate::Best(start.clone(), Physical::Date, keys.clone());
            let fields = keys.iter().map(|key| (key.field.clone(), key.physical));
            let fields = fields.chain([(start, Physical::Date)]);
            fields.fold(day(made), |all, (field, physical)| {
                let picked = Aggregate::Best(field.clone(), physical, keys.clone());
                let picked = Term::made(picked, selection.clone());
                let own = Term::RowField { depth: 0, field, physical };
                let both = Term::IsMissing(Box::new(picked.clone()))
                    .and(Term::IsMissing(Box::new(own.clone())));
                all.and(both.or(picked.compared(Comparison::Equal, own)))
            })
        }
    }
}
