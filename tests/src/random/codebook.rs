//! The codebook of all random programs: its text, and what a writer of programs must know of it.

use super::number::Measured;

/// The declarations.
pub(super) const TEXT: &str = r#"subject person "Someone known to at least one organisation" nl "Iemand die iemand kent"
subject household "Persons who live together"
subject respondent anonymous "Someone who filled in a survey"

organisation north_house "Shelter in the north" { kind: shelter   since: 2019-02-28 }
organisation harbour "Shelter at the harbour" { kind: shelter   until: 2025-03-31 }
organisation clinic "Health centre" { kind: care   since: 2024-02-29   until: 2024-12-31 }
organisation office "Social service" { since: 2023-07-01 }
organisation archive "Knows nobody" { kind: keeper }

codes gender_code "Gender" {
  f: "Female" nl "Vrouw" fr "Femme"
  m: "Male"
  x: "Other"
}

codes schooling_code "Highest schooling" {
  none_at_all: "None"
  primary:     "Primary"
  secondary:   "Secondary"
  groups { some_schooling: primary, secondary }
}

codes place_kind "Where someone sleeps" {
  street:      "Living rough"
  shelter:     "Shelter"
  guest:       "With others"
  institution: "Institution"
  own_home:    "A home of one's own"
  groups {
    homeless: street, shelter
    unstable: shelter, guest, institution
  }
}

codes contact_kind "What was done" {
  intake: "Intake"
  talk:   "Talk"
  visit:  "Visit"
  groups { personal: talk, visit }
}

codes stage_code "Where someone stands" {
  waiting: "Waiting"
  active:  "Active"
  done:    "Done"
}

codes area_code "Where something is" {
  levels: block, district, city
  tree {
    code     | label      | label nl   | level    | within | from       | until
    town     | The town   | De stad    | city     |        |            |
    centre   | Centre     |            | district | town   |            |
    north    | North      |            | district | town   | 2023-07-01 |
    south    | South      |            | district | town   |            | 2024-07-01
    canal    | Canal side |            | block    | centre |            | 2024-01-01
    canal    |            |            |          | north  | 2024-01-01 |
    mill     | Mill       |            | block    | south  |            | 2024-07-01
    mill     |            |            |          | centre | 2024-07-01 |
    old_gate | Old gate   |            | block    | centre |            | 2025-01-01
    meadow   | Meadow     |            | block    | town   | 2024-03-31 |
    lot      | Empty lot  |            | block    |        |            |
  }
  groups { watery: canal, mill }
}

periods school_year "School year" starts 09-01

periods campaign "Campaigns" {
  early:  2022-11-15 .. 2023-02-28
  winter: 2024-01-10 .. 2024-03-09
  spring: 2024-03-10 .. 2024-06-30
  autumn: 2024-Q4
  oneday: 2025-03-01
}

unit session "A session" = 45 min
unit course = 10 sessions
unit shilling = 0.05 EUR

parameter threshold in EUR "What someone needs" {
  2006-03-01: 500
  2024-01-01: 620.5
  2025-02-28: 700
}

record profile of person once {
  birth_date: date of birth?
  gender:     gender_code?
}

record school_file of person once by majority {
  schooling: schooling_code?
  school:    text?
}

record social_file of person once by organisations office, clinic {
  income:     number in EUR?
  home:       area_code?
  registered: date?
}

record contact of person at day {
  day:     instant
  kind:    contact_kind?
  minutes: number in min?
}

record status of person at noted {
  noted: date
  stage: stage_code?
  score: number?
  level: number?
  value: number in points?
}

record stay of person during arrived until left {
  arrived: date
  left:    date?
  place:   place_kind?
}

record training of person during begun until ended {
  begun:  date
  ended:  date?
  area:   area_code?
  hours:  number in hours?
  file:   text
  key:    file
}

record dwelling of household once by latest {
  tenure: place_kind?
  rooms:  number?
  built:  date?
}

record rent of household at paid {
  paid:   instant
  kind:   stage_code?
  amount: number in EUR?
  key:    household, paid
}

record membership of person during since until quit without overlap {
  since:     date
  quit:      date?
  household: household?
  role:      contact_kind?
  costs:     number in EUR?
}

record answer of respondent at filled {
  filled: date
  view:   stage_code?
  rating: number?
}

disclosure none
"#;

/// The organisations that know somebody; `archive` knows nobody.
pub(super) const ORGANISATIONS: &[&str] = &["north_house", "harbour", "clinic", "office"];

/// A code list with its codes and groups.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The codes.
    pub(super) codes: &'static [&'static str],
    /// The groups of it.
    pub(super) groups: &'static [&'static str],
    /// Levels above the finest, with their codes.
    pub(super) levels: &'static [(&'static str, &'static [&'static str])],
}

/// `area_code`
pub(super) const AREA: List = List {
    codes: &["canal", "mill", "old_gate", "meadow", "lot"],
    groups: &["watery", "centre", "north", "south", "town"],
    levels: &[("district", &["centre", "north", "south"]), ("city", &["town"])],
};

/// `gender_code`
pub(super) const GENDER: List = List { codes: &["f", "m", "x"], groups: &[], levels: &[] };
/// `schooling_code`
pub(super) const SCHOOLING: List = List {
    codes: &["none_at_all", "primary", "secondary"],
    groups: &["some_schooling"],
    levels: &[],
};
/// `place_kind`
pub(super) const PLACE: List = List {
    codes: &["street", "shelter", "guest", "institution", "own_home"],
    groups: &["homeless", "unstable"],
    levels: &[],
};
/// `contact_kind`
pub(super) const KIND: List =
    List { codes: &["intake", "talk", "visit"], groups: &["personal"], levels: &[] };
/// `stage_code`
pub(super) const STAGE: List =
    List { codes: &["waiting", "active", "done"], groups: &[], levels: &[] };
/// What `organisation` of a row takes.
pub(super) const ORGANISATION: List = List {
    codes: &["north_house", "harbour", "clinic", "office", "archive"],
    groups: &[],
    levels: &[],
};

/// A record with time.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordInfo {
    /// `stay`
    pub(super) name: &'static str,
    /// `arrived`, or the day
    pub(super) start: &'static str,
    /// `left`; none for a record at a day
    pub(super) end: Option<&'static str>,
    /// `place`
    pub(super) code: (&'static str, List),
    /// `minutes`
    pub(super) number: Option<(&'static str, Measured)>,
    /// Whether no two rows of a subject start on one day, or at one moment, so that `first` and
    /// `last` are certain.
    pub(super) is_ordered: bool,
    /// Whether a row starts at a moment.
    pub(super) is_instant: bool,
}

/// `contact`
pub(super) const CONTACT: RecordInfo = RecordInfo {
    name: "contact",
    start: "day",
    end: None,
    code: ("kind", KIND),
    number: Some(("minutes", Measured::Minutes)),
    is_ordered: true,
    is_instant: true,
};
/// `status`
pub(super) const STATUS: RecordInfo = RecordInfo {
    name: "status",
    start: "noted",
    end: None,
    code: ("stage", STAGE),
    number: Some(("score", Measured::Score)),
    is_ordered: true,
    is_instant: false,
};
/// `stay`
pub(super) const STAY: RecordInfo = RecordInfo {
    name: "stay",
    start: "arrived",
    end: Some("left"),
    code: ("place", PLACE),
    number: None,
    is_ordered: false,
    is_instant: false,
};
/// `training`
pub(super) const TRAINING: RecordInfo = RecordInfo {
    name: "training",
    start: "begun",
    end: Some("ended"),
    code: ("area", AREA),
    number: Some(("hours", Measured::Hours)),
    is_ordered: true,
    is_instant: false,
};

/// `membership`: of a person, in a household
pub(super) const MEMBERSHIP: RecordInfo = RecordInfo {
    name: "membership",
    start: "since",
    end: Some("quit"),
    code: ("role", KIND),
    number: Some(("costs", Measured::Euros)),
    is_ordered: true,
    is_instant: false,
};
/// `rent`: of a household
pub(super) const RENT: RecordInfo = RecordInfo {
    name: "rent",
    start: "paid",
    end: None,
    code: ("kind", STAGE),
    number: Some(("amount", Measured::Euros)),
    is_ordered: true,
    is_instant: true,
};

/// `answer`: each a respondent by itself
pub(super) const ANSWER: RecordInfo = RecordInfo {
    name: "answer",
    start: "filled",
    end: None,
    code: ("view", STAGE),
    number: Some(("rating", Measured::Score)),
    is_ordered: true,
    is_instant: false,
};

/// What `kind` of an organisation takes.
pub(super) const PARTNER_KIND: List =
    List { codes: &["shelter", "care", "keeper"], groups: &[], levels: &[] };

/// `delivery`, which every project has
pub(super) const DELIVERY: RecordInfo = RecordInfo {
    name: "delivery",
    start: "covers_from",
    end: Some("covers_until"),
    code: (
        "record",
        List { codes: &["contact", "status", "stay", "rent"], groups: &[], levels: &[] },
    ),
    number: Some(("quarantined", Measured::Rows)),
    is_ordered: true,
    is_instant: false,
};

/// Every record with time of a person.
pub(super) const RECORDS: &[RecordInfo] = &[CONTACT, STATUS, STAY, TRAINING, MEMBERSHIP];
/// Every record with time whose rows are a household's: its own, and those that refer to it, whose
/// order is not certain.
pub(super) const HOME_RECORDS: &[RecordInfo] =
    &[RENT, RecordInfo { is_ordered: false, ..MEMBERSHIP }];
