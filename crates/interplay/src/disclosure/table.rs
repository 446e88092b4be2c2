//! The numbers of people in the figures of a query, and what is known of how they add up.
//!
//! What is shown twice is one: a quarter that stands in the table and beside the next quarter is
//! the same figure. A figure is one unit, with all that is made of it; for how many it is unknown,
//! with the bounds, is another, which is not shown without the figure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use interplay_compile::calendar::Period;
use interplay_compile::contained::{Sides, is_contained};
use interplay_compile::dimension::Domain;
use interplay_compile::figures::{Group, Placed};
use interplay_compile::indicator::{Crowd, Figure, Part, Told};
use interplay_compile::query::cells;
use interplay_compile::query::measure::Measured;
use interplay_compile::term::{Comparison, Term};

use super::counts::Counts;

/// Which of the numbers of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Numerator,
    Denominator,
    /// Those of the denominator who are not in the numerator.
    Rest,
    /// Those of the denominator and those of whom it is unknown.
    Everyone,
    /// Rows that are counted.
    Rows,
    /// Whose rows they are, or who makes up a sum.
    Behind,
    /// One of several, of a figure that is made of others or is about rows.
    Size(usize),
    Unknown,
}

/// Where a figure stands.
type Place = (Period, Vec<Group>, usize);

/// The figure of a place.
#[derive(Debug)]
struct Shown {
    figure: usize,
    unknown: usize,
    /// Its counts, and what of it adds up.
    roles: BTreeMap<Role, (usize, f64)>,
}

/// All counts of a result.
#[derive(Debug)]
pub(super) struct Table<'a> {
    measured: &'a Measured,
    data_date: NaiveDate,
    most: i64,
    pub(super) counts: Counts,
    places: BTreeMap<Place, Shown>,
    /// Where the figures of all measures stand.
    spots: BTreeSet<(Period, Vec<Group>)>,
    /// Which measures are the same in every period, and the period that stands for all.
    timeless: Vec<bool>,
    always: Period,
    /// Which parts of a period add up to which, and what of them does.
    additive: BTreeSet<(Place, Place, Role)>,
}

/// What hiding costs: rather the figure beside than the one asked for, rather what is unknown than
/// a figure, rather a part than a total, and of these the smallest.
const OWN: u64 = 4;
const COMPARED: u64 = 3;
const UNKNOWN: u64 = 2;

impl<'a> Table<'a> {
    pub(super) fn new(measured: &'a Measured, data_date: NaiveDate, most: i64) -> Self {
        let everyone = Term::Truth(Some(true));
        let timeless = measured.measures.iter().enumerate().map(|(at, measure)| {
            let asked = measured.conditions.get(at).is_some_and(Term::mentions_period);
            let mut parts = measure.indicator.parts(&measure.indicator.among().condition());
            parts.extend(measure.indicator.parts(&everyone));
            !asked && !parts.iter().flat_map(Part::terms).any(Term::mentions_period)
        });
        Self {
            measured,
            data_date,
            most,
            counts: Counts::default(),
            places: BTreeMap::new(),
            spots: BTreeSet::new(),
            timeless: timeless.collect(),
            always: Period { first: data_date, last: data_date },
            additive: BTreeSet::new(),
        }
    }

    /// The place of a figure; what does not look at the period is the same in all.
    fn place(&self, period: Period, groups: &[Group], measure: usize) -> Place {
        let is_organisation = self
            .measured
            .breakdowns
            .iter()
            .any(|breakdown| matches!(breakdown.domain, Domain::Involvement { .. }));
        let is_timeless = self.timeless.get(measure) == Some(&true);
        let is_same = is_timeless && !is_organisation && self.is_lasting(groups);
        (if is_same { self.always } else { period }, groups.to_vec(), measure)
    }

    fn place_of(&self, one: &Placed) -> Place {
        self.place(one.period, &one.groups, one.measure)
    }

    /// Adds the figures of one side: those asked for, or those beside them. `cells` are the
    /// periods, the whole last where it is cut.
    pub(super) fn add(&mut self, placed: &[Placed], cells: &[Period], is_own: bool) {
        let whole = cells.last().filter(|_| !self.measured.kinds.is_empty());
        let each = if is_own { OWN } else { COMPARED };
        for one in placed {
            let key = self.place_of(one);
            self.spots.insert((one.period, one.groups.clone()));
            if self.places.contains_key(&key) {
                continue;
            }
            let totals = one.groups.iter().filter(|group| **group == Group::Total).count();
            let totals = totals + usize::from(whole == Some(&one.period));
            let shown = shown(&mut self.counts, &one.figure, each, totals, self.most);
            self.places.insert(key, shown);
        }
    }

    /// Withholds a figure for what it is, whatever its size.
    pub(super) fn hide(&mut self, one: &Placed) {
        if let Some(shown) = self.places.get(&self.place_of(one)) {
            self.counts.hide(shown.figure);
        }
    }

    /// Whether the figure is withheld, and whether what is unknown of it is.
    pub(super) fn hidden(&self, one: &Placed) -> (bool, bool) {
        let shown = self.places.get(&self.place_of(one));
        shown.map_or((false, false), |shown| {
            (self.counts.is_hidden(shown.figure), self.counts.is_hidden(shown.unknown))
        })
    }

    /// Says how the counts add up: over groups, over time, from measure to measure and from period
    /// to period.
    pub(super) fn relate(&mut self, sides: [&[Period]; 2]) {
        self.relate_groups();
        if let Some(whole) = sides[0].last() {
            let cells = self.measured.cells(*whole);
            for (total, parts) in cells::families(&cells) {
                for side in sides {
                    let parts = parts.iter().filter_map(|at| side.get(*at).copied());
                    if let Some(total) = side.get(total) {
                        self.relate_time(&parts.collect::<Vec<_>>(), *total);
                    }
                }
            }
        }
        self.relate_periods();
        self.relate_measures();
    }

    /// Figures that differ in one breakdown only are parts of their total.
    fn relate_groups(&mut self) {
        type Line<'l> = (Vec<&'l Place>, Option<&'l Place>);
        let places: Vec<Place> = self.places.keys().cloned().collect();
        let mut lines: BTreeMap<(Period, usize, usize, Vec<Group>), Line<'_>> = BTreeMap::new();
        for key in &places {
            let (period, groups, measure) = key;
            for breakdown in 0..groups.len() {
                let mut others = groups.clone();
                let own = others.remove(breakdown);
                let line = lines.entry((*period, *measure, breakdown, others)).or_default();
                if own == Group::Total { line.1 = Some(key) } else { line.0.push(key) }
            }
        }
        for ((_, _, breakdown, _), (parts, total)) in lines {
            let Some(total) = total else { continue };
            let added = self.add_up(&parts, total);
            let domain = self.measured.breakdowns.get(breakdown).map(|it| &it.domain);
            if !matches!(domain, Some(Domain::Involvement { .. })) {
                continue;
            }
            // Who stands under an organisation is among all.
            let people = [Role::Numerator, Role::Denominator, Role::Rest, Role::Unknown];
            for role in people.into_iter().filter(|role| !added.contains(role)) {
                for part in &parts {
                    self.contain((part, role), (total, role));
                }
            }
        }
    }

    /// The parts of a period, where they do add up to it.
    fn relate_time(&mut self, parts: &[Period], whole: Period) {
        let places: Vec<Place> = self.places.keys().cloned().collect();
        for total in places.iter().filter(|(period, ..)| *period == whole) {
            let (_, groups, measure) = total;
            let parts = parts.iter().map(|period| self.place(*period, groups, *measure));
            let parts: Vec<Place> = parts.filter(|key| self.places.contains_key(key)).collect();
            let added = self.add_up(&parts.iter().collect::<Vec<_>>(), total);
            for (role, part) in added.iter().flat_map(|role| parts.iter().map(move |it| (role, it)))
            {
                self.additive.insert((part.clone(), total.clone(), *role));
            }
        }
    }

    /// A period within another: of what grows with the period, its people are among those of the
    /// other.
    fn relate_periods(&mut self) {
        let places: Vec<Place> = self.places.keys().cloned().collect();
        let mut periods: Vec<Period> = places.iter().map(|(period, ..)| *period).collect();
        periods.dedup();
        let told: Vec<Vec<(Role, Term)>> =
            (0..self.measured.measures.len()).map(|measure| self.told(measure)).collect();
        for inner in &periods {
            let around =
                |it: &&Period| *it != inner && it.first <= inner.first && inner.last <= it.last;
            for outer in periods.iter().filter(around) {
                let sides = Sides { inner: *inner, outer: *outer, data_date: self.data_date };
                let grows = |told: &Vec<(Role, Term)>| -> Vec<Role> {
                    let grows = told.iter().filter(|(_, term)| is_contained(term, term, sides));
                    grows.map(|(role, _)| *role).collect()
                };
                let grows: Vec<Vec<Role>> = told.iter().map(grows).collect();
                for small in places.iter().filter(|(period, ..)| period == inner) {
                    let roles = grows.get(small.2).map_or(&[][..], Vec::as_slice);
                    self.relate_within(small, *outer, roles);
                }
            }
        }
        self.relate_lasting(&places, &told);
    }

    /// Whom a measure counts whatever the period is: as many in each.
    fn relate_lasting(&mut self, places: &[Place], told: &[Vec<(Role, Term)>]) {
        let mut first = BTreeMap::new();
        let mut same = Vec::new();
        for place in places.iter().filter(|(_, groups, _)| self.is_lasting(groups)) {
            let (_, groups, measure) = place;
            let told = told.get(*measure).into_iter().flatten();
            let lasting = told.filter(|(role, term)| {
                !matches!(role, Role::Behind | Role::Rows) && !term.mentions_period()
            });
            for (role, _) in lasting {
                let Some(count) = self.count(place, *role) else { continue };
                let one = *first.entry((groups, measure, *role)).or_insert(count);
                same.extend((one != count).then_some((one, count)));
            }
        }
        for (one, count) in same {
            self.counts.add_up(&[one], count);
        }
    }

    /// The figure of a period within another, where who stands under its groups stands there in
    /// both; not where it is known to add up.
    fn relate_within(&mut self, small: &Place, outer: Period, roles: &[Role]) {
        let (_, groups, measure) = small;
        let large = self.place(outer, groups, *measure);
        if large == *small || !self.is_lasting(groups) {
            return;
        }
        for role in roles.iter().filter(|role| **role != Role::Behind) {
            if !self.additive.contains(&(small.clone(), large.clone(), *role)) {
                self.contain((small, *role), (&large, *role));
            }
        }
    }

    /// Whether who stands under these groups stands there in every period.
    fn is_lasting(&self, groups: &[Group]) -> bool {
        groups.iter().zip(&self.measured.breakdowns).all(|(group, breakdown)| {
            let moves = breakdown.domain.term().is_some_and(Term::mentions_period);
            *group == Group::Total || !moves
        })
    }

    /// Measures of the same place: whose people are among those of another, under these headings.
    fn relate_measures(&mut self) {
        let told: Vec<(usize, Role, Term)> = (0..self.measured.measures.len())
            .flat_map(|at| self.told(at).into_iter().map(move |(role, term)| (at, role, term)))
            .collect();
        let mut related = BTreeSet::new();
        for (period, groups) in self.spots.clone() {
            let sides = Sides { inner: period, outer: period, data_date: self.data_date };
            let headings = self.headings(&groups);
            let within = |inner: &Term, outer: &Term| {
                is_contained(&headings.clone().and(inner.clone()), outer, sides)
            };
            for (one, (measure, role, inner)) in told.iter().enumerate() {
                let small = self.place(period, &groups, *measure);
                if let (true, Some(count)) =
                    (contradicts(&headings, inner), self.count(&small, *role))
                {
                    self.counts.is_nobody(count);
                }
                for (two, (other, around, outer)) in told.iter().enumerate() {
                    if measure == other || !within(inner, outer) {
                        continue;
                    }
                    let is_same = within(outer, inner);
                    let large = self.place(period, &groups, *other);
                    let is_rows = |role: Role| role == Role::Rows;
                    if is_rows(*role) != is_rows(*around) {
                        continue;
                    }
                    let is_behind = *role == Role::Behind || *around == Role::Behind;
                    let pair = self.count(&small, *role).zip(self.count(&large, *around));
                    match pair.filter(|pair| related.insert(*pair)) {
                        Some((few, many)) if is_same && one < two => {
                            self.counts.add_up(&[few], many);
                        }
                        // Whose rows they are is not shown, but where another measure asks for it.
                        Some((few, many)) if !is_same && !is_behind => {
                            self.counts.contain(few, many, self.most);
                        }
                        _ => {}
                    }
                }
            }
        }
        self.relate_unknown();
    }

    /// What is true of everybody who stands under these headings.
    fn headings(&self, groups: &[Group]) -> Term {
        let own = groups.iter().zip(&self.measured.breakdowns).filter_map(|(group, breakdown)| {
            match (group, &breakdown.domain) {
                (Group::Value(_, code), Domain::Codes { term, headings: None, .. }) => {
                    let code = Term::Symbol(code.clone());
                    Some(term.clone().compared(Comparison::Equal, code))
                }
                _ => None,
            }
        });
        own.fold(Term::Truth(Some(true)), Term::and)
    }

    /// Two measures of which as many are unknown everywhere ask the same of them.
    fn relate_unknown(&mut self) {
        let mut columns: BTreeMap<Vec<i64>, Vec<Vec<usize>>> = BTreeMap::new();
        for measure in 0..self.measured.measures.len() {
            let places =
                self.spots.iter().map(|(period, groups)| self.place(*period, groups, measure));
            let own = places.filter_map(|key| self.count(&key, Role::Unknown));
            let own: Vec<usize> = own.collect();
            let values = own.iter().map(|count| self.counts.value(*count)).collect();
            columns.entry(values).or_default().push(own);
        }
        for measures in columns.into_values() {
            for pair in measures.windows(2) {
                let [one, two] = pair else { continue };
                let pairs: BTreeSet<(usize, usize)> =
                    one.iter().copied().zip(two.iter().copied()).collect();
                for (one, two) in pairs {
                    self.counts.add_up(&[one], two);
                }
            }
        }
    }

    /// The conditions of those whom a measure counts.
    fn told(&self, measure: usize) -> Vec<(Role, Term)> {
        let Some(of) = self.measured.measures.get(measure) else { return Vec::new() };
        let mut people = Term::Seen.and(of.indicator.among().condition());
        if let Some(condition) = self.measured.conditions.get(measure) {
            people = people.and(Term::IsTrue(Box::new(condition.clone())));
        }
        let Told { numerator, denominator, everyone, unknown, behind } = of.indicator.told(&people);
        let roles = [
            (Role::Numerator, numerator),
            (Role::Denominator, denominator),
            (Role::Everyone, everyone),
            (Role::Unknown, unknown),
            (Role::Behind, behind.clone()),
            (Role::Rows, behind),
        ];
        roles.into_iter().filter_map(|(role, term)| Some((role, term?))).collect()
    }

    fn count(&self, key: &Place, role: Role) -> Option<usize> {
        Some(self.places.get(key)?.roles.get(&role)?.0)
    }

    fn contain(&mut self, inner: (&Place, Role), outer: (&Place, Role)) {
        let counts = [inner, outer].map(|(key, role)| self.count(key, role));
        if let [Some(inner), Some(outer)] = counts {
            self.counts.contain(inner, outer, self.most);
        }
    }

    /// Relates the numbers of some places to those of their total, where they add up to it; gives
    /// which do. Where not the people add up but what they bring does, such as rows over time, a
    /// reader still learns what one part brings from the others: there the people count as if they
    /// were different in every part.
    fn add_up(&mut self, parts: &[&Place], total: &Place) -> Vec<Role> {
        let Some(shown) = self.places.get(total) else { return Vec::new() };
        let (figure, unknown) = (shown.figure, shown.unknown);
        let roles: Vec<(Role, usize, f64)> =
            shown.roles.iter().map(|(role, (count, amount))| (*role, *count, *amount)).collect();
        let mut added = Vec::new();
        for (role, total, amount) in roles {
            let is_implied = match role {
                Role::Everyone => true,
                Role::Rest => {
                    [Role::Numerator, Role::Denominator].iter().all(|it| added.contains(it))
                }
                _ => false,
            };
            let found = parts.iter().filter_map(|key| self.places.get(*key)?.roles.get(&role));
            let found: Vec<(usize, f64)> = found.copied().collect();
            let counts: Vec<usize> = found.iter().map(|(count, _)| *count).collect();
            if is_implied || counts.contains(&total) {
                continue;
            }
            if self.counts.add_up(&counts, total) {
                added.push(role);
                continue;
            }
            if matches!(role, Role::Numerator | Role::Denominator) {
                // Who is in the whole is in one part at least.
                let people = counts.iter().map(|count| self.counts.value(*count)).sum();
                let all = self.counts.count(people, None);
                self.counts.add_up(&counts, all);
                self.counts.limit(total, all, self.most);
            }
            let sum: f64 = found.iter().map(|(_, amount)| amount).sum();
            if !matches!(role, Role::Behind | Role::Size(_)) || !is_near(sum, amount) {
                continue;
            }
            let people = counts.iter().map(|count| self.counts.value(*count)).sum();
            let unit = if role == Role::Unknown { unknown } else { figure };
            let all = self.counts.count(people, Some(unit));
            self.counts.add_up(&counts, all);
        }
        added
    }
}

/// Whether nobody stands under these headings of whom a condition is true: it asks for another code.
fn contradicts(headings: &Term, asked: &Term) -> bool {
    let all = |term: &Term| match term {
        Term::And(all) => all.clone(),
        one => vec![one.clone()],
    };
    let bare = |term: Term| match term {
        Term::IsTrue(inner) => *inner,
        other => other,
    };
    let asked: Vec<Term> = all(asked).into_iter().map(bare).flat_map(|term| all(&term)).collect();
    all(headings).iter().any(|heading| {
        asked.iter().any(|asked| match (heading, asked) {
            (
                Term::Compare { comparison: Comparison::Equal, left: one, right: code },
                Term::Compare { comparison: Comparison::Equal, left: two, right: other },
            ) => one == two && matches!(other.as_ref(), Term::Symbol(_)) && code != other,
            _ => false,
        })
    })
}

fn is_near(one: f64, two: f64) -> bool {
    (one - two).abs() <= 1e-9 * one.abs().max(two.abs()).max(1.0)
}

/// The numbers of a figure, and how they hang together.
fn shown(counts: &mut Counts, figure: &Figure, each: u64, totals: usize, most: i64) -> Shown {
    let is_plain = figure.sizes.is_empty();
    let is_about_rows = figure.unknown_people.is_some();
    let mut crowds: Vec<(Role, Crowd)> = Vec::new();
    if is_plain || is_about_rows {
        let (numerator, denominator) = (figure.numerator, figure.denominator);
        let counted = [
            (Role::Numerator, numerator),
            (Role::Denominator, denominator),
            (Role::Rest, figure.rest()),
        ];
        crowds.extend(counted.into_iter().filter_map(|(role, it)| Some((role, Crowd::of(it?)))));
    }
    if is_plain {
        let rows = figure.behind.filter(|_| crowds.is_empty());
        crowds.extend(rows.map(|rows| (Role::Rows, Crowd::of(rows.amount))));
        crowds.extend(figure.behind.map(|crowd| (Role::Behind, crowd)));
    }
    let sizes = figure.sizes.iter().enumerate();
    crowds.extend(sizes.map(|(at, crowd)| (Role::Size(at), *crowd)));
    let open = figure.unknown_people.unwrap_or(figure.unknown);
    let dearer = 1 + 3 * u64::try_from(totals).unwrap_or(0);
    let largest = crowds.iter().map(|(_, crowd)| crowd.people).fold(0.0, f64::max);
    let unknown = counts.unit(cost(UNKNOWN * dearer, open), None);
    let shown = counts.unit(cost(each * dearer, largest), Some(unknown));
    let mut roles = BTreeMap::new();
    for (role, Crowd { people, amount }) in crowds {
        roles.insert(role, (counts.count(whole(people), Some(shown)), amount));
    }
    roles.insert(Role::Unknown, (counts.count(whole(open), Some(unknown)), figure.unknown));
    let at = |role: Role| roles.get(&role).map(|(count, _)| *count);
    if let (Some(some), Some(rest), Some(all)) =
        (at(Role::Numerator), at(Role::Rest), at(Role::Denominator))
    {
        counts.add_up(&[some, rest], all);
    }
    if let (Some(behind), Some(rows)) = (at(Role::Behind), at(Role::Rows)) {
        counts.limit(behind, rows, most);
    }
    if let (Some(known), Some(open), true) = (at(Role::Denominator), at(Role::Unknown), is_plain) {
        let all = counts.count(counts.value(known) + counts.value(open), None);
        counts.add_up(&[known, open], all);
        let amount = figure.denominator.unwrap_or(0.0) + figure.unknown;
        roles.insert(Role::Everyone, (all, amount));
    }
    Shown { figure: shown, unknown, roles }
}

/// What withholding costs: first what it is, then how many people it tells of.
pub(super) fn cost(kind: u64, people: f64) -> u64 {
    const ONE: u64 = 1_000_000;
    kind * ONE + u64::try_from(whole(people)).unwrap_or(0).min(ONE - 1)
}

pub(super) fn whole(people: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a number of people is far below 2^53")]
    let count = people.round() as i64;
    count
}
