//! Whether somebody who knows a subject has said nothing about a stretch of days.

use datafusion::arrow::array::{AsArray, BooleanArray, ListArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int32Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::involved::TOTAL;
use super::ranges::Dates;

/// Days that an organisation did not deliver, both ends in, as days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Gap {
    pub(crate) organisation: i32,
    pub(crate) first: i32,
    pub(crate) last: i32,
}

/// Arguments: the lists of organisations that know each subject and since when, the first and the
/// last day asked about, and perhaps the one organisation that counts, or the total. Never null; a
/// missing day asks about nothing.
pub(crate) fn silent(gaps: Vec<Gap>, data_date: i32, arguments: Vec<Expr>) -> Expr {
    let signature = Signature::variadic_any(Volatility::Immutable);
    ScalarUDF::from(Silent { gaps, data_date, signature }).call(arguments)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Silent {
    gaps: Vec<Gap>,
    data_date: i32,
    signature: Signature,
}

impl ScalarUDFImpl for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let (organisations, since, first, last, only) = match args.args.as_slice() {
            [organisations, since, first, last] => (organisations, since, first, last, None),
            [organisations, since, first, last, only] => {
                (organisations, since, first, last, Some(only.to_array(args.number_rows)?))
            }
            other => {
                return exec_err!("four or five arguments are expected, found {}", other.len());
            }
        };
        let known = [organisations.to_array(args.number_rows)?, since.to_array(args.number_rows)?];
        let [organisations, since] = known.each_ref().map(|list| list.as_list::<i32>());
        let names = organisations.values().as_primitive::<Int32Type>().values();
        let days = since.values().as_primitive::<Date32Type>().values();
        let only = only.as_ref().map(|only| only.as_primitive::<Int32Type>().values());
        let (first, last) = (Dates::read(first)?, Dates::read(last)?);
        let silent = (0..args.number_rows).map(|at| {
            let (Some(first), Some(last)) = (first.get(at), last.get(at)) else { return false };
            let only = only.and_then(|only| only.get(at)).filter(|only| **only != TOTAL);
            let hit = |organisation: i32| {
                let own = self.gaps.iter().filter(|gap| gap.organisation == organisation);
                first <= last && own.into_iter().any(|gap| gap.first <= last && gap.last >= first)
            };
            let mut rows = rows(organisations, at, names).iter().zip(rows(since, at, days));
            rows.any(|(name, since)| {
                *since <= self.data_date && only.is_none_or(|only| only == name) && hit(*name)
            })
        });
        Ok(ColumnarValue::Array(std::sync::Arc::new(silent.map(Some).collect::<BooleanArray>())))
    }
}

/// The values of one subject.
fn rows<'v>(list: &ListArray, at: usize, values: &'v [i32]) -> &'v [i32] {
    let ends = list.offsets().get(at).zip(list.offsets().get(at + 1));
    let ends = ends
        .and_then(|(first, end)| Some(usize::try_from(*first).ok()?..usize::try_from(*end).ok()?));
    ends.and_then(|ends| values.get(ends)).unwrap_or_default()
}
