//! Completion: what fits at the place of the cursor.

use std::collections::{BTreeMap, BTreeSet};

use interplay::Session;
use interplay_compile::catalog::{Catalog, FieldType, RecordTiming, RuleKind};
use interplay_compile::indicator::{self, KINDS};
use interplay_compile::query::{VERBS, Verb, list};
use interplay_compile::selection::AGGREGATES;
use interplay_diagnostic::SourceId;
use interplay_report::FORMATS;
use interplay_syntax::tree::{Body, DeclarationKind, Expr};
use interplay_syntax::{RESERVED, Token, lex};

use super::meta::COMMANDS;

/// What time is cut into after `by`.
const TIME_UNITS: &[&str] = &["month", "quarter", "week", "year"];

/// With which a period begins, besides a year.
const PERIODS: &[&str] = &["last"];

/// The parts of a query, after its things.
const PARTS: &[&str] = &["as", "by", "compare", "in", "using", "where"];

/// Everything that has a name, by where it fits.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    indicators: Vec<String>,
    reports: Vec<String>,
    /// What figures can be split by.
    breakdowns: Vec<String>,
    /// Whatever `describe` knows.
    described: Vec<String>,
    /// Fields, definitions, target groups and records: what may stand in a condition.
    values: Vec<String>,
    /// Codes and groups of a field or dimension, by its name.
    codes: BTreeMap<String, Vec<String>>,
    /// Fields of what has a name: of records, of definitions that are a row, of other subjects.
    fields: BTreeMap<String, Vec<String>>,
    /// Years that data may be about.
    years: Vec<String>,
}

/// What is written before the word at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place<'a> {
    /// At the start of a statement.
    Start,
    /// After a command of the session.
    AfterCommand(&'a str),
    /// After a verb, or a comma among its things.
    Things(&'static str),
    /// After a thing: another part.
    Parts(&'static [&'static str]),
    /// After `in`.
    Period,
    /// After `by`.
    Breakdown,
    /// After `as`.
    Format,
    /// After `place is`: the field.
    Code(&'a str),
    /// After `intake.`
    Field(&'a str),
    /// In a condition, or in a value of a declaration.
    Value,
    /// Where a clause of an indicator begins.
    Clause,
}

impl Names {
    /// The names of a session, as they are now.
    pub(super) fn new(session: &Session) -> Self {
        let mut names = Self::of(&session.model().catalog);
        names.years = years(session);
        names.years.extend(session.model().catalog.kinds.keys().cloned());
        names
    }

    fn of(catalog: &Catalog) -> Self {
        let rules = |kind: RuleKind| {
            let rules = catalog.rules.values().filter(move |rule| rule.kind == kind);
            rules.map(|rule| rule.name.clone())
        };
        let mut names = Self {
            indicators: rules(RuleKind::Indicator).collect(),
            reports: catalog.reports.keys().cloned().collect(),
            ..Self::default()
        };
        let mut breakdowns: BTreeSet<String> = rules(RuleKind::Dimension).collect();
        breakdowns.extend(TIME_UNITS.iter().map(|unit| (*unit).to_owned()));
        breakdowns.extend(catalog.kinds.keys().cloned());
        breakdowns.insert("organisation".to_owned());
        let mut values: BTreeSet<String> = catalog.records.keys().cloned().collect();
        values.extend(rules(RuleKind::Define).chain(rules(RuleKind::TargetGroup)));
        values.extend(rules(RuleKind::Dimension));
        for record in catalog.records.values() {
            for field in &record.fields {
                values.insert(field.name.clone());
                let FieldType::Code(list) = &field.kind else { continue };
                if record.anonymous || matches!(record.timing, RecordTiming::Once(_)) {
                    breakdowns.insert(field.name.clone());
                }
                let codes = names.codes.entry(field.name.clone()).or_default();
                if let Some(list) = catalog.codes.get(list) {
                    codes.extend(list.codes.iter().map(|(code, _)| code.clone()));
                    codes.extend(list.groups.keys().cloned());
                }
            }
        }
        names
            .codes
            .insert("organisation".to_owned(), catalog.organisations.keys().cloned().collect());
        names.fields = fields(catalog);
        names.breakdowns = breakdowns.into_iter().collect();
        names.values = values.into_iter().collect();
        names.described = names.describable(catalog);
        names
    }

    fn describable(&self, catalog: &Catalog) -> Vec<String> {
        let mut names: BTreeSet<String> = catalog.rules.keys().cloned().collect();
        names.extend(catalog.records.keys().cloned());
        names.extend(catalog.codes.keys().cloned());
        names.extend(catalog.organisations.keys().cloned());
        names.extend(catalog.subjects.keys().cloned());
        names.extend(catalog.sources.keys().cloned());
        names.extend(catalog.kinds.keys().cloned());
        names.extend(self.reports.iter().cloned());
        names.into_iter().collect()
    }

    /// Every name that is declared.
    pub(super) fn all(&self) -> Vec<String> {
        self.described.clone()
    }

    /// Where the word at the end of `text` begins, and the words it may become.
    pub(super) fn complete(&self, text: &str) -> (usize, Vec<String>) {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let before = text.trim_end_matches(is_part);
        let word = text.get(before.len()..).unwrap_or_default();
        let candidates = self.candidates(place(before));
        let mut fitting: Vec<String> =
            candidates.into_iter().filter(|candidate| candidate.starts_with(word)).collect();
        fitting.sort();
        fitting.dedup();
        (before.len(), fitting)
    }

    fn candidates(&self, place: Place<'_>) -> Vec<String> {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match place {
            Place::Start => {
                let verbs = VERBS.iter().map(|verb| verb.name);
                let kinds = DeclarationKind::ALL.iter().map(|(words, _)| *words);
                let commands = COMMANDS.iter().map(|command| command.name);
                verbs.chain(kinds).chain(commands).map(str::to_owned).collect()
            }
            Place::AfterCommand("report") => self.reports.clone(),
            Place::AfterCommand("help") => {
                let verbs = VERBS.iter().map(|verb| verb.name);
                let kinds = KINDS.iter().map(|kind| kind.name);
                let aggregates = AGGREGATES.iter().map(|(name, _)| *name);
                verbs.chain(kinds).chain(aggregates).map(str::to_owned).collect()
            }
            Place::AfterCommand(_) => Vec::new(),
            Place::Things(verb) => match verb {
                "list" => owned(list::LISTS),
                "describe" => self.described.clone(),
                _ => self.indicators.clone(),
            },
            Place::Parts(parts) => owned(parts),
            Place::Period => self
                .years
                .iter()
                .cloned()
                .chain(PERIODS.iter().map(|word| (*word).to_owned()))
                .collect(),
            Place::Breakdown => self.breakdowns.clone(),
            Place::Format => FORMATS.iter().map(|format| format.name.to_owned()).collect(),
            Place::Field(base) => self.fields.get(base).cloned().unwrap_or_default(),
            Place::Code(field) => self.codes.get(field).cloned().unwrap_or_default(),
            Place::Value => {
                let words =
                    RESERVED.iter().copied().chain(AGGREGATES.iter().map(|(name, _)| *name));
                words.map(str::to_owned).chain(self.values.iter().cloned()).collect()
            }
            Place::Clause => {
                let kinds = KINDS.iter().flat_map(|kind| {
                    std::iter::once(kind.name).chain(kind.clauses.iter().copied())
                });
                kinds.chain(indicator::COMMON.iter().copied()).map(str::to_owned).collect()
            }
        }
    }
}

/// What may stand after a dot.
fn fields(catalog: &Catalog) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in catalog.records.values() {
        let own: Vec<String> = record.fields.iter().map(|field| field.name.clone()).collect();
        if matches!(record.timing, RecordTiming::Once(_)) {
            found.entry(record.subject.clone()).or_default().extend(own.clone());
        }
        found.entry(record.name.clone()).or_default().extend(own);
    }
    for rule in catalog.rules.values() {
        let Some(Body::Expression(expr)) = &rule.written.body else { continue };
        let own = row_of(&expr.item).and_then(|record| catalog.records.get(record));
        if let Some(own) = own {
            let own = own.fields.iter().map(|field| field.name.clone());
            found.insert(rule.name.clone(), own.collect());
        }
    }
    // What refers to a subject has its fields: `membership.household.tenure`.
    for field in catalog.records.values().flat_map(|record| &record.fields) {
        if let FieldType::Subject(subject) = &field.kind
            && let Some(own) = found.get(subject).cloned()
        {
            found.entry(field.name.clone()).or_insert(own);
        }
    }
    found
}

/// The record of which an expression is rows, or a row.
fn row_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name),
        Expr::Parenthesised(inner) => row_of(&inner.item),
        Expr::Quantified { operand, .. }
        | Expr::Best { operand, .. }
        | Expr::Timed { operand, .. } => row_of(&operand.item),
        Expr::Where { rows, .. } => row_of(&rows.item),
        _ => None,
    }
}

/// The last five years up to the data date.
fn years(session: &Session) -> Vec<String> {
    let Some(date) = session.provenance().data_date else { return Vec::new() };
    let text = date.to_string();
    let year = text.split('-').next().and_then(|year| year.parse::<i32>().ok());
    year.map(|year| (year - 4..=year).map(|year| year.to_string()).collect()).unwrap_or_default()
}

/// What may stand after `before`.
fn place(before: &str) -> Place<'_> {
    let (tokens, _) = lex(SourceId(0), before);
    let tokens: Vec<&Token> = tokens.iter().filter(|token| !token.kind.is_comment()).collect();
    let word = |token: &Token| {
        before.get(token.span.start as usize..token.span.end as usize).unwrap_or_default()
    };
    let words: Vec<&str> = tokens.iter().map(|token| word(token)).collect();
    let Some(first) = words.first().copied() else { return Place::Start };
    if let [.., base, "."] = words.as_slice() {
        return Place::Field(base);
    }
    if COMMANDS.iter().any(|command| command.name == first) && words.len() == 1 {
        return Place::AfterCommand(first);
    }
    if let Some(verb) = VERBS.iter().find(|verb| verb.name == first) {
        return in_query(verb, &words);
    }
    if let Some(field) = coded(&words) {
        return Place::Code(field);
    }
    let begins_line = before.trim_end_matches([' ', '\t']).ends_with(['\n', '{']);
    if first == "indicator" && begins_line { Place::Clause } else { Place::Value }
}

fn in_query<'a>(verb: &'static Verb, words: &[&'a str]) -> Place<'a> {
    // The part that is being written: the last that was begun. In a condition `in` is a word of
    // the condition.
    let mut part = "";
    for word in words.iter().skip(1) {
        if PARTS.contains(word) && part != "where" {
            part = word;
        }
    }
    let last = words.last().copied().unwrap_or_default();
    let is_open = words.len() == 1 || ["of", "to", "for", ","].contains(&last);
    match part {
        "" if is_open => Place::Things(verb.name),
        "in" if last == "in" || last == ".." => Place::Period,
        "by" if last == "by" || last == "," => Place::Breakdown,
        "as" if last == "as" => Place::Format,
        "where" => coded(words).map_or(Place::Value, Place::Code),
        _ => Place::Parts(verb.parts),
    }
}

/// The field whose code comes next: `place is`, `place in (housed,`
fn coded<'a>(words: &[&'a str]) -> Option<&'a str> {
    let mut rest = words;
    // Back over the codes of an open list.
    if let Some(open) = rest.iter().rposition(|word| *word == "(") {
        let (before, inside) = rest.split_at_checked(open)?;
        let is_list = before.last().is_some_and(|word| *word == "in");
        if is_list
            && !inside.contains(&")")
            && inside.last().is_some_and(|word| ["(", ","].contains(word))
        {
            rest = before;
        }
    }
    let (last, before) = rest.split_last()?;
    let before = match *last {
        "not" => {
            before.split_last().filter(|(word, _)| **word == "is").map(|(_, before)| before)?
        }
        "is" | "in" => before,
        _ => return None,
    };
    let before = before.strip_suffix(&["not"]).unwrap_or(before);
    before.last().copied()
}

#[cfg(test)]
mod tests {
    use interplay_diagnostic::SourceId;

    use super::{Names, Place, place};

    fn names() -> Names {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Names {
            indicators: owned(&["reach", "rent_paid", "stably_housed"]),
            breakdowns: owned(&["district", "organisation", "year"]),
            codes: [("place".to_owned(), owned(&["housed", "emergency"]))].into(),
            values: owned(&["place", "stay"]),
            years: owned(&["2024", "2025"]),
            ..Names::default()
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (_, found) = names().complete(text);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_statement_begins_with_a_verb_or_a_kind() {
        check("mea", &["measure"]);
        check("targ", &["target group"]);
        check("hel", &["help"]);
    }

    #[test]
    fn after_measure_stand_indicators() {
        check("measure re", &["reach", "rent_paid"]);
        check("measure reach, st", &["stably_housed"]);
        check("measure reach b", &["by"]);
    }

    #[test]
    fn after_in_stand_years_and_after_by_breakdowns() {
        check("measure reach in 202", &["2024", "2025"]);
        check("measure reach in 2024 .. ", &["2024", "2025", "last"]);
        check("measure reach in 2025 by dis", &["district"]);
        check("measure reach in 2025 by year, o", &["organisation"]);
    }

    #[test]
    fn after_is_and_in_stand_codes() {
        check("measure reach where place is ", &["emergency", "housed"]);
        check("measure reach where place is not h", &["housed"]);
        check("measure reach where place in (housed, e", &["emergency"]);
        check("define a of person = any (stay where place is h", &["housed"]);
    }

    #[test]
    fn in_a_condition_stand_fields_and_words_of_the_language() {
        check("measure reach where pla", &["place"]);
        check("measure reach where any (stay, overl", &["overlapping"]);
        check("measure reach where any (stay", &["stay"]);
    }

    #[test]
    fn after_a_dot_stand_fields() {
        let (program, _) = interplay_syntax::parse(
            SourceId(0),
            "subject person\nsubject household\n\
             record home of household once { rooms: number? }\n\
             record stay of person during begun until ended { begun: date  ended: date?  \
             household: household }\n\
             define shelter of person = first (stay during period) where begun > 2024-01-01\n",
        );
        let (model, _) = interplay_compile::check(&[program]);
        let names = Names::of(&model.catalog);
        assert_eq!(
            names.complete("define a of person = shelter.").1,
            ["begun", "ended", "household"]
        );
        assert_eq!(names.complete("measure reach where stay.household.ro").1, ["rooms"]);
        assert_eq!(names.complete("measure reach where nothing.").1, [""; 0]);
    }

    #[test]
    fn a_clause_begins_a_line_of_an_indicator() {
        assert_eq!(place("indicator a {\n  "), Place::Clause);
        assert_eq!(place("indicator a {\n  share: "), Place::Value);
    }

    #[test]
    fn the_word_begins_after_what_is_no_letter() {
        assert_eq!(names().complete("measure re").0, 8);
        assert_eq!(names().complete("measure reach,re").0, 14);
    }
}
