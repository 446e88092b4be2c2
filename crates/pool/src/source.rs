//! The formats in which organisations deliver, one room each, and what a source may say of them.

use bytes::Bytes;
use interplay_compile::catalog::{Format, Source};
use interplay_diagnostic::Diagnostic;

use crate::problems;
use option::{Reading, SourceOption};
use raw::Raw;

pub(crate) mod csv;
pub(crate) mod find;
pub(crate) mod form;
pub(crate) mod memory;
pub(crate) mod option;
pub(crate) mod parquet;
pub(crate) mod period;
pub(crate) mod raw;

/// Every format, by name. A new format is a file and a line here.
pub const FORMATS: &[SourceFormat] = &[csv::FORMAT, memory::FORMAT, parquet::FORMAT];

/// All that the checker, the manual and the loader need to know of one format.
#[derive(Clone, Copy, Debug)]
pub struct SourceFormat {
    /// As written after `from:`.
    pub name: &'static str,
    /// One line for `help` and the manual.
    pub summary: &'static str,
    /// What may be said after the location, by name.
    pub options: &'static [SourceOption],
    pub(crate) place: Place,
}

/// Where rows of a format lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In files of the project that match the location; reads the bytes of one.
    Files(fn(&Bytes, &Reading) -> Result<Raw, String>),
    /// In batches that an embedding program registered under the location.
    Registered,
}

/// The format called `name`.
pub(crate) fn format(name: &str) -> Option<&'static SourceFormat> {
    FORMATS.iter().find(|format| format.name == name)
}

/// What a source says of its format that does not hold: an unknown format or option, a value
/// that an option does not take, a location that is no pattern, an identifier that is kept.
#[must_use]
pub fn check_source(source: &Source) -> Vec<Diagnostic> {
    let mut found = crate::mapping::identifier::kept(source);
    let written = &source.from;
    let Some(format) = format(&written.name.item) else {
        found.push(problems::unknown_format(&written.name));
        return found;
    };
    if matches!(format.place, Place::Files(_))
        && let Err(fault) = find::pattern(&written.location.item)
    {
        found.push(problems::bad_pattern(&written.location, &fault));
    }
    let mut reading = Reading::default();
    for (place, (name, value)) in written.options.iter().enumerate() {
        let earlier = written.options.iter().take(place);
        if let Some((first, _)) = earlier.into_iter().find(|(other, _)| other.item == name.item) {
            found.push(problems::option_twice(name, first.span));
        }
        match format.options.iter().find(|option| option.name == name.item) {
            None => found.push(problems::unknown_option(format, name)),
            Some(option) => {
                if let Err(wanted) = (option.set)(&mut reading, &value.item) {
                    found.push(problems::option_value(option, value, &wanted));
                }
            }
        }
    }
    found
}

/// How the files of a checked source are read.
pub(crate) fn reading(format: &SourceFormat, written: &Format) -> Result<Reading, String> {
    let mut reading = Reading::default();
    for (name, value) in &written.options {
        let option = format.options.iter().find(|option| option.name == name.item);
        let option = option.ok_or_else(|| problems::no_such_option(format, &name.item))?;
        (option.set)(&mut reading, &value.item)
            .map_err(|wanted| problems::no_such_value(option.name, &value.item, &wanted))?;
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use interplay_compile::catalog::{Format, Source};
    use interplay_diagnostic::{Span, Spanned};

    use super::{FORMATS, check_source};

    #[test]
    fn formats_and_options_are_sorted_and_unique() {
        assert!(FORMATS.is_sorted_by(|one, next| one.name < next.name));
        for format in FORMATS {
            assert!(format.options.is_sorted_by(|one, next| one.name < next.name));
        }
    }

    #[test]
    fn summaries_are_one_plain_line() {
        let options = FORMATS.iter().flat_map(|format| format.options);
        let summaries = options.map(|option| option.summary);
        for summary in summaries.chain(FORMATS.iter().map(|format| format.summary)) {
            assert!(!summary.ends_with('.') && !summary.contains('\n'), "{summary}");
        }
    }

    fn written(text: &str) -> Spanned<String> {
        Spanned::new(text.to_owned(), Span::default())
    }

    fn messages(format: &str, location: &str, options: &[(&str, &str)]) -> Vec<String> {
        let options = options.iter().map(|(name, value)| (written(name), written(value)));
        let from = Format {
            name: written(format),
            location: written(location),
            options: options.collect(),
        };
        let source = Source {
            name: "harbour.stays".to_owned(),
            organisation: "harbour".to_owned(),
            record: "stay".to_owned(),
            from,
            covers: None,
            timezone: None,
            due: None,
            received: Vec::new(),
            map: Vec::new(),
            require: Vec::new(),
            span: Span::default(),
        };
        let problems = check_source(&source);
        problems
            .iter()
            .map(|problem| format!("{}: {}", problem.message, problem.helps.join("; ")))
            .collect()
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_the_nearest_name() {
        assert_eq!(
            messages("cvs", "a.csv", &[]),
            ["there is no source format `cvs`: did you mean `csv`?"]
        );
        let options = [("seperator", ";"), ("encoding", "latin-9000"), ("dates", "day/month")];
        assert_eq!(
            messages("csv", "a[.csv", &options),
            [
                "`a[.csv` is no pattern of file names: invalid range pattern",
                "`csv` has no option `seperator`: did you mean `separator`?",
                "`encoding` is `latin-9000`: it takes the name of an encoding, such as `utf-8`, \
                 `windows-1252` or `utf-16le`",
                "`dates` is `day/month`: it takes the parts `year`, `month` and `day` with signs \
                 between them, such as `day/month/year` or `day.month.year hour:minute`, \
                 and perhaps `second` and `offset`",
            ]
        );
        assert_eq!(messages("csv", "a-*.csv", &[("separator", ";")]), [""; 0]);
    }
}
