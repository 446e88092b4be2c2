//! The pseudonym of one client, for a data steward who looks for that one's rows.

use interplay_diagnostic::problem::has_error;
use interplay_diagnostic::suggest;
use interplay_pool::Asked;

use crate::error::Error;
use crate::session::Session;

impl Session {
    /// The columns of an export that a source makes pseudonyms of: of the subject of its record,
    /// or of the one to whom a field refers.
    ///
    /// # Errors
    /// When there is no such source, or it makes no pseudonym of that.
    pub fn identifying(&self, source: &str, field: Option<&str>) -> Result<Vec<String>, Error> {
        let asked = self.asked(source, field)?;
        Ok(asked.columns().into_iter().map(str::to_owned).collect())
    }

    /// The pseudonym of what stands in those columns, made as the source makes it. Nothing of it
    /// is kept or written anywhere.
    ///
    /// # Errors
    /// When there is no such source, the key is not there, or a part of the identifier is missing.
    pub fn pseudonym(
        &self,
        source: &str,
        field: Option<&str>,
        values: &[String],
    ) -> Result<String, Error> {
        let asked = self.asked(source, field)?;
        let key = self.key()?;
        let made = asked.pseudonym(values, &self.model.catalog.codes, &key);
        made.ok_or_else(|| {
            Error::Unknown(
                "a part of the identifier is missing, and without it there is no pseudonym"
                    .to_owned(),
            )
        })
    }

    fn asked<'s>(&'s self, source: &str, field: Option<&'s str>) -> Result<Asked<'s>, Error> {
        if has_error(&self.problems) {
            return Err(Error::Rules);
        }
        let catalog = &self.model.catalog;
        let found = catalog.sources.get(source);
        let found = found.and_then(|it| Some((it, catalog.records.get(&it.record)?)));
        let Some((found, record)) = found else {
            let near = suggest::nearest(source, catalog.sources.keys().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Error::Unknown(format!("there is no source `{source}`{near}")));
        };
        Asked::new(found, record, field).ok_or_else(|| {
            let field = field.unwrap_or(&record.subject);
            Error::Unknown(format!("`{source}` makes no pseudonym for `{field}`"))
        })
    }
}
