//! The mappings of the sample's `sources/`, written out again: one function an organisation.

use std::path::Path;

use chrono::NaiveDate;

use super::town::{Aid, Balance, Goal, Household, Income, Inquiry, Person, Spell, Town};
use crate::plain::raw::{Cell, Row, Unusable, Writing, text_rows};
use crate::plain::time::data_date;

/// Reads what all organisations delivered.
pub(super) fn town(deliveries: &Path) -> Town {
    let mut town = Town::default();
    social_service(&deliveries.join("social_service"), &mut town);
    health_fund(&deliveries.join("health_fund"), &mut town);
    debt_mediation(&deliveries.join("debt_mediation"), &mut town);
    food_bank(&deliveries.join("food_bank"), &mut town);
    energy_point(&deliveries.join("energy_point"), &mut town);
    family_house(&deliveries.join("family_house"), &mut town);
    town
}

/// Enters the usable rows. What cannot be used is left out.
fn enter(rows: &[Row], mut read: impl FnMut(&Row) -> Result<(), Unusable>) {
    for row in rows {
        // Why it cannot be used is none of our business here.
        let _unusable = read(row);
    }
}

/// What begins after the data date is not seen.
fn seen(day: NaiveDate) -> Result<NaiveDate, Unusable> {
    if day <= data_date() { Ok(day) } else { Err(Unusable) }
}

fn spell(row: &Row, start: &str, end: &str) -> Result<Spell, Unusable> {
    let (start, end) = (seen(row.day(start)?)?, row.date(end)?);
    if end.is_some_and(|end| end < start) {
        return Err(Unusable);
    }
    Ok(Spell { start, end })
}

fn required<T>(cell: Cell<T>) -> Result<T, Unusable> {
    cell?.ok_or(Unusable)
}

impl Town {
    /// The household of a row, seen by an organisation for as long as the row holds.
    fn household(&mut self, number: String, by: &'static str, spell: Spell) -> &mut Household {
        let household = self.households.entry(number).or_default();
        household.seen_by.push((by, spell));
        household
    }

    fn person(&mut self, number: String) -> &mut Person {
        self.people.entry(number).or_default()
    }
}

fn social_service(folder: &Path, town: &mut Town) {
    const BY: &str = "social_service";
    let writing = Writing { separator: b';', encoding: "windows-1252", dates: "d/m/y" };
    let number = "Rijksregisternr.";
    enter(&text_rows(folder, "personen", writing), |row| {
        let (person, birth) = (row.person(number)?, row.date("Geboren")?);
        let gender = row.code("M/V", &[("V", "f"), ("M", "m")])?;
        told(town, BY, person, birth, gender);
        Ok(())
    });
    enter(&text_rows(folder, "gezinsleden", writing), |row| {
        let (person, household) = (row.person(number)?, row.person("Gezin")?);
        let spell = spell(row, "Sinds", "Tot")?;
        row.code(
            "Plaats in gezin",
            &[
                ("referentiepersoon", "head"),
                ("partner", "partner"),
                ("kind", "child"),
                ("ander", "other"),
            ],
        )?;
        let members = &mut town.household(household.clone(), BY, spell).members;
        members.push((spell, person.clone()));
        town.person(person).memberships.push((spell, household));
        Ok(())
    });
    living(folder, writing, town);
    enter(&text_rows(folder, "rechten", writing), |row| {
        let kind = row.code(
            "Recht",
            &[
                ("sociaal tarief energie", "energy_tariff"),
                ("verhoogde tegemoetkoming", "health_refund"),
                ("schooltoelage", "school_allowance"),
                ("huurtoelage", "rent_allowance"),
            ],
        );
        required(kind)?;
        let finding = row.code("Besluit", &[("heeft recht", "entitled"), ("geen recht", "not")])?;
        inquiry(town, row, BY, (number, "Onderzocht op", "Toegekend op"), finding)
    });
}

/// Where households live, and on what.
fn living(folder: &Path, writing: Writing, town: &mut Town) {
    const BY: &str = "social_service";
    enter(&text_rows(folder, "adressen", writing), |row| {
        let (household, spell) = (row.person("Gezin")?, spell(row, "Van", "Tot")?);
        let area = row.code(
            "Wijk",
            &[
                ("CEN", "centre"),
                ("NRD", "north"),
                ("HAV", "harbour"),
                ("OOS", "east"),
                ("WES", "west"),
                ("ZUI", "south"),
            ],
        )?;
        town.household(household, BY, spell).dwellings.push((spell, area));
        Ok(())
    });
    enter(&text_rows(folder, "inkomens", writing), |row| {
        let (household, spell) = (row.person("Gezin")?, spell(row, "Van", "Tot")?);
        let source = row.code(
            "Bron",
            &[
                ("arbeid", "work"),
                ("werkloosheid", "unemployment"),
                ("leefloon", "integration_income"),
                ("ziekte", "disability"),
                ("pensioen", "pension"),
            ],
        )?;
        let amount = row.number("Netto per maand (€)")?;
        town.household(household, BY, spell).incomes.push(Income { spell, source, amount });
        Ok(())
    });
}

/// A person is known by a row that says something of them.
fn told(
    town: &mut Town,
    by: &'static str,
    person: String,
    birth: Option<NaiveDate>,
    gender: Option<&str>,
) {
    if birth.is_some() || gender.is_some() {
        town.person(person).births.extend(birth.map(|birth| (by, birth)));
    }
}

fn inquiry(
    town: &mut Town,
    row: &Row,
    organisation: &'static str,
    (person, asked, granted): (&str, &str, &str),
    finding: Option<&str>,
) -> Result<(), Unusable> {
    let (person, asked, granted) =
        (row.person(person)?, seen(row.day(asked)?)?, row.date(granted)?);
    if granted.is_some_and(|granted| granted < asked) {
        return Err(Unusable);
    }
    let is_entitled = finding.map(|finding| finding == "entitled");
    town.person(person).inquiries.push(Inquiry { organisation, asked, is_entitled, granted });
    Ok(())
}

fn health_fund(folder: &Path, town: &mut Town) {
    const BY: &str = "health_fund";
    let writing = Writing { separator: b'|', encoding: "utf-8", dates: "y/m/d" };
    enter(&text_rows(folder, "membres", writing), |row| {
        let (person, birth) = (row.person("INSZ")?, row.date("NAISSANCE")?);
        let gender = row.code("SEXE", &[("F", "f"), ("M", "m")])?;
        told(town, BY, person, birth, gender);
        Ok(())
    });
    enter(&text_rows(folder, "droits", writing), |row| {
        let finding = row.code("DROIT OUVERT", &[("OUI", "entitled"), ("NON", "not")])?;
        inquiry(town, row, BY, ("INSZ", "DATE EXAMEN", "DATE OCTROI"), finding)
    });
}

fn debt_mediation(folder: &Path, town: &mut Town) {
    let writing = Writing { separator: b'\t', encoding: "utf-16", dates: "y-m-d" };
    enter(&text_rows(folder, "balances", writing), |row| {
        let (household, day) = (row.person("household")?, seen(row.day("drawn up on")?)?);
        let occasion = row.code(
            "occasion",
            &[("start", "opening"), ("half-year", "halfway"), ("end", "closing")],
        )?;
        let total = required(row.number("total owed"))?;
        row.number("creditors")?;
        let household = town.household(household, "debt_mediation", Spell::day(day));
        household.balances.push(Balance { day, occasion, total });
        Ok(())
    });
}

fn food_bank(folder: &Path, town: &mut Town) {
    let writing = Writing { separator: b',', encoding: "utf-8", dates: "m/d/y" };
    enter(&text_rows(folder, "parcels", writing), |row| {
        let (household, day) = (row.person("Family")?, seen(row.day("Date")?)?);
        let kind =
            row.code("Parcel", &[("basic", "food"), ("fresh", "food"), ("baby", "baby_goods")]);
        required(kind)?;
        let worth = row.number("Worth")?;
        let household = town.household(household, "food_bank", Spell::day(day));
        household.aid.push(Aid { day, is_parcel: true, worth });
        Ok(())
    });
}

fn energy_point(folder: &Path, town: &mut Town) {
    const BY: &str = "energy_point";
    let writing = Writing { separator: b';', encoding: "utf-8", dates: "d.m.y" };
    enter(&text_rows(folder, "bonnen", writing), |row| {
        let (household, day) = (row.person("Gezinsnummer")?, seen(row.day("Datum")?)?);
        let worth = row.number("Bon (EUR)")?;
        let household = town.household(household, BY, Spell::day(day));
        household.aid.push(Aid { day, is_parcel: false, worth });
        Ok(())
    });
    enter(&text_rows(folder, "afsluitingen", writing), |row| {
        let (household, day) = (row.person("Gezinsnummer")?, seen(row.day("Afgesloten op")?)?);
        row.code(
            "Energie",
            &[("gas", "gas"), ("elektriciteit", "electricity"), ("beide", "both")],
        )?;
        town.household(household, BY, Spell::day(day)).cut_offs.push(day);
        Ok(())
    });
}

fn family_house(folder: &Path, town: &mut Town) {
    let writing = Writing { separator: b',', encoding: "utf-8", dates: "y-m-d" };
    enter(&text_rows(folder, "goals", writing), |row| {
        let (household, day) = (row.person("family no")?, seen(row.day("set on")?)?);
        let themes = ["school", "home", "money", "health", "language"];
        required(row.code("theme", &themes.map(|theme| (theme, theme))))?;
        let importance = required(row.number("weight"))?;
        let score = row.number("score")?;
        row.date("scored on")?;
        if score.is_some_and(|score| !(-2.0..=2.0).contains(&score)) {
            return Err(Unusable);
        }
        let household = town.household(household, "family_house", Spell::day(day));
        household.goals.push(Goal { day, importance, score });
        Ok(())
    });
}
