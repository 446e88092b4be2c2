//! The blocks and neighbourhoods of the quarters, and how they change.

use chrono::NaiveDate;

use crate::sample::time::day;

/// A street block, which stays what it is whatever neighbourhood it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// As the codebook calls it.
    pub(super) code: &'static str,
    /// The statistical sector, as the housing company writes it.
    pub(super) sector: &'static str,
    neighbourhood: Neighbourhood,
    /// In which half of the yards it lies since they were split.
    half: Neighbourhood,
}

/// A neighbourhood, by the name that the partners use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Neighbourhood {
    Fishmarket,
    Weavers,
    Barracks,
    Mills,
    Yards,
    QuayNorth,
    QuaySouth,
    Station,
    Gardens,
}

use Neighbourhood::{
    Barracks, Fishmarket, Gardens, Mills, QuayNorth, QuaySouth, Station, Weavers, Yards,
};

impl Neighbourhood {
    /// As French-speaking partners write it.
    pub(super) fn french(self) -> &'static str {
        match self {
            Fishmarket => "Marché aux Poissons",
            Weavers => "Tisserands",
            Barracks => "Caserne",
            Mills => "Moulins",
            Yards => "Chantiers",
            QuayNorth => "Quai Nord",
            QuaySouth => "Quai Sud",
            Station => "Gare",
            Gardens => "Jardins",
        }
    }

    /// The number on the observatory's form.
    pub(super) fn number(self) -> &'static str {
        match self {
            Fishmarket => "11",
            Weavers => "12",
            Barracks => "13",
            Mills => "21",
            Yards => "22",
            QuayNorth => "23",
            QuaySouth => "24",
            Station => "31",
            Gardens => "32",
        }
    }
}

/// The day on which the yards became two neighbourhoods.
pub(super) fn split() -> NaiveDate {
    day(2025, 1, 1)
}

impl Block {
    /// The neighbourhood in which it lies on a day.
    pub(super) fn neighbourhood_on(&self, date: NaiveDate) -> Neighbourhood {
        if date >= split() { self.half } else { self.neighbourhood }
    }
}

const fn block(
    code: &'static str,
    sector: &'static str,
    neighbourhood: Neighbourhood,
    half: Neighbourhood,
) -> Block {
    Block { code, sector, neighbourhood, half }
}

/// All of them.
pub(super) const BLOCKS: &[Block] = &[
    block("herring_row", "A11-1", Fishmarket, Fishmarket),
    block("salt_street", "A11-2", Fishmarket, Fishmarket),
    block("net_alley", "A11-3", Fishmarket, Fishmarket),
    block("loom_street", "A12-1", Weavers, Weavers),
    block("wool_square", "A12-2", Weavers, Weavers),
    block("dyers_lane", "A12-3", Weavers, Weavers),
    block("drill_yard", "A13-1", Barracks, Barracks),
    block("drum_street", "A13-2", Barracks, Barracks),
    block("gate_street", "A13-3", Barracks, Barracks),
    block("flour_quay", "B21-1", Mills, Mills),
    block("wheel_street", "B21-2", Mills, Mills),
    block("weir_street", "B21-3", Mills, Mills),
    block("crane_quay", "B22-1", Yards, QuayNorth),
    block("rope_walk", "B22-2", Yards, QuayNorth),
    block("tar_street", "B22-3", Yards, QuaySouth),
    block("slip_street", "B22-4", Yards, QuaySouth),
    block("rail_street", "C31-1", Station, Station),
    block("signal_street", "C31-2", Station, Station),
    block("depot_square", "C31-3", Station, Station),
    block("orchard_road", "C32-1", Gardens, Gardens),
    block("bee_street", "C32-2", Gardens, Gardens),
    block("rose_hill", "C32-3", Gardens, Gardens),
];
