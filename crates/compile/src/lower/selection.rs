//! A selection as the call of a function over its record's lists.

use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::expr::HigherOrderFunction;
use datafusion::logical_expr::expr_fn::{lambda, when};
use datafusion::logical_expr::{Expr, ident, lit};

use super::{Ground, Lowered, Lowering, MARK, date, fixed, leaf, missing, row_field, variable};
use crate::catalog::{RecordTiming, lists};
use crate::check::ORGANISATION;
use crate::kernel::dates;
use crate::kernel::select::{self, How, Made, Tie};
use crate::silence;
use crate::term::days::Covering;
use crate::term::{Aggregate, PLACE, Physical, Selection, Supposed, Term};
use window::{Bounds, earlier, later, literal};

mod window;

impl Lowering<'_> {
    /// The call of a selection's function.
    pub(super) fn selected(
        &mut self,
        aggregate: &Aggregate,
        selection: &Selection,
    ) -> Result<Lowered> {
        self.called(Some(aggregate), selection)
    }

    /// Which of its subject's rows a selection leaves.
    pub(super) fn kept(&mut self, selection: &Selection) -> Result<Lowered> {
        self.called(None, selection)
    }

    fn called(&mut self, made: Option<&Aggregate>, selection: &Selection) -> Result<Lowered> {
        // Of this selection's rows only, not of those that its condition looks at.
        let organisation = self.organisation.take();
        let mut call = self.call(selection)?;
        let picked = made.and_then(Aggregate::picked);
        if call.mark.is_none() && picked.is_some_and(|field| field.ends_with(MARK)) {
            let of_none = missing(made.map_or(Physical::Symbol, Aggregate::physical));
            return leaf(lit(of_none));
        }
        let heard = made.is_some_and(Aggregate::is_unknown_when_nothing_came);
        let tied = matches!(made, Some(Aggregate::Tied(_)));
        let made = made.map_or(Made::Kept, |aggregate| call.read_by(aggregate));
        let tie = if call.moment.is_some() { Tie::Moment } else { Tie::Day };
        let moment = call.moment.clone().filter(|_| tied);
        call.fields.extend(moment.map(|moment| (moment, Physical::Number)));
        let mut bounds = self.bounds(&mut call, selection)?;
        if call.anonymous {
            bounds.open = lit(false);
        }
        if heard && !call.anonymous && self.supposed == Supposed::Nothing {
            self.hear(&mut call, &mut bounds, selection, organisation.clone())?;
        }
        if let Some((field, physical)) = &selection.known {
            call.list(field, *physical);
            bounds.rest.push(row_field(call.depth, field, *physical).is_not_null());
        }
        // A row of which it is unknown whether it lies in time hides the rows behind it; one of
        // which the condition is unknown is passed over.
        let careful = call.mark.is_some() && picked.is_some();
        if let Some(condition) = &selection.condition {
            self.asked(&mut call, &mut bounds, condition, careful)?;
        }
        if let Some(organisation) = organisation {
            call.list(ORGANISATION, Physical::Symbol);
            let of_row = row_field(call.depth, ORGANISATION, Physical::Symbol);
            let total = organisation.clone().eq(lit(crate::kernel::involved::TOTAL));
            bounds.rest.push(total.or(of_row.eq(organisation)));
        }
        let arguments = call.arguments(made, bounds);
        let latest = selection.latest_at.is_some();
        let function = select::function(made, How { latest, careful, tied: tied.then_some(tie) });
        let made = Expr::HigherOrderFunction(HigherOrderFunction::new(function, arguments));
        Ok((made, call.needs))
    }

    /// Whether rows of a selection may still come, or be there and not delivered.
    pub(super) fn more_may_come(&mut self, selection: &Selection) -> Result<Lowered> {
        let mut call = self.call(selection)?;
        if call.anonymous {
            return leaf(lit(false));
        }
        let mut bounds = self.bounds(&mut call, selection)?;
        if self.supposed == Supposed::Nothing {
            self.hear(&mut call, &mut bounds, selection, None)?;
        }
        let open = match &bounds.open {
            Expr::Literal(open, _) => lit(*open == ScalarValue::Boolean(Some(true))),
            open => open.clone().is_true(),
        };
        Ok((open, call.needs))
    }

    /// A call that reads no more than the day by which rows are sorted.
    fn call(&self, selection: &Selection) -> Result<Call> {
        let Some(record) = self.ground.catalog.records.get(&selection.record) else {
            return internal_err!("`{}` is no record", selection.record);
        };
        let (start, end) = match &record.timing {
            RecordTiming::At { day } => (day.clone(), None),
            RecordTiming::During { start, end } => (start.clone(), Some(end.clone())),
            RecordTiming::Once(_) => return internal_err!("a once-record has no rows"),
        };
        let lists = lists(&record.name, selection.side.as_deref());
        let mark = record.mark().filter(|it| (self.ground.has)(&format!("{lists}.{it}")));
        Ok(Call {
            depth: selection.depth,
            lists,
            fields: vec![(start.clone(), Physical::Date)],
            start,
            end,
            mark,
            moment: record.moment(),
            anonymous: record.anonymous,
            placed: false,
            needs: 0,
        })
    }

    /// The condition, as it is asked of each row.
    fn asked(
        &mut self,
        call: &mut Call,
        bounds: &mut Bounds,
        condition: &Term,
        careful: bool,
    ) -> Result<()> {
        call.fields_of(condition);
        self.marked.push((call.depth, call.mark.is_some()));
        self.bound.push(call.depth);
        let lowered = self.value(condition);
        self.bound.pop();
        self.marked.pop();
        let (condition, stage) = lowered?;
        call.needs = call.needs.max(stage);
        bounds.rest.push(if careful { condition.is_true() } else { condition });
        Ok(())
    }

    /// The window on the sorted day, and what is left to ask of each row.
    fn bounds(&mut self, call: &mut Call, selection: &Selection) -> Result<Bounds> {
        let mut bounds = Bounds::open(self.ground.data_date);
        let (mut first_days, mut last_days): (Vec<Expr>, Vec<Expr>) = (Vec::new(), Vec::new());
        if let Some(at) = &selection.latest_at {
            let (at, stage) = self.value(at)?;
            call.needs = call.needs.max(stage);
            bounds.high = earlier(bounds.high, at.clone())?;
            // What holds on a day to come is not known: a row until then may say otherwise.
            if !call.anonymous && self.supposed != Supposed::Over {
                bounds.known_by(&at, self.ground.data_date)?;
            }
            last_days.push(at);
        }
        for window in &selection.windows {
            let first = self.bound(call, window.first.as_ref())?;
            let last = self.bound(call, window.last.as_ref())?;
            first_days.extend(first.clone());
            last_days.extend(last.clone());
            bounds.narrow(call, window, first, last, self.ground.data_date)?;
        }
        bounds.first = reduce(first_days, later)?;
        if let Some(last) = reduce(last_days, earlier)? {
            bounds.open = match fixed(&last) {
                _ if self.supposed == Supposed::Over => lit(false),
                Some(last) => lit(last > self.ground.data_date),
                None => last.clone().gt(date(self.ground.data_date)),
            };
            bounds.last = Some(last);
        }
        Ok(bounds)
    }

    /// Nothing found is nothing known where somebody who knows the subject did not deliver.
    fn hear(
        &mut self,
        call: &mut Call,
        bounds: &mut Bounds,
        selection: &Selection,
        organisation: Option<Expr>,
    ) -> Result<()> {
        let only = selection.condition.as_ref().and_then(|it| silence::named(it, selection.depth));
        let Ground { undelivered, symbol, data_date, .. } = self.ground;
        let mut gaps = undelivered.gaps(&selection.record, only.as_ref(), symbol);
        let first = bounds.first.clone().unwrap_or(lit(ScalarValue::Date32(Some(i32::MIN))));
        let last = bounds
            .last
            .clone()
            .map_or_else(|| Ok(date(data_date)), |last| earlier(last, date(data_date)))?;
        // Days that are the same for everybody decide here.
        if let Some(first) = literal(&first) {
            gaps.retain(|gap| gap.last >= first);
        }
        if let Some(last) = literal(&last) {
            gaps.retain(|gap| gap.first <= last);
        }
        if gaps.is_empty() {
            return Ok(());
        }
        let first = match &selection.latest_at {
            // What holds is known from the day of the row that says so.
            Some(_) => {
                let latest = Selection { condition: None, ..selection.clone() };
                let made = Aggregate::Last(call.start.clone(), Physical::Date);
                let (day, stage) = self.value(&Term::made(made, latest))?;
                call.needs = call.needs.max(stage);
                when(day.clone().is_null(), first).otherwise(day)?
            }
            None => first,
        };
        let silent = silence::silent(gaps, dates::days(data_date), (first, last), organisation);
        bounds.open = match &bounds.open {
            Expr::Literal(ScalarValue::Boolean(Some(false)), _) => silent,
            open => open.clone().or(silent),
        };
        Ok(())
    }

    fn bound(&mut self, call: &mut Call, term: Option<&Term>) -> Result<Option<Expr>> {
        let Some(term) = term else { return Ok(None) };
        let (bound, stage) = self.value(term)?;
        call.needs = call.needs.max(stage);
        Ok(Some(bound))
    }
}

/// A selection being lowered.
struct Call {
    depth: usize,
    /// What its lists are called.
    lists: String,
    start: String,
    end: Option<String>,
    /// The list that says of which rows the end is unknown, if there are such.
    mark: Option<String>,
    /// The list that says when on its day a row starts, where that is an instant.
    moment: Option<String>,
    /// The lists it reads, the sorted day first, what the aggregate reads second.
    fields: Vec<(String, Physical)>,
    /// Whether each row is a subject by itself: of one that is there no other is to come.
    anonymous: bool,
    /// Whether the condition asks which of the subject's rows it looks at.
    placed: bool,
    needs: usize,
}

impl Call {
    /// The function, whose second list is put in place.
    fn read_by(&mut self, aggregate: &Aggregate) -> Made {
        match aggregate {
            Aggregate::Tied(picking) => self.read_by(picking),
            Aggregate::Any => Made::Any,
            Aggregate::Count => Made::Count,
            Aggregate::Sum(field) => {
                self.fields.push((field.clone(), Physical::Number));
                Made::Sum
            }
            Aggregate::First(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::First
            }
            Aggregate::Last(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::Last
            }
            Aggregate::Nth(field, physical, number) => {
                self.fields.push((field.clone(), *physical));
                Made::Nth(*number)
            }
            Aggregate::Best(field, physical, keys) => {
                self.fields.push((field.clone(), *physical));
                let mut descending = 0_u32;
                for (at, key) in (0_u32..).zip(keys) {
                    self.fields.push((key.field.clone(), key.physical));
                    descending |= u32::from(key.descending).checked_shl(at).unwrap_or(0);
                }
                Made::Best { keys: keys.len(), descending }
            }
            Aggregate::Mean(field) => {
                self.fields.push((field.clone(), Physical::Number));
                Made::Mean
            }
            Aggregate::Least(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::Least
            }
            Aggregate::Most(field, physical) => {
                self.fields.push((field.clone(), *physical));
                Made::Most
            }
            Aggregate::Goals { score, weight } => {
                self.fields.push((score.clone(), Physical::Number));
                self.fields.extend(weight.iter().map(|it| (it.clone(), Physical::Number)));
                Made::Goals { weighted: weight.is_some() }
            }
            Aggregate::Organisations => {
                self.fields.push((ORGANISATION.to_owned(), Physical::Symbol));
                Made::Distinct
            }
            Aggregate::Nights => self.covered(Covering::Nights, false),
            Aggregate::Days => self.covered(Covering::Days, false),
            Aggregate::Covered(covering) => self.covered(*covering, true),
        }
    }

    fn covered(&mut self, covering: Covering, as_set: bool) -> Made {
        self.fields.extend(self.end.clone().map(|end| (end, Physical::Date)));
        self.fields.extend(self.mark.clone().map(|mark| (mark, Physical::Symbol)));
        let (lasting, marked) = (self.end.is_some(), self.mark.is_some());
        Made::Covered { covering, lasting, marked, as_set }
    }

    fn list(&mut self, field: &str, physical: Physical) {
        if !self.fields.iter().any(|(known, _)| known == field) {
            self.fields.push((field.to_owned(), physical));
        }
    }

    /// The lists that a condition at this depth reads.
    fn fields_of(&mut self, term: &Term) {
        let children = match term {
            Term::RowField { depth, field, .. } if *depth == self.depth && field == PLACE => {
                self.placed = true;
                return;
            }
            Term::RowField { depth, field, physical } if *depth == self.depth => {
                if self.mark.is_some() || !field.ends_with(MARK) {
                    self.list(field, *physical);
                }
                return;
            }
            Term::Of { reference, .. } => vec![reference.as_ref()],
            // Its condition looks at its own row; its bounds at ours.
            Term::Selected { selection, .. } if selection.depth == self.depth => selection.bounds(),
            _ => term.children(),
        };
        for child in children {
            self.fields_of(child);
        }
    }

    /// The lists, the window, and the condition.
    fn arguments(&self, made: Made, bounds: Bounds) -> Vec<Expr> {
        let list = |(field, _): &(String, Physical)| ident(format!("{}.{field}", self.lists));
        let mut arguments: Vec<Expr> = self.fields.iter().map(list).collect();
        arguments.extend([bounds.low, bounds.high, bounds.open]);
        if matches!(made, Made::Covered { .. }) {
            arguments.extend([bounds.cut_first, bounds.cut_last]);
        }
        let condition = bounds.rest.into_iter().reduce(Expr::and).unwrap_or(lit(true));
        arguments.push(lambda(self.parameters(), condition));
        arguments
    }

    /// A name for each list inside the condition, another each time it is read again; then one for
    /// the place of the row, if it is asked for.
    fn parameters(&self) -> Vec<String> {
        let names = self.fields.iter().enumerate().map(|(at, (field, _))| {
            let before = self.fields.iter().take(at).filter(|(before, _)| before == field).count();
            variable(self.depth, field) + &" again".repeat(before)
        });
        names.chain(self.placed.then(|| variable(self.depth, PLACE))).collect()
    }

    fn start(&self) -> Expr {
        row_field(self.depth, &self.start, Physical::Date)
    }

    fn end(&mut self) -> Option<Expr> {
        let end = self.end.clone()?;
        self.list(&end, Physical::Date);
        Some(row_field(self.depth, &end, Physical::Date))
    }

    /// What is said of a row by its end, or by `unknown` where that is unknown.
    fn by_end(&mut self, known: Expr, unknown: Expr) -> Result<Expr> {
        let Some(mark) = self.mark.clone() else { return Ok(known) };
        self.list(&mark, Physical::Symbol);
        let marked = row_field(self.depth, &mark, Physical::Symbol).is_not_null();
        when(marked, unknown).otherwise(known)
    }
}

fn reduce(items: Vec<Expr>, join: fn(Expr, Expr) -> Result<Expr>) -> Result<Option<Expr>> {
    let mut joined = None;
    for item in items {
        joined = Some(match joined {
            None => item,
            Some(before) => join(before, item)?,
        });
    }
    Ok(joined)
}
