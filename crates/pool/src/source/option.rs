//! What a source may say of how its files are written.

use encoding_rs::{Encoding, UTF_8};

use super::form::{DateForm, NumberForm};

/// One thing that may be said: `separator: ";"`
#[derive(Clone, Copy, Debug)]
pub struct SourceOption {
    /// As written before the `:`.
    pub name: &'static str,
    /// One line for `help` and the manual.
    pub summary: &'static str,
    /// Takes a value over; what is taken, in words, when this is not.
    pub(crate) set: fn(&mut Reading, &str) -> Result<(), String>,
}

/// How files are read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) separator: u8,
    /// `None`: quotes are letters like any other.
    pub(crate) quote: Option<u8>,
    pub(crate) encoding: &'static Encoding,
    /// The line that names the columns, from 1.
    pub(crate) header_line: usize,
    pub(crate) dates: DateForm,
    pub(crate) numbers: NumberForm,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            separator: b',',
            quote: Some(b'"'),
            encoding: UTF_8,
            header_line: 1,
            dates: DateForm::iso(),
            numbers: NumberForm::PLAIN,
        }
    }
}

pub(super) const DATES: SourceOption = SourceOption {
    name: "dates",
    summary: "how dates are written, such as \"day/month/year\"; without it \"year-month-day\"",
    set: |reading, value| {
        reading.dates = DateForm::read(value).ok_or(
            "the parts `year`, `month` and `day` with signs between them, such as \
             `day/month/year` or `day.month.year hour:minute`, and perhaps `second` and `offset`",
        )?;
        Ok(())
    },
};

pub(super) const DECIMAL: SourceOption = SourceOption {
    name: "decimal",
    summary: "the decimal sign of numbers, \".\" or \",\"; without it \".\"",
    set: |reading, value| {
        reading.numbers.decimal = match value {
            "." => '.',
            "," => ',',
            _ => return Err("`.` or `,`".to_owned()),
        };
        Ok(())
    },
};

pub(super) const ENCODING: SourceOption = SourceOption {
    name: "encoding",
    summary: "the encoding of the text, such as \"windows-1252\"; without it \"utf-8\"",
    set: |reading, value| {
        reading.encoding = Encoding::for_label(value.as_bytes())
            .ok_or("the name of an encoding, such as `utf-8`, `windows-1252` or `utf-16le`")?;
        Ok(())
    },
};

pub(super) const HEADER_LINE: SourceOption = SourceOption {
    name: "header_line",
    summary: "the number of the line that names the columns; without it 1",
    set: |reading, value| {
        let line = value.parse().ok().filter(|line| *line > 0);
        reading.header_line = line.ok_or("the number of a line, from 1")?;
        Ok(())
    },
};

pub(super) const QUOTE: SourceOption = SourceOption {
    name: "quote",
    summary: "the sign around cells that hold a separator, or \"none\"; without it a double quote",
    set: |reading, value| {
        reading.quote = match value {
            "none" => None,
            sign => Some(ascii(sign).ok_or("one sign, or `none`")?),
        };
        Ok(())
    },
};

pub(super) const SEPARATOR: SourceOption = SourceOption {
    name: "separator",
    summary: "the sign between cells, or \"tab\"; without it a comma",
    set: |reading, value| {
        reading.separator = match value {
            "tab" => b'\t',
            sign => ascii(sign).ok_or("one sign, such as `;` or `,`, or `tab`")?,
        };
        Ok(())
    },
};

pub(super) const THOUSANDS: SourceOption = SourceOption {
    name: "thousands",
    summary: "the sign between groups of three digits; without it none may stand there",
    set: |reading, value| {
        let mut signs = value.chars();
        let sign = signs.next().filter(|sign| !sign.is_alphanumeric());
        let sign = sign.filter(|_| signs.next().is_none());
        reading.numbers.thousands = Some(sign.ok_or("one sign that is no letter and no digit")?);
        Ok(())
    },
};

fn ascii(sign: &str) -> Option<u8> {
    match sign.as_bytes() {
        [sign] if !sign.is_ascii_alphanumeric() => Some(*sign),
        _ => None,
    }
}
