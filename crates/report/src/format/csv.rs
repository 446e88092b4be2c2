//! `csv`: the long columns, with every digit, for machines.
//!
//! One row a cell and measure. An empty value is explained by the column `status`. Quoting is
//! that of RFC 4180; lines end with a line feed alone, as in every other file of a project.

use arrow::array::RecordBatch;
use interplay::{Answer, Outcome, Provenance};

use super::{Format, Options, machine};
use crate::cell::{Cell, cells};
use crate::number;

pub(super) const FORMAT: Format = Format {
    name: "csv",
    summary: "a row for each group and measure, with every digit",
    extension: "csv",
    has_remarks: false,
    write,
};

fn write(outcome: &Outcome, _: Options) -> String {
    match &outcome.answer {
        Some(Answer::Figures(figures)) => text(&figures.batch, &origin(&outcome.provenance)),
        Some(Answer::Listing(listing) | Answer::Trace(listing)) => text(&listing.batch, &[]),
        None => String::new(),
    }
}

/// Where figures come from, in columns of every row: a file may travel without its page.
fn origin(provenance: &Provenance) -> [(&'static str, String); 5] {
    let Provenance { library, version, snapshot, data_date, demonstration_key, undisclosed: _ } =
        provenance;
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        ("library", shown(library)),
        ("version", shown(version)),
        ("snapshot", shown(snapshot)),
        ("data_date", data_date.map(|date| date.to_string()).unwrap_or_default()),
        ("key", if *demonstration_key { "demonstration" } else { "own" }.to_owned()),
    ]
}

fn text(batch: &RecordBatch, origin: &[(&str, String)]) -> String {
    let schema = batch.schema();
    let columns: Vec<Vec<Cell>> = batch.columns().iter().map(cells).collect();
    let names = schema.fields().iter().map(|field| field.name().clone());
    let further = origin.iter().map(|(name, _)| (*name).to_owned());
    let mut lines = vec![line(names.chain(further))];
    for row in 0..batch.num_rows() {
        let cells =
            schema.fields().iter().zip(&columns).map(|(field, column)| match column.get(row) {
                Some(Cell::Text(text)) => machine(field.name(), text).to_owned(),
                Some(Cell::Number(value)) => number::exact(*value),
                Some(Cell::Empty) | None => String::new(),
            });
        lines.push(line(cells.chain(origin.iter().map(|(_, value)| value.clone()))));
    }
    lines.concat()
}

/// One line with its end. Writing to memory does not fail.
fn line(fields: impl Iterator<Item = String>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(fields);
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{line, write};
    use crate::format::Options;
    use crate::samples;

    #[test]
    fn figures_keep_every_digit() {
        let text = write(&samples::shares(), Options::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines.first().copied(),
            Some(
                "period,gender,measure,value,unit,numerator,denominator,unknown,lower,upper,\
                 interval_low,interval_high,status,library,version,snapshot,data_date,key"
            )
        );
        let first = "2024,f,stably_housed,0.4225352112676056,fraction,120,284,31,0.38,0.48,0.367,\
                     0.481,known,ghent.youth,2.1.0,3f9a,2025-12-31,own";
        assert_eq!(lines.get(1).copied(), Some(first));
        let withheld = "2024,x,stably_housed,,fraction,,,,,,,,suppressed,ghent.youth,2.1.0,3f9a,\
                        2025-12-31,own";
        assert_eq!(lines.get(2).copied(), Some(withheld));
    }

    #[test]
    fn texts_with_commas_marks_and_line_ends_are_quoted() {
        let fields = ["a,b", "say \"so\"", "one\ntwo", "plain"];
        let text = line(fields.into_iter().map(str::to_owned));
        assert_eq!(text, "\"a,b\",\"say \"\"so\"\"\",\"one\ntwo\",plain\n");
    }
}
