//! The scan: one row per subject, each record's fields as parallel lists.
//!
//! Arrays are slices of the hot form: nothing is decoded and nothing is copied.

use std::fmt;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait;
use datafusion::arrow::array::{
    Array, ArrayRef, Int64Array, ListArray, RecordBatch, RecordBatchOptions,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_datafusion_err};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::StatisticsArgs;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
};
use futures::Stream;

use interplay_compile::plan::SUBJECT;

use crate::hot::{Bucket, SubjectSet};

/// How many subjects a batch holds, at most.
pub const BATCH_SUBJECT_COUNT: usize = 8192;

/// All subjects of one type, one row each.
#[derive(Debug)]
pub struct SubjectScan {
    set: Arc<SubjectSet>,
    schema: SchemaRef,
    partition_count: usize,
    /// Of one subject alone: its bucket, and its place in it.
    only: Option<(usize, usize)>,
}

impl SubjectScan {
    /// The one subject at a place of a bucket.
    pub(crate) fn of_one(set: Arc<SubjectSet>, place: (usize, usize)) -> Self {
        Self { only: Some(place), ..Self::new(set, 1) }
    }

    pub(crate) fn new(set: Arc<SubjectSet>, partitions: usize) -> Self {
        let partition_count = partitions.clamp(1, set.buckets.len().max(1));
        let number = Arc::new(Field::new(SUBJECT, DataType::Int64, false));
        let fields = set.schema.fields().iter().cloned().chain([number]);
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Self { set, schema, partition_count, only: None }
    }
}

#[async_trait]
impl TableProvider for SubjectScan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all = || (0..self.schema.fields().len()).collect();
        let projection = projection.cloned().unwrap_or_else(all);
        let schema: SchemaRef = Arc::new(self.schema.project(&projection)?);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(self.partition_count),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Arc::new(SubjectScanExec {
            set: Arc::clone(&self.set),
            only: self.only,
            projection,
            schema,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }))
    }

    fn statistics(&self) -> Option<Statistics> {
        let count = self.only.map_or_else(|| self.set.count(), |_| 1);
        let count = Precision::Exact(count);
        Some(Statistics::new_unknown(&self.schema).with_num_rows(count))
    }
}

/// The running form of [`SubjectScan`]: the buckets are dealt to the partitions in order.
#[derive(Debug)]
struct SubjectScanExec {
    set: Arc<SubjectSet>,
    only: Option<(usize, usize)>,
    projection: Vec<usize>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl SubjectScanExec {
    /// The buckets of a partition.
    fn share(&self, partition: usize) -> Range<usize> {
        if let Some((bucket, _)) = self.only {
            return bucket..bucket + 1;
        }
        let partition_count = self.properties.partitioning.partition_count();
        let border = |partition: usize| partition * self.set.buckets.len() / partition_count;
        border(partition)..border(partition + 1)
    }
}

impl DisplayAs for SubjectScanExec {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(formatter, "SubjectScan: columns=[{}]", names.join(", "))
    }
}

impl ExecutionPlan for SubjectScanExec {
    fn name(&self) -> &'static str {
        "SubjectScan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let count = match args.partition() {
            _ if self.only.is_some() => 1,
            Some(partition) => {
                let buckets = self.set.buckets.get(self.share(partition)).unwrap_or_default();
                buckets.iter().map(|bucket| bucket.subject_count).sum()
            }
            None => self.set.count(),
        };
        let statistics = Statistics::new_unknown(&self.schema);
        Ok(Arc::new(statistics.with_num_rows(Precision::Exact(count))))
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let buckets = self.share(partition);
        Ok(Box::pin(Subjects {
            set: Arc::clone(&self.set),
            projection: self.projection.clone(),
            schema: Arc::clone(&self.schema),
            buckets,
            subject: self.only.map_or(0, |(_, place)| place),
            is_one: self.only.is_some(),
            metrics: BaselineMetrics::new(&self.metrics, partition),
        }))
    }
}

/// The batches of one partition.
struct Subjects {
    set: Arc<SubjectSet>,
    projection: Vec<usize>,
    schema: SchemaRef,
    /// Those not given in full yet.
    buckets: Range<usize>,
    /// The first subject of the first of them that was not given yet.
    subject: usize,
    /// Whether one subject is all there is to give.
    is_one: bool,
    metrics: BaselineMetrics,
}

impl Subjects {
    fn next_batch(&mut self) -> Option<Result<RecordBatch>> {
        while !self.buckets.is_empty() {
            let set = Arc::clone(&self.set);
            let bucket = set.buckets.get(self.buckets.start)?;
            let (first, rest) = (self.subject, bucket.subject_count - self.subject);
            if self.is_one {
                let given = self.batch(bucket, first, rest.min(1));
                self.buckets = 0..0;
                return Some(given);
            }
            if rest > 0 {
                let count = rest.min(BATCH_SUBJECT_COUNT);
                self.subject += count;
                return Some(self.batch(bucket, first, count));
            }
            self.buckets.start += 1;
            self.subject = 0;
        }
        None
    }

    fn batch(&self, bucket: &Bucket, first: usize, count: usize) -> Result<RecordBatch> {
        let columns =
            self.projection.iter().map(|column| self.column(bucket, *column, first, count));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }

    /// A number for each subject: its bucket's, and its place in it.
    fn numbers(&self, first: usize, count: usize) -> Int64Array {
        let bucket = i64::try_from(self.buckets.start).unwrap_or_default() << 32;
        let place = |place: usize| bucket + i64::try_from(place).unwrap_or_default();
        (first..first + count).map(place).collect::<Vec<i64>>().into()
    }

    fn column(
        &self,
        bucket: &Bucket,
        column: usize,
        first: usize,
        count: usize,
    ) -> Result<ArrayRef> {
        if column == self.set.places.len() {
            return Ok(Arc::new(self.numbers(first, count)));
        }
        let place = self.set.places.get(column);
        let found = place.and_then(|(record, column)| {
            let rows = bucket.records.get(*record)?;
            Some((rows, rows.columns.get(*column)?))
        });
        let (rows, values) =
            found.ok_or_else(|| internal_datafusion_err!("no column {column} in the hot form"))?;
        let Some(offsets) = &rows.offsets else { return Ok(values.slice(first, count)) };
        let item = Arc::new(Field::new_list_field(values.data_type().clone(), true));
        let offsets = offsets.slice(first, count);
        Ok(Arc::new(ListArray::try_new(item, offsets, Arc::clone(values), None)?))
    }
}

impl Stream for Subjects {
    type Item = Result<RecordBatch>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let stream = self.get_mut();
        let elapsed = stream.metrics.elapsed_compute().clone();
        let batch = {
            let _timer = elapsed.timer();
            stream.next_batch()
        };
        stream.metrics.record_poll(Poll::Ready(batch))
    }
}

impl RecordBatchStream for Subjects {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
