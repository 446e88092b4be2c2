//! The deliveries of `samples/poverty`: six organisations, three years, some 1,500 invented
//! households.
//!
//! 1. `life::households` invents the households: who belongs to them and from when to when, where
//!    they live, what they live on, what they owe, and which organisations come to know them.
//! 2. Each organisation's room writes down what that organisation sees of it, as its own system
//!    would.

use super::{Files, Written};
use life::Household;

mod debt_mediation;
mod energy_point;
mod family_house;
mod food_bank;
mod health_fund;
mod life;
mod social_service;

/// What one organisation makes of the households.
type Deliveries = fn(&[Household]) -> Files;

/// The organisations' folders, each with the room that writes what lies in it.
const ORGANISATIONS: &[(&str, Deliveries)] = &[
    ("debt_mediation", debt_mediation::deliveries),
    ("energy_point", energy_point::deliveries),
    ("family_house", family_house::deliveries),
    ("food_bank", food_bank::deliveries),
    ("health_fund", health_fund::deliveries),
    ("social_service", social_service::deliveries),
];

/// Every file of the sample.
pub(super) fn files() -> Written {
    let households = life::households();
    let made = ORGANISATIONS.iter().map(|(name, deliveries)| (*name, deliveries(&households)));
    super::written(made)
}
