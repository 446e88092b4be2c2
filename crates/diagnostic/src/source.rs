//! The texts that problems point into.

/// Which of the [`Sources`] a span stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// One text: a rule file, a query on the command line, an entry of the REPL.
#[derive(Clone, Debug)]
pub struct Source {
    /// As shown to the author: `rules/codebook.interplay`, `query`
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// All texts of a session, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<Source>,
}

impl Sources {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and says under which id it is known.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(Source { name: name.into(), text: text.into() });
        id
    }

    /// The text of `id`, if it was added here.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.texts.get(id.0 as usize)
    }

    /// The texts with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.texts)
    }
}
