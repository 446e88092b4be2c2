//! `report` declarations: their `show:` lines in the report's period.

use interplay_compile::calendar::kind::PeriodKind;
use interplay_compile::calendar::{self, Period};
use interplay_compile::catalog::Report;
use interplay_compile::query;
use interplay_compile::types::TimeUnit;
use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::suggest;
use interplay_diagnostic::{SourceId, Spanned};
use interplay_syntax::tree::{Expr, Query, QueryPeriod};

use crate::error::Error;
use crate::outcome::Outcome;
use crate::session::{Session, words};

/// One report with the answers to its `show:` lines.
#[derive(Clone, Debug)]
pub struct ReportOutcome {
    /// `quarterly`
    pub name: String,
    /// `For the steering committee`
    pub title: Option<String>,
    /// `2025-Q4`
    pub period: String,
    /// One a `show:` line.
    pub outcomes: Vec<Outcome>,
}

impl Session {
    /// Runs the reports of these names, or all of them, in `period`; or in the last period of
    /// the report's own kind (`every quarter`) that the data have wholly.
    ///
    /// # Errors
    /// When a name or the period is unknown, the rules have errors, or the world fails.
    pub async fn report(
        &mut self,
        names: &[String],
        period: Option<&str>,
    ) -> Result<Vec<ReportOutcome>, Error> {
        if has_error(&self.problems) {
            return Err(Error::Rules);
        }
        let reports = self.chosen(names)?;
        self.load().await?;
        let mut done = Vec::new();
        for report in reports {
            let (wanted, period) = (period, self.period_of(&report, period)?);
            let mut outcomes = Vec::new();
            for show in &report.shows {
                let title = words(&self.sources, show.span);
                let query = in_period(&show.item, period);
                outcomes.push(self.answered(&query, &title).await?);
            }
            let period = self.heading(wanted.or(report.every.as_deref()), period);
            done.push(ReportOutcome { name: report.name, title: report.title, period, outcomes });
        }
        Ok(done)
    }

    fn chosen(&self, names: &[String]) -> Result<Vec<Report>, Error> {
        let reports = &self.model.catalog.reports;
        if names.is_empty() {
            return Ok(reports.values().cloned().collect());
        }
        let chosen = names.iter().map(|name| {
            reports.get(name).cloned().ok_or_else(|| {
                let known = reports.keys().map(String::as_str);
                let near = suggest::nearest(name, known);
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Error::Unknown(format!("there is no report `{name}`{near}"))
            })
        });
        chosen.collect()
    }

    fn period_of(&self, report: &Report, wanted: Option<&str>) -> Result<Period, Error> {
        if let Some(text) = wanted {
            let found = self.written(text).or_else(|| self.named(text));
            return found.ok_or_else(|| {
                let examples =
                    "2025, 2025-Q1, 2025-03, 2023 .. 2025, last 4 quarters or year to date";
                Error::Unknown(format!("`{text}` is no period such as {examples}"))
            });
        }
        let data_date = self.seen_until().ok_or(Error::NoDataDate)?;
        let catalog = &self.model.catalog;
        let kind = report.every.as_deref().and_then(|word| catalog.kind_of_period(word));
        let kind = kind.unwrap_or(PeriodKind::Unit(TimeUnit::Year));
        let current = kind.around(data_date).filter(|current| current.last <= data_date);
        current.or_else(|| kind.before(data_date)).ok_or_else(|| {
            let kind = kind.word();
            Error::Unknown(format!("no `{kind}` is over on {data_date}, the data date"))
        })
    }

    /// What a report is headed by: the periods of the kind that was asked for, where it is whole
    /// ones, so `2025-Q3 .. 2025-Q4` for the last two quarters.
    fn heading(&self, wanted: Option<&str>, period: Period) -> String {
        let name = calendar::name(period);
        let words = wanted.unwrap_or_default().split_whitespace();
        let kind = words.filter_map(|word| self.model.catalog.kind_of_period(word)).next();
        let Some(kind) = kind else {
            // As it is written, where it has no shorter name.
            let range =
                wanted.and_then(|text| text.split_once("..")).filter(|_| name.contains(".."));
            return range
                .map_or(name, |(first, last)| format!("{} .. {}", first.trim(), last.trim()));
        };
        let parts = kind.cut(period);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return name };
        let is_whole = |part: &Period| kind.around(part.first) == Some(*part);
        let ends = Period { first: first.first, last: last.last };
        if ends != period || !is_whole(first) || !is_whole(last) {
            return name;
        }
        let shown = |part: Period| kind.label(part).unwrap_or_else(|| kind.name(part));
        let mut names = vec![shown(*first), shown(*last)];
        names.dedup();
        let names = names.join(" .. ");
        match kind {
            PeriodKind::Declared(_) => format!("{} {names}", kind.word()),
            PeriodKind::Unit(_) => names,
        }
    }

    /// `last 4 quarters`, `year to date`: a period by name, which follows from the data date
    fn named(&self, text: &str) -> Option<Period> {
        let (expr, problems) = interplay_syntax::parse_expression(SourceId::default(), text);
        let expr = expr.filter(|_| problems.is_empty())?;
        query::period(&self.model, &expr, self.seen_until()?)
    }

    /// `2025`, `2025-03-31`, `2023 .. 2025`, `school_year 2024`
    fn written(&self, text: &str) -> Option<Period> {
        let one = |text: &str| {
            let day = calendar::date(text).map(|day| Period { first: day, last: day });
            day.or_else(|| calendar::period(text)).or_else(|| {
                let (kind, which) = text.split_once(' ')?;
                self.model.catalog.kinds.get(kind)?.kind.called(which.trim())
            })
        };
        match text.split_once("..") {
            None => one(text.trim()),
            Some((first, last)) => {
                let (first, last) = (one(first.trim())?.first, one(last.trim())?.last);
                (first <= last).then_some(Period { first, last })
            }
        }
    }
}

/// The query in the report's period, unless it names one itself.
fn in_period(query: &Query, period: Period) -> Query {
    let mut query = query.clone();
    if query.period.is_none() && matches!(query.verb.item.as_str(), "measure" | "explain") {
        let at = |day: chrono::NaiveDate| {
            Box::new(Spanned::new(Expr::Date(day.to_string()), query.span))
        };
        let range = Expr::Range { from: at(period.first), to: at(period.last) };
        query.period = Some(QueryPeriod::Span(Spanned::new(range, query.span)));
    }
    query
}
