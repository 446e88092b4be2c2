//! Every message of the checker, one constructor a problem.

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, suggest};
use interplay_syntax::tree::DeclarationKind;

use crate::shape::NOT_BUILT;
use crate::types::Type;
use crate::units::conversion;

mod anonymous;
mod identity;
mod levels;
mod meant;
pub(crate) mod moments;
mod names;
mod organisations;
mod periods;
mod referring;
mod tracing;
mod units;

pub(crate) use anonymous::{
    anonymous_followed, anonymous_named, anonymous_other, anonymous_referred, anonymous_refers,
    anonymous_settled, anonymous_twice,
};
pub(crate) use identity::{key_may_be_missing, key_of_once, named_twice};
pub(crate) use levels::{
    code_not_a_word, level_after_is, no_levels, tree_gap, tree_of_what, tree_row,
};
pub(crate) use meant::{
    field_of_pick, header_twice, list_for_one, named_argument, no_title, only_one, period_as_date,
    period_of_query, reserved_name, subject_as_value, unit_alone, unknown_comparison, use_is,
    wrong_expr, wrong_value,
};
pub(crate) use names::{births, missing_among, missing_compared, taken_word};
pub(crate) use organisations::{built_in, no_fact, record_of_organisations, reserved_field};
pub(crate) use periods::{
    baseline_late, bounds_order, empty_period, finer_first, kind_of_period_taken, no_same_days,
    no_such_part, periods_overlap, since_until, starts_or_named, turned, turned_numbers,
    unknown_kind_of_period, unknown_period_of,
};
pub(crate) use referring::{
    may_overlap, multiplied, no_conversion, no_side, overlap_of_days, unit_then_more, unknown_of,
};
pub(crate) use tracing::{trace_in_report, trace_not_allowed, trace_of_whom};
pub(crate) use units::{Differing, unit_of_fact, unit_of_itself, units_differ};

/// `indicator reached { shre: … }`: a clause its block does not take
pub(crate) fn unknown_clause(of: &str, label: &str, span: Span, known: &[&str]) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-clause", span, format!("`{of}` has no clause `{label}`"));
    if matches!(label, "title" | "label" | "name" | "description") {
        return problem.with_help(
            "a title stands in `\"…\"` after the name, and a description after `##` above",
        );
    }
    near(problem, label, known.iter().copied(), "its clauses are")
}

/// `indicator reached { among: person }`: a clause that must be there is not
pub(crate) fn missing_clause(of: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("missing-clause", span, format!("`{of}` lacks {wanted}"))
}

/// `count: a   share: b`: two clauses that exclude each other, or one said twice
pub(crate) fn clause_twice(label: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("clause-twice", span, format!("`{label}` clashes with an earlier clause"))
        .with_other(first, "the earlier one")
}

/// `"Living rough" nl "Op straat" nl "Buiten"`: a text said twice in one language
pub(crate) fn said_twice_in(language: &str, span: Span) -> Diagnostic {
    Diagnostic::error("clause-twice", span, format!("this is said in `{language}` already"))
}

/// `record stay … every quarter { … }`: a header word that this declaration does not take
pub(crate) fn unknown_header(of: &str, header: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::error("unknown-header", span, format!("`{of}` takes no `{header}`"));
    let kind = DeclarationKind::ALL.iter().find(|(words, _)| *words == of);
    match kind.map(|(_, kind)| kind.headers()) {
        Some([]) | None => problem,
        Some(known) => {
            let is_built = |word: &&&str| !NOT_BUILT.contains(&(of, **word));
            problem.with_help(format!("it takes {}", suggest::list(known.iter().filter(is_built))))
        }
    }
}

/// `record stay { … }` without `of person`
pub(crate) fn missing_header(of: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("missing-header", span, format!("`{of}` needs {wanted}"))
}

/// `indicator reach { … }` a second time
pub(crate) fn declared_twice(kind: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("declared-twice", span, format!("{kind} `{name}` is declared twice"))
        .with_other(first, format!("`{name}` is first declared here"))
}

/// A name that nothing answers to.
pub(crate) fn unknown_name<'a>(
    what: &str,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem = Diagnostic::error("unknown-name", span, format!("there is no {what} `{name}`"));
    match interplay_syntax::instead_of(name) {
        Some(instead) => problem.with_help(format!("here one writes {instead}")),
        None => near(problem, name, known, "known are"),
    }
}

/// `where: place is home`, and only rows of `stay` have a place
pub(crate) fn field_of_rows(name: &str, record: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-name", span, format!("there is no name `{name}` outside of rows"))
        .with_help(format!(
            "it is a field of `{record}`: ask `any ({record} where {name} …)` or `(last {record}).{name}`"
        ))
}

/// `minutes: integer`
pub(crate) fn unknown_type<'a>(
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("there is no type, code list or subject `{name}`");
    let problem = Diagnostic::error("unknown-name", span, message);
    match interplay_syntax::type_instead_of(name) {
        Some(instead) => problem.with_help(format!("here one writes {instead}")),
        None => near(problem, name, known, "known are"),
    }
}

/// `place is housd`
pub(crate) fn unknown_code<'a>(
    list: &str,
    code: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-code", span, format!("`{list}` has no code or group `{code}`"));
    match interplay_syntax::instead_of(code).filter(|instead| instead.contains("missing")) {
        Some(instead) => problem.with_help(format!("here one writes {instead}")),
        None => near(problem, code, known, "its codes are"),
    }
}

/// `gender is Woman`, `gender is "Woman"`, where the code is `f`
pub(crate) fn label_as_code(list: &str, code: &str, label: &str, span: Span) -> Diagnostic {
    let message = format!("`{list}` has no code or group `{label}`");
    Diagnostic::error("unknown-code", span, message)
        .with_help(format!("that is the label of `{code}`: write `{code}`"))
}

/// `place is homeless`, where `homeless` is a group
pub(crate) fn group_after_is(group: &str, span: Span) -> Diagnostic {
    Diagnostic::error("group-after-is", span, format!("`{group}` is a group of several codes"))
        .with_help(format!("write `in {group}`"))
}

/// `place is housed or emergency`
pub(crate) fn code_as_condition(left: &str, codes: &[String], span: Span) -> Diagnostic {
    let code = codes.last().map_or("", String::as_str);
    Diagnostic::error("code-as-condition", span, format!("`{code}` is a code, not a condition"))
        .with_help(format!("write `{left} in ({})`", codes.join(", ")))
}

/// `minutes > 3 EUR`, `gender < 3`
pub(crate) fn types_differ(one: &Type, one_at: Span, two: &Type, two_at: Span) -> Diagnostic {
    let message = format!("this is {two}, the other side is {one}");
    let problem =
        Diagnostic::error("types-differ", two_at, message).with_other(one_at, format!("{one}"));
    match (one, two) {
        (Type::Subject(subject), _) | (_, Type::Subject(subject)) => problem.with_help(format!(
            "which `{subject}` it is, only another reference tells; ask what is true of it: `….field`"
        )),
        (Type::Number(Some(one)), Type::Number(Some(two)))
            if conversion(two, one).is_some() =>
        {
            problem.with_help(format!("write `(…) in {one}`"))
        }
        (Type::Date, Type::Text) | (Type::Text, Type::Date) => {
            problem.with_help("a date stands without quotation marks: `2025-01-31`")
        }
        (Type::Number(_), Type::Text) | (Type::Text, Type::Number(_)) => {
            problem.with_help("a number stands without quotation marks: `12.5`")
        }
        _ => problem,
    }
}

/// A value of one type where another is wanted.
pub(crate) fn wrong_type(wanted: &str, found: &str, span: Span) -> Diagnostic {
    let message = format!("{wanted} is expected here, and this is {found}");
    let problem = Diagnostic::error("wrong-type", span, message);
    if found.starts_with("rows of") && !wanted.starts_with("a set of days") {
        return problem
            .with_help("say what is asked of them: `any …`, `no …`, `every …`, `count of …`");
    }
    if found.starts_with("a row of") {
        return problem.with_help("name a field of it: `(first …).FIELD`");
    }
    problem
}

/// `better: higer`
pub(crate) fn wrong_word(known: &[&str], found: &str, span: Span) -> Diagnostic {
    let problem = wrong_type(&suggest::choice(known), &format!("`{found}`"), span);
    match suggest::nearest(found, known.iter().copied()) {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

/// `any contact in 2025`
pub(crate) fn in_period(span: Span) -> Diagnostic {
    let problem = wrong_type("a value", "a period", span);
    problem.with_help("rows are asked of a period by `during`, `overlapping` or `within`")
}

/// `any (contact where kind is intake during 2025)`
pub(crate) fn time_after_code(span: Span) -> Diagnostic {
    let problem = wrong_type("a code", "a code and a time", span);
    problem.with_help("a time stands right after the record: `contact during 2025 where …`")
}

/// `count: contact` where a selection would be multiplied, or `stay.place`
pub(crate) fn many_rows(record: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "many-rows",
        span,
        format!("a subject can have many rows of `{record}`, and one value is expected"),
    )
    .with_help("say which or how many: `first …`, `last …`, `any …`, `no …`, `count of …`")
}

/// `first of …`: a word before `of` that makes nothing
pub(crate) fn unknown_aggregate<'a>(
    word: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-name", span, format!("nothing is made by `{word} of`"));
    if let Some(instead) = interplay_syntax::instead_of(word) {
        return problem.with_help(format!("here one writes {instead}"));
    }
    near(problem, word, known, "there are")
}

/// `minutes of contact`: a field of many rows
pub(crate) fn field_of_many(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-name", span, format!("nothing is made by `{field} of`"))
        .with_help(format!("say what is made of it: `sum of {field} of …`, `max of {field} of …`"))
}

/// `income < poverty_line`, and the line changes with time
pub(crate) fn parameter_undated(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` changes with time, and no date is said");
    Diagnostic::error("parameter-undated", span, message)
        .with_help(format!("write `{name} at start of period`, or at another date"))
}

/// `poverty_line at 2022-12-31`, and its values begin later
pub(crate) fn no_value_yet(
    name: &str,
    day: NaiveDate,
    steps: &[(NaiveDate, f64)],
    span: Span,
) -> Diagnostic {
    let values: Vec<String> = steps.iter().map(|(day, value)| format!("{day}: {value}")).collect();
    let message = format!("`{name}` has no value on {day}");
    Diagnostic::error("no-value-yet", span, message)
        .with_help(format!("its values begin on a later day: {}", values.join(", ")))
}

/// `for each { left | nights … }` of which `nights` is used nowhere
pub(crate) fn unused_column(name: &str, span: Span) -> Diagnostic {
    let message = format!("no given row and no expectation uses the column `{name}`");
    Diagnostic::error("unused-column", span, message)
        .with_help(format!("write `{name}` in place of a cell, or after `is`"))
}

/// `expect: measure reach in 2025 is withheld` in a test that withholds nothing
pub(crate) fn never_withheld(span: Span) -> Diagnostic {
    Diagnostic::error("never-withheld", span, "nothing is withheld in this test")
        .with_help("add `disclosure: protected` to the test, so that small numbers are")
}

/// `expect: measure stably_housed in 2025 is 50`, where a share lies from 0 to 1
pub(crate) fn beyond_a_share(figure: f64, span: Span) -> Diagnostic {
    let message = format!("a share lies from 0% to 100%, and this is {figure}");
    let problem = Diagnostic::error("beyond-a-share", span, message);
    if (0.0..=100.0).contains(&figure) {
        return problem.with_help(format!("write `{figure}%`"));
    }
    problem
}

/// `target: { 2026: 155% }` of a share
pub(crate) fn aimed_beyond(percent: &str, span: Span) -> Diagnostic {
    let message = format!("a share lies from 0% to 100%, and this is {percent}");
    Diagnostic::error("beyond-a-share", span, message)
}

/// `every stay during 2025`, which asks nothing of the stays
pub(crate) fn every_asks_nothing(span: Span) -> Diagnostic {
    let message = "`every` needs `where` and what is to hold of every row";
    Diagnostic::error("every-asks-nothing", span, message)
        .with_help("write `every (… where …)`; whether there is a row at all is `any …`")
}

/// `any other stay` where no stay is at hand
pub(crate) fn other_than_what(record: &str, span: Span) -> Diagnostic {
    let message = format!("no row of `{record}` is at hand that others could differ from");
    Diagnostic::error("other-than-what", span, message)
        .with_help(format!("`other` stands in the `where` of rows of `{record}`"))
}

/// `previous autumn`: no period of that name
pub(crate) fn unknown_period<'a>(
    word: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("there is no period `previous {word}`");
    near(Diagnostic::error("unknown-name", span, message), word, known, "after `previous` stand")
}

/// A form that the language knows and this version cannot compute yet.
pub(crate) fn not_available(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("not-available", span, format!("{what} cannot be computed by this version"))
}

/// `among: contact` of a `change`: rows are not followed
pub(crate) fn needs_subjects(kind: &str, record: &str, span: Span) -> Diagnostic {
    let message = format!("`{kind}` follows subjects, and this selects rows of `{record}`");
    Diagnostic::error("needs-subjects", span, message)
        .with_help("`among:` takes a target group here, or the subject itself: `among: person`")
}

/// `nights of contact`: a record at a day has no nights
pub(crate) fn no_duration(record: &str, span: Span) -> Diagnostic {
    Diagnostic::error("no-duration", span, format!("rows of `{record}` have no duration"))
}

/// `nights of stay minus 3`: what is joined with a set is a set
pub(crate) fn no_days(found: &str, number: bool, span: Span) -> Diagnostic {
    let problem = wrong_type("a set of days, as in `nights of stay`,", found, span);
    if number { problem.with_help("numbers are subtracted with `-`") } else { problem }
}

/// `place: unknown` in a source
pub(crate) fn unknown_for_no_end(span: Span) -> Diagnostic {
    wrong_type("a column, a value or `missing`", "`unknown`", span)
        .with_help("`unknown` says of the end of a row that it should be known and is not")
}

/// `count of stay between signed and left_school`: the number or the rows
pub(crate) fn rows_or_number(kind: &Type, value: Span, date: Span) -> Diagnostic {
    types_differ(kind, value, &Type::Date, date).with_help(
        "to look at rows between two dates, put them in parentheses: `(… between … and …)`",
    )
}

/// `count of contact known only`
pub(crate) fn known_only_of_what(word: &str, span: Span) -> Diagnostic {
    let wanted = "`sum`, `mean`, `min` or `max` of a field before `known only`";
    wrong_type(wanted, &format!("`{word} of`"), span)
}

/// `as of X` next to other timing, or after `where`
pub(crate) fn as_of_alone(record: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "as-of-alone",
        span,
        format!("`as of` on `{record}` picks one row, so it stands first and alone"),
    )
    .with_help("put `as of` right after the record, and `where` after it")
}

/// `define a of person = b`, `define b of person = a`: the way round, and its steps
pub(crate) fn cycle<'a>(
    round: &[&String],
    span: Span,
    steps: impl Iterator<Item = (Span, &'a str, &'a str)>,
) -> Diagnostic {
    let path = round.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ");
    let problem = Diagnostic::error("cycle", span, format!("the definition needs itself: {path}"));
    steps.fold(problem, |problem, (place, one, next)| {
        problem.with_other(place, format!("`{one}` needs `{next}`"))
    })
}

/// `define d65 of person = d64`, and so on down to `d0`
pub(crate) fn leans_deep(name: &str, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        "leans-deep",
        span,
        format!("`{name}` is reached through more than {most} definitions in a row"),
    )
    .with_help("say it in fewer steps")
}

/// `define d20 of person = d19 + d19`, and so on: doubled at every step
pub(crate) fn too_large(name: &str, span: Span) -> Diagnostic {
    let message = format!("written out with all that it leans on, `{name}` is too large");
    Diagnostic::error("too-large", span, message)
        .with_help("let fewer definitions use each other more than once")
}

/// `nights_homeless: { range: 0 .. 365 }`, where fewer nights are better
pub(crate) fn range_turned(name: &str, better: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` says `better: {better}`, and its range goes the other way");
    Diagnostic::error("range-turned", span, message)
        .with_help("the worst stands first, then the best")
}

/// `target: { 2026: 55% }` without `better:`
pub(crate) fn better_needed(span: Span) -> Diagnostic {
    let message = "a target needs `better:`, or nobody can tell on which side of it is too little";
    Diagnostic::error("better-needed", span, message)
        .with_help("write `better: higher` or `better: lower`")
}

/// `compare target`, and no figure asked for has one
pub(crate) fn nothing_to_compare(clause: &str, span: Span) -> Diagnostic {
    let message = format!("none of the figures has a `{clause}:` to be compared with");
    Diagnostic::error("nothing-to-compare", span, message)
        .with_help(format!("it stands in the indicator, as in `{clause}: {{ 2026: 55% }}`"))
}

/// `recode(`x`, { "f": a, "f": b })`
pub(crate) fn key_twice(key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("key-twice", span, format!("`{key}` stands twice in the table"))
        .with_other(first, "the first time")
}

/// A rule about persons where one about households stands.
pub(crate) fn other_subject(name: &str, of: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "other-subject",
        span,
        format!("`{name}` is about `{of}`, and here it is about `{wanted}`"),
    )
}

/// The same, where a reference leads there.
pub(crate) fn other_subject_by(
    (name, of): (&str, &str),
    wanted: &str,
    way: Option<String>,
    span: Span,
) -> Diagnostic {
    let problem = other_subject(name, of, wanted, span);
    match way {
        Some(way) => problem.with_help(format!("a reference leads there: `{way}`")),
        None => problem,
    }
}

/// A word that could mean two things where it stands.
pub(crate) fn ambiguous_name(name: &str, meanings: &[String], span: Span) -> Diagnostic {
    Diagnostic::error(
        "ambiguous-name",
        span,
        format!("`{name}` can mean {}", suggest_plain(meanings)),
    )
}

/// `3 minuts`
pub(crate) fn unknown_unit<'a>(
    unit: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem = Diagnostic::error("unknown-unit", span, format!("there is no unit `{unit}`"));
    near(problem, unit, known, "known are")
}

/// `measure reach by distrct`
pub(crate) fn unknown_breakdown<'a>(
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem =
        Diagnostic::error("unknown-breakdown", span, format!("nothing can be split by `{name}`"));
    near(problem, name, known, "there are")
}

/// `measure reach in 2025 by district, district`, `by year, quarter`
pub(crate) fn breakdown_twice(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "breakdown-twice",
        span,
        format!("the figures are split already before `{name}`"),
    )
    .with_help("a breakdown stands once")
}

/// `measure reach in 0001 .. 9999 by week`
pub(crate) fn too_many_cells(found: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error("too-many-cells", span, format!("the query asks for {found} periods at once"))
        .with_help(format!(
            "at most {most} can be computed together: ask for fewer, or longer ones"
        ))
}

/// `mesure reach in 2025`
pub(crate) fn unknown_verb<'a>(
    verb: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let problem = Diagnostic::error("unknown-verb", span, format!("no query begins with `{verb}`"));
    near(problem, verb, known, "queries begin with")
}

/// `reach in 2025`, `show reach in 2025`
pub(crate) fn measure_lacks(verb: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-verb", span, format!("no query begins with `{verb}`"))
        .with_help("figures are asked for by `measure`: `measure INDICATOR in 2025`")
}

/// `measure reach` where a rule mentions the period
pub(crate) fn period_needed(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "period-needed",
        span,
        format!("`{name}` depends on a period, and the query names none"),
    )
    .with_help("add one, as in `in 2025`")
}

/// A part of a query that its verb does not take.
pub(crate) fn unused_part(verb: &str, part: &str, span: Span) -> Diagnostic {
    Diagnostic::error("unused-part", span, format!("`{verb}` takes no `{part}`"))
}

/// `where district is north`, where `district` is a dimension
pub(crate) fn dimension_as_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "dimension-as-value",
        span,
        format!("`{name}` is a dimension, which splits figures and is no value"),
    )
    .with_help(format!("split by it, as in `by {name}`, or say here what it is made of"))
}

/// A text or number that does not read as its field's type, in a test's table.
pub(crate) fn cell_value(cell: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error("cell-value", span, format!("`{cell}` does not read as {wanted}"))
}

/// `expect: measure reach by gender is 5`
pub(crate) fn one_figure(span: Span) -> Diagnostic {
    Diagnostic::error(
        "one-figure",
        span,
        "`expect:` asks for one measure, and says its figure, or the figures of a breakdown",
    )
    .with_help("one figure is `is 5`, those of a breakdown `is { f: 2, total: 3 }`")
}

/// A row of `choose` that no subject can reach.
pub(crate) fn never_matches(span: Span) -> Diagnostic {
    Diagnostic::warning("never-matches", span, "nothing can reach this row after `else`")
}

fn near<'a>(
    problem: Diagnostic,
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
    lead: &str,
) -> Diagnostic {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    match suggest::nearest(written, known.iter().copied()) {
        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
        None if known.is_empty() => problem,
        None if known.len() <= 12 => problem.with_help(format!("{lead} {}", suggest::list(known))),
        None => problem,
    }
}

fn suggest_plain(meanings: &[String]) -> String {
    match meanings {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => meanings.join(", "),
    }
}
