//! What a mapped row must satisfy: an end not before its start, and the source's own conditions.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Date32Type;
use datafusion::arrow::row::{Row, RowConverter, SortField};
use datafusion::common::{DFSchema, DataFusionError};
use datafusion::logical_expr::Expr;
use datafusion::prelude::SessionContext;
use interplay_compile::catalog::{Record, RecordTiming};
use interplay_compile::instant;

use super::{Mapper, Rejected};
use crate::error::PoolError;
use crate::problems;
use crate::source::raw::Raw;

impl Mapper<'_> {
    /// Rejects the rows that do not satisfy what is asked of them. Of a row that was rejected
    /// before nothing more is asked: its missing values would answer.
    pub(super) fn check_rows(
        &self,
        fields: &RecordBatch,
        raw: &Raw,
        rejected: &mut Rejected<'_>,
    ) -> Result<(), PoolError> {
        let sound: Vec<bool> = rejected.rows.iter().map(|bad| !bad).collect();
        let rows =
            || (0..raw.lines.len()).zip(&sound).filter_map(|(row, sound)| sound.then_some(row));
        for requirement in &self.source.require {
            let holds = evaluated(&requirement.condition, fields)
                .map_err(PoolError::bug("checking what a source requires"))?;
            let holds = holds.as_boolean();
            for row in rows() {
                if holds.is_valid(row) && !holds.value(row) {
                    rejected.add(row, "", requirement.message.clone(), None);
                }
            }
        }
        // A reason of the source's own says it better.
        let sound: Vec<bool> = rejected.rows.iter().map(|bad| !bad).collect();
        let rows =
            || (0..raw.lines.len()).zip(&sound).filter_map(|(row, sound)| sound.then_some(row));
        if let RecordTiming::During { start, end } = &self.record.timing
            && let Some((starts, ends)) =
                fields.column_by_name(start).zip(fields.column_by_name(end))
        {
            let starts = starts.as_primitive::<Date32Type>();
            let ends = ends.as_primitive::<Date32Type>();
            for row in rows() {
                if ends.is_valid(row) && ends.value(row) < starts.value(row) {
                    rejected.add(row, end, problems::ends_early(start, end), None);
                }
            }
        }
        Ok(())
    }

    /// Rejects rows of different subjects that have one key: one of them must be mistaken, and
    /// nobody knows which. Rows of one subject with one key are told apart when all are there.
    pub(super) fn check_keys(
        &self,
        fields: &RecordBatch,
        subjects: &StringArray,
        rejected: &mut Rejected<'_>,
    ) -> Result<(), PoolError> {
        let Record { key, subject, anonymous, .. } = self.record;
        if key.is_empty() || key.contains(subject) || *anonymous {
            return Ok(());
        }
        let bug = || PoolError::bug("telling rows apart by their key");
        let places = self.record.instants().filter(|name| key.iter().any(|part| part == name));
        let names = key.iter().cloned().chain(places.map(instant::place));
        let columns = names.filter_map(|name| fields.column_by_name(&name).map(Arc::clone));
        let columns: Vec<ArrayRef> = columns.collect();
        let kinds = columns.iter().map(|column| SortField::new(column.data_type().clone()));
        let converter = RowConverter::new(kinds.collect()).map_err(bug())?;
        let rows = converter.convert_columns(&columns).map_err(bug())?;
        let mut alike: BTreeMap<Row<'_>, Vec<usize>> = BTreeMap::new();
        for (row, values) in rows.iter().enumerate() {
            if rejected.rows.get(row) == Some(&false) {
                alike.entry(values).or_default().push(row);
            }
        }
        for rows in alike.into_values() {
            let mut owners = rows.iter().map(|row| subjects.value(*row));
            let first = owners.next();
            if owners.any(|other| Some(other) != first) {
                for row in rows {
                    rejected.add(row, "", problems::key_of_another(key, subject), None);
                }
            }
        }
        Ok(())
    }
}

fn evaluated(condition: &Expr, fields: &RecordBatch) -> Result<ArrayRef, DataFusionError> {
    let schema = DFSchema::try_from(fields.schema().as_ref().clone())?;
    let condition = SessionContext::new().create_physical_expr(condition.clone(), &schema)?;
    condition.evaluate(fields)?.into_array(fields.num_rows())
}
