//! In which language titles and labels are read.

use std::collections::{BTreeMap, BTreeSet};

use interplay_syntax::tree::DeclarationKind;

use super::{Catalog, CodeList};

impl Catalog {
    /// The languages in which something has a title or a label; first those that the library
    /// names.
    #[must_use]
    pub fn spoken(&self) -> Vec<String> {
        let labels = self.codes.values().flat_map(|list| list.translations.keys());
        let titles = self.titles.values().flat_map(BTreeMap::keys);
        let used: BTreeSet<&String> = labels.chain(titles).collect();
        let others = used.into_iter().filter(|language| !self.languages.contains(language));
        self.languages.iter().chain(others).cloned().collect()
    }

    /// Titles and labels are those of `language` from now on, where there is one in it.
    pub fn speak(&mut self, language: &str) {
        self.codes.values_mut().for_each(|list| list.speak(language));
        let titles = std::mem::take(&mut self.titles);
        for ((kind, name), in_languages) in &titles {
            if let (Some(own), Some(other)) = (self.title(*kind, name), in_languages.get(language))
            {
                *own = Some(other.clone());
            }
        }
        self.titles = titles;
    }

    /// The title of a declaration in further languages: `nl` → `Bereikte jongeren`
    pub fn titles_of(
        &self,
        kind: DeclarationKind,
        name: &str,
    ) -> impl Iterator<Item = (&str, &str)> {
        let found = self.titles.get(&(kind, name.to_owned())).into_iter().flatten();
        found.map(|(language, title)| (language.as_str(), title.as_str()))
    }

    /// Where the title of a declaration is kept.
    fn title(&mut self, kind: DeclarationKind, name: &str) -> Option<&mut Option<String>> {
        match kind {
            DeclarationKind::Library => self.library.as_mut().map(|it| &mut it.title),
            DeclarationKind::Subject => self.subjects.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Codes => self.codes.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Record => self.records.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Organisation => {
                self.organisations.get_mut(name).map(|it| &mut it.title)
            }
            DeclarationKind::Parameter => self.parameters.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Periods => self.kinds.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Unit => self.units.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Report => self.reports.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Define
            | DeclarationKind::Dimension
            | DeclarationKind::Indicator
            | DeclarationKind::TargetGroup => self.rules.get_mut(name).map(|it| &mut it.title),
            DeclarationKind::Bridge
            | DeclarationKind::ContributionRule
            | DeclarationKind::Disclosure
            | DeclarationKind::Source
            | DeclarationKind::Test
            | DeclarationKind::Timeline => None,
        }
    }
}

impl CodeList {
    /// Labels are those of `language` from now on, where it has one.
    fn speak(&mut self, language: &str) {
        let Some(labels) = self.translations.get(language) else { return };
        for (code, label) in &mut self.codes {
            if let Some(other) = labels.get(code) {
                label.clone_from(other);
            }
        }
    }
}
