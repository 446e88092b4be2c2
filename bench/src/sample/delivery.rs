//! A kind of export: text files with one header, a file a period.

use std::collections::BTreeMap;

use super::Files;
use super::chance::Chance;
use super::fault::{Weak, befall};

/// How the text becomes bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Encoding {
    Utf8,
    Utf8WithMark,
    Windows1252,
    Utf16LittleEndian,
}

/// What all files of one export have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) header: &'static [&'static str],
    pub(super) separator: u8,
    /// Whether every cell stands in quotation marks, not only those that must.
    pub(super) quoted: bool,
    pub(super) encoding: Encoding,
    pub(super) weak: Weak,
}

/// One export in the making: its rows, by period.
#[derive(Debug)]
pub(super) struct Export {
    layout: Layout,
    periods: BTreeMap<String, Vec<Vec<String>>>,
}

impl Export {
    /// Without rows as yet.
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, periods: BTreeMap::new() }
    }

    /// A row of a period's file, in the state in which it is registered.
    pub(super) fn register(&mut self, chance: &mut Chance, period: String, row: Vec<String>) {
        let rows = befall(chance, &self.layout.weak, row);
        self.periods.entry(period).or_default().extend(rows);
    }

    /// Forgets a period: its file is never handed over.
    pub(super) fn skip(&mut self, period: &str) {
        self.periods.remove(period);
    }

    /// The files, each called by a text that has `*` where the period stands.
    pub(super) fn deliver(self, name: &str, files: &mut Files) {
        for (period, mut rows) in self.periods {
            // In the order of their text: exports do not give away how they were made.
            rows.sort();
            files.insert(name.replace('*', &period), bytes(&self.layout, &rows));
        }
    }
}

fn bytes(layout: &Layout, rows: &[Vec<String>]) -> Vec<u8> {
    let style = if layout.quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(layout.separator)
        .quote_style(style)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(layout.header).expect("memory takes all");
    for row in rows {
        writer.write_record(row).expect("as many cells as the header has");
    }
    let text = String::from_utf8(writer.into_inner().expect("memory takes all")).expect("text");
    encoded(layout.encoding, &text)
}

fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8WithMark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Windows1252 => {
            let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(text);
            assert!(!lossy, "every letter has a place in the code page");
            bytes.into_owned()
        }
        Encoding::Utf16LittleEndian => {
            let marked = std::iter::once(0xFEFF_u16).chain(text.encode_utf16());
            marked.flat_map(u16::to_le_bytes).collect()
        }
    }
}
