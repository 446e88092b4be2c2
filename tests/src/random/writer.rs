//! Who writes random text: the dice, how deep it may go, and which names it may use.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::codebook::RecordInfo;
use super::number::Measured;

/// The dice, and the names declared so far.
#[derive(Debug)]
pub(super) struct Writer<'r> {
    pub(super) rng: &'r mut ChaCha8Rng,
    /// `define first_talk of person = first contact …`: at most one row
    pub(super) row_defines: Vec<(String, RecordInfo)>,
    /// `define … = any …`
    pub(super) condition_defines: Vec<String>,
    /// `define … = sum of …`
    pub(super) number_defines: Vec<(String, Measured)>,
    /// `target group …`
    pub(super) groups: Vec<String>,
    /// `dimension …`
    pub(super) dimensions: Vec<String>,
    /// `define … of household = any …`
    pub(super) home_conditions: Vec<String>,
    /// `define … of household = count of …`
    pub(super) home_numbers: Vec<(String, Measured)>,
}

/// Whom an expression is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// `person`
    Person,
    /// `household`
    Home,
    /// `respondent`, who is anonymous
    Respondent,
    /// `organisation`
    Partner,
}

impl About {
    /// What the names of its figures begin with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Person => "",
            Self::Home => "home_",
            Self::Respondent => "survey_",
            Self::Partner => "partner_",
        }
    }
}

/// Where an expression stands: how much deeper it may go, and which row is at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Of whom.
    pub(super) about: About,
    /// How many levels may still open below.
    pub(super) depth: usize,
    /// The record whose row a `where` looks at.
    pub(super) row: Option<RecordInfo>,
    /// The record of the row around that one: `this.…`
    pub(super) outer: Option<RecordInfo>,
}

impl Place {
    /// Outside all rows.
    pub(super) fn outside(depth: usize) -> Self {
        Self { about: About::Person, depth, row: None, outer: None }
    }

    /// The same about a household.
    pub(super) fn at_home(depth: usize) -> Self {
        Self { about: About::Home, ..Self::outside(depth) }
    }

    /// The same about a respondent.
    pub(super) fn of_survey(depth: usize) -> Self {
        Self { about: About::Respondent, ..Self::outside(depth) }
    }

    /// The same about an organisation.
    pub(super) fn of_partner(depth: usize) -> Self {
        Self { about: About::Partner, ..Self::outside(depth) }
    }

    /// Whether it is about an organisation.
    pub(super) fn is_partner(self) -> bool {
        self.about == About::Partner
    }

    /// Whether it is about a respondent.
    pub(super) fn is_survey(self) -> bool {
        self.about == About::Respondent
    }

    /// Whether it is about a person.
    pub(super) fn is_person(self) -> bool {
        self.about == About::Person
    }

    /// Whether it is about a household.
    pub(super) fn is_home(self) -> bool {
        self.about == About::Home
    }

    /// Whether a membership is at hand.
    pub(super) fn has_membership(self) -> bool {
        self.row.is_some_and(|row| row.name == "membership")
    }

    /// One level deeper.
    pub(super) fn below(self) -> Self {
        Self { depth: self.depth.saturating_sub(1), ..self }
    }

    /// Inside the `where` of rows of `record`.
    pub(super) fn inside(self, record: RecordInfo) -> Self {
        let (depth, row) = (self.depth.saturating_sub(1), Some(record));
        Self { depth, row, outer: self.row, ..self }
    }
}

impl<'r> Writer<'r> {
    /// Nothing declared yet.
    pub(super) fn new(rng: &'r mut ChaCha8Rng) -> Self {
        Self {
            rng,
            row_defines: Vec::new(),
            condition_defines: Vec::new(),
            number_defines: Vec::new(),
            groups: Vec::new(),
            dimensions: Vec::new(),
            home_conditions: Vec::new(),
            home_numbers: Vec::new(),
        }
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// A number from `low` to `high`, both in.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        self.rng.random_range(low..=high)
    }

    /// One of `items`, which are not empty.
    pub(super) fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        items.choose(self.rng).expect("there is something to choose from").clone()
    }

    /// One of `items`, if there is any.
    pub(super) fn any_of<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        items.choose(self.rng).cloned()
    }
}
