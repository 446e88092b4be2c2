//! `json`: the long columns as objects, with remarks and provenance beside them.
//!
//! The document is put together here rather than by a map, so that columns keep their order.

use arrow::array::RecordBatch;
use interplay::{Answer, Outcome, Provenance};
use serde_json::Value;

use super::{Format, Options, machine};
use crate::cell::{Cell, cells};
use crate::number;
use crate::remark;

pub(super) const FORMAT: Format = Format {
    name: "json",
    summary: "the rows as objects, with remarks and where the figures come from",
    extension: "json",
    has_remarks: true,
    write,
};

fn write(outcome: &Outcome, _: Options) -> String {
    let rows = match &outcome.answer {
        Some(Answer::Figures(figures)) => rows(&figures.batch),
        Some(Answer::Listing(listing) | Answer::Trace(listing)) => rows(&listing.batch),
        None => return String::new(),
    };
    let measures = match &outcome.answer {
        Some(Answer::Figures(figures)) => figures
            .measures
            .iter()
            .map(|(name, title)| object(&[("name", text(name)), ("title", optional(title))]))
            .collect(),
        _ => Vec::new(),
    };
    let notes = remark::notes(outcome).iter().map(|note| text(note)).collect::<Vec<_>>();
    format!(
        "{{\n  \"title\": {},\n  \"measures\": {},\n  \"rows\": {},\n  \"notes\": {},\n  \
         \"provenance\": {}\n}}\n",
        text(&outcome.title),
        array(&measures),
        array(&rows),
        array(&notes),
        provenance(&outcome.provenance),
    )
}

fn rows(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let columns: Vec<Vec<Cell>> = batch.columns().iter().map(cells).collect();
    let row = |at: usize| {
        let cells = names.iter().zip(&columns).map(|(name, column)| {
            (
                *name,
                match column.get(at) {
                    Some(Cell::Text(value)) => text(machine(name, value)),
                    // Neither infinite nor undefined numbers are JSON.
                    Some(Cell::Number(value)) if value.is_finite() => number::exact(*value),
                    Some(Cell::Number(_) | Cell::Empty) | None => "null".to_owned(),
                },
            )
        });
        object(&cells.collect::<Vec<_>>())
    };
    (0..batch.num_rows()).map(row).collect()
}

fn provenance(provenance: &Provenance) -> String {
    let Provenance { library, version, snapshot, data_date, demonstration_key, undisclosed } =
        provenance;
    object(&[
        ("library", optional(library)),
        ("version", optional(version)),
        ("snapshot", optional(snapshot)),
        ("data_date", optional(&data_date.map(|date| date.to_string()))),
        ("demonstration_key", demonstration_key.to_string()),
        ("small_numbers_shown", undisclosed.to_string()),
    ])
}

fn object(members: &[(&str, String)]) -> String {
    let members = members.iter().map(|(name, value)| format!("{}: {value}", text(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

/// One element a line.
fn array(elements: &[String]) -> String {
    if elements.is_empty() {
        return "[]".to_owned();
    }
    format!("[\n    {}\n  ]", elements.join(",\n    "))
}

fn text(text: &str) -> String {
    Value::from(text).to_string()
}

#[expect(clippy::ref_option, reason = "the fields it is given are owned options")]
fn optional(text: &Option<String>) -> String {
    Value::from(text.as_deref()).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::write;
    use crate::format::Options;
    use crate::samples;

    #[test]
    fn what_is_written_is_json() {
        for outcome in samples::all() {
            let text = write(&outcome, Options::default());
            let read: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(read["title"], Value::from(outcome.title.as_str()));
        }
    }

    #[test]
    fn rows_are_objects_and_nothing_is_null() {
        let text = write(&samples::shares(), Options::default());
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read["rows"][0]["value"], Value::from(0.4225352112676056));
        assert_eq!(read["rows"][0]["denominator"], Value::from(284));
        assert_eq!(read["rows"][1]["value"], Value::Null);
        assert_eq!(read["rows"][1]["status"], "suppressed");
        assert_eq!(read["provenance"]["library"], "ghent.youth");
        assert_eq!(read["notes"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn columns_keep_their_order() {
        let text = write(&samples::shares(), Options::default());
        assert!(text.contains("{\"period\": \"2024\", \"gender\": \"f\", \"measure\": "), "{text}");
    }
}
