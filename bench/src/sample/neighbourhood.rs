//! The deliveries of `samples/neighbourhood`: seven organisations, three years, some 2,200 invented
//! residents and three waves of an invented survey.
//!
//! 1. `life::quarters` invents the residents, where they live and move to, what partners offer, and
//!    who takes part in it.
//! 2. Each organisation's room writes down what that organisation sees of it, as its own system
//!    would.

use super::{Files, Written};
use life::Quarters;

mod area;
mod city_greens;
mod community_centre;
mod housing_company;
mod life;
mod observatory;
mod offer;
mod sports_club;
mod town_library;
mod youth_work;

/// What one organisation makes of the quarters.
type Deliveries = fn(&Quarters) -> Files;

/// The organisations' folders, each with the room that writes what lies in it.
const ORGANISATIONS: &[(&str, Deliveries)] = &[
    ("city_greens", city_greens::deliveries),
    ("community_centre", community_centre::deliveries),
    ("housing_company", housing_company::deliveries),
    ("observatory", observatory::deliveries),
    ("sports_club", sports_club::deliveries),
    ("town_library", town_library::deliveries),
    ("youth_work", youth_work::deliveries),
];

/// Every file of the sample.
pub(super) fn files() -> Written {
    let quarters = life::quarters();
    let made = ORGANISATIONS.iter().map(|(name, deliveries)| (*name, deliveries(&quarters)));
    super::written(made)
}
