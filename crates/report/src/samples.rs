//! Outcomes made by hand, for the tests.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use interplay::{Answer, Breakdown, Figures, Listed, Outcome, Provenance};

/// `measure stably_housed in 2024 by gender`
pub(crate) fn shares() -> Outcome {
    let share = 120.0 / 284.0;
    let rows = [
        Figure::new("2024", "f", "stably_housed", Some(share), "%")
            .size(120.0, 284.0, 31.0)
            .around((0.38, 0.48), (0.367, 0.481)),
        Figure::new("2024", "x", "stably_housed", None, "%").because("suppressed"),
        Figure::new("2024", "total", "stably_housed", Some(0.5), "%")
            .size(150.0, 300.0, 0.0)
            .around((0.5, 0.5), (0.444, 0.556)),
    ];
    let figures = Figures {
        batch: batch("gender", &rows),
        breakdowns: vec![Breakdown {
            name: "gender".to_owned(),
            column: "gender".to_owned(),
            labels: vec![("f".to_owned(), "Woman".to_owned())],
            is_time: false,
            kinds: None,
        }],
        measures: vec![measure("stably_housed", "Stably housed six months after intake")],
        decimals: Vec::new(),
        notes: vec!["Fewer than five people are withheld.".to_owned()],
    };
    outcome("measure stably_housed in 2024 by gender", Some(Answer::Figures(figures)))
}

/// `measure reach, nights in 2024 .. 2025 by year`
pub(crate) fn several() -> Outcome {
    let rows = [
        Figure::new("2024", "2024", "reach", Some(1234.0), "persons"),
        Figure::new("2024", "2024", "nights", Some(3.5), "nights").size(12.0, 12.0, 30.0),
        Figure::new("2025", "2025", "reach", None, "persons").because("no data"),
        Figure::new("2025", "2025", "nights", None, "nights").size(0.0, 0.0, 0.0).because("empty"),
        Figure::new("2024 .. 2025", "total", "reach", Some(2000.0), "persons"),
        Figure::new("2024 .. 2025", "total", "nights", Some(4.0), "nights").size(200.0, 200.0, 0.0),
    ];
    let figures = Figures {
        batch: batch("year", &rows),
        breakdowns: vec![Breakdown {
            name: "year".to_owned(),
            column: "year".to_owned(),
            labels: Vec::new(),
            is_time: true,
            kinds: None,
        }],
        measures: vec![
            measure("reach", "Young people reached"),
            measure("nights", "Nights without a home"),
        ],
        decimals: Vec::new(),
        notes: Vec::new(),
    };
    outcome("measure reach, nights in 2024 .. 2025 by year", Some(Answer::Figures(figures)))
}

/// `measure reach in 2024 by year, gender`
pub(crate) fn crossed() -> Outcome {
    let rows: Vec<(Figure, &str)> = [("f", 3.0), ("x", 1.0), ("total", 4.0)]
        .into_iter()
        .flat_map(|(gender, count)| {
            ["2024", "total"]
                .map(|year| (Figure::new("2024", gender, "reach", Some(count), "persons"), year))
        })
        .collect();
    let years = rows.iter().map(|(_, year)| Some(*year)).collect::<StringArray>();
    let figures: Vec<Figure> = rows.into_iter().map(|(figure, _)| figure).collect();
    let batch = batch("gender", &figures);
    let schema = batch.schema();
    let names = schema.fields().iter().map(|field| field.name().as_str());
    let columns = names.zip(batch.columns().iter().cloned());
    let years: [(&str, ArrayRef); 1] = [("year", Arc::new(years))];
    let batch = RecordBatch::try_from_iter(years.into_iter().chain(columns)).expect("one length");
    let breakdown = |name: &str| Breakdown {
        name: name.to_owned(),
        column: name.to_owned(),
        labels: Vec::new(),
        is_time: name == "year",
        kinds: None,
    };
    let figures = Figures {
        batch,
        breakdowns: vec![breakdown("year"), breakdown("gender")],
        measures: vec![measure("reach", "Young people reached")],
        decimals: Vec::new(),
        notes: Vec::new(),
    };
    outcome("measure reach in 2024 by year, gender", Some(Answer::Figures(figures)))
}

/// `list indicators`
pub(crate) fn listing() -> Outcome {
    let columns: [(&str, ArrayRef); 3] = [
        ("name", Arc::new(StringArray::from(vec!["reach", "other"]))),
        ("title", Arc::new(StringArray::from(vec![Some("Young people reached"), None]))),
        ("people", Arc::new(Int64Array::from(vec![Some(1234), None]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    outcome("list indicators", Some(Answer::Listing(Listed { batch, notes: Vec::new() })))
}

/// A statement with a problem.
pub(crate) fn unanswered() -> Outcome {
    outcome("measure raech in 2024", None)
}

/// One of each sort with an answer.
pub(crate) fn all() -> [Outcome; 4] {
    [shares(), several(), crossed(), listing()]
}

fn outcome(title: &str, answer: Option<Answer>) -> Outcome {
    let provenance = Provenance {
        library: Some("ghent.youth".to_owned()),
        version: Some("2.1.0".to_owned()),
        snapshot: Some("3f9a".to_owned()),
        data_date: "2025-12-31".parse().ok(),
        demonstration_key: false,
        undisclosed: false,
    };
    Outcome { title: title.to_owned(), answer, problems: Vec::new(), provenance }
}

fn measure(name: &str, title: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(title.to_owned()))
}

/// One row of figures.
struct Figure {
    words: [&'static str; 5],
    numbers: [Option<f64>; 8],
}

impl Figure {
    fn new(
        period: &'static str,
        group: &'static str,
        measure: &'static str,
        value: Option<f64>,
        unit: &'static str,
    ) -> Self {
        let mut numbers = [None; 8];
        numbers[0] = value;
        numbers[3] = value.map(|_| 0.0);
        Self { words: [period, group, measure, unit, "known"], numbers }
    }

    fn size(mut self, numerator: f64, denominator: f64, unknown: f64) -> Self {
        self.numbers[1..4].copy_from_slice(&[Some(numerator), Some(denominator), Some(unknown)]);
        self
    }

    fn around(mut self, bounds: (f64, f64), interval: (f64, f64)) -> Self {
        let ends = [Some(bounds.0), Some(bounds.1), Some(interval.0), Some(interval.1)];
        self.numbers[4..8].copy_from_slice(&ends);
        self
    }

    fn because(mut self, status: &'static str) -> Self {
        self.words[4] = status;
        self
    }
}

fn batch(breakdown: &str, rows: &[Figure]) -> RecordBatch {
    let words = |at: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(row.words[at])).collect::<StringArray>())
    };
    let numbers = |at: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| row.numbers[at]).collect::<Float64Array>())
    };
    let columns = [
        ("period", words(0)),
        (breakdown, words(1)),
        ("measure", words(2)),
        ("value", numbers(0)),
        ("unit", words(3)),
        ("numerator", numbers(1)),
        ("denominator", numbers(2)),
        ("unknown", numbers(3)),
        ("lower", numbers(4)),
        ("upper", numbers(5)),
        ("interval_low", numbers(6)),
        ("interval_high", numbers(7)),
        ("status", words(4)),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}
