//! The deliveries of `samples/youth-homelessness`: eight organisations, three years, 4,000 invented
//! young people.
//!
//! 1. `life::people` invents the young people: who they are, how they live from one day to the
//!    next, and which organisations come to know them.
//! 2. Each organisation's room looks at the part of that life which the organisation sees, and
//!    writes it down as its own system would: own words, codes, dates, separators and encodings,
//!    and its own share of broken rows.

use super::{Files, Written};
use life::Person;

mod employment_service;
mod housing_company;
mod life;
mod mental_health;
mod night_line;
mod night_shelter;
mod social_service;
mod street_outreach;
mod welfare_centre;
mod youth_care;

/// What one organisation makes of the young people.
type Deliveries = fn(&[Person]) -> Files;

/// The organisations' folders, each with the room that writes what lies in it.
const ORGANISATIONS: &[(&str, Deliveries)] = &[
    ("employment_service", employment_service::deliveries),
    ("housing_company", housing_company::deliveries),
    ("mental_health", mental_health::deliveries),
    ("night_shelter", night_shelter::deliveries),
    ("social_service", social_service::deliveries),
    ("street_outreach", street_outreach::deliveries),
    ("welfare_centre", welfare_centre::deliveries),
    ("youth_care", youth_care::deliveries),
];

/// Every file of the sample.
pub(super) fn files() -> Written {
    let people = life::people();
    super::written(ORGANISATIONS.iter().map(|(folder, deliveries)| (*folder, deliveries(&people))))
}
