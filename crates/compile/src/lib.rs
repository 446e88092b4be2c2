//! What a program means: names, types and units are checked, and rules lowered to plans.

pub mod catalog;
