//! The mappings of `sources/`, written out again: one function an organisation.

use std::collections::BTreeMap;
use std::path::Path;

use super::person::{Event, Person, Profile, Spell};
use super::raw::{Cell, Row, Unusable, Writing, parquet_rows, text_rows};
use super::time::data_date;

/// Everybody, by the letters and digits of their number.
pub(super) type People = BTreeMap<String, Person>;

/// Reads what all organisations delivered.
pub(super) fn people(deliveries: &Path) -> People {
    let mut people = People::new();
    night_shelter(&deliveries.join("night_shelter"), &mut people);
    street_outreach(&deliveries.join("street_outreach"), &mut people);
    welfare_centre(&deliveries.join("welfare_centre"), &mut people);
    social_service(&deliveries.join("social_service"), &mut people);
    youth_care(&deliveries.join("youth_care"), &mut people);
    housing_company(&deliveries.join("housing_company"), &mut people);
    employment_service(&deliveries.join("employment_service"), &mut people);
    mental_health(&deliveries.join("mental_health"), &mut people);
    people
}

/// What a row says of somebody.
enum Said {
    Profile(Profile),
    Residence(Spell),
    Stay(Spell),
    Activity(Spell),
    Contact(Event),
    Debt(Event),
    Consultation(Event),
}

/// Enters what the usable rows say. What begins after the data date is not seen.
fn enter(
    people: &mut People,
    rows: &[Row],
    number: &str,
    read: impl Fn(&Row) -> Result<Said, Unusable>,
) {
    for row in rows {
        let (Ok(person), Ok(said)) = (row.person(number), read(row)) else { continue };
        let seen = match &said {
            Said::Profile(_) => true,
            Said::Residence(spell) | Said::Stay(spell) | Said::Activity(spell) => {
                spell.start <= data_date()
            }
            Said::Contact(event) | Said::Debt(event) | Said::Consultation(event) => {
                event.day <= data_date()
            }
        };
        if !seen {
            continue;
        }
        let person = people.entry(person).or_default();
        match said {
            Said::Profile(profile) => person.profiles.push(profile),
            Said::Residence(spell) => person.residences.push(spell),
            Said::Stay(spell) => person.stays.push(spell),
            Said::Activity(spell) => person.activities.push(spell),
            Said::Contact(event) => person.contacts.push(event),
            Said::Debt(event) => person.debts.push(event),
            Said::Consultation(event) => person.consultations.push(event),
        }
    }
}

/// From the column of the first day to the column of the end, which may not lie before it.
fn spell(
    row: &Row,
    organisation: &'static str,
    (start, end): (&str, &str),
    code: Cell<&'static str>,
) -> Result<Spell, Unusable> {
    let (start, end, code) = (row.day(start)?, row.date(end)?, code?);
    if end.is_some_and(|end| end < start) {
        return Err(Unusable);
    }
    Ok(Spell { organisation, start, end, code })
}

/// An address of which no end is written down.
fn address(
    row: &Row,
    organisation: &'static str,
    start: &str,
    code: Cell<&'static str>,
) -> Result<Said, Unusable> {
    Ok(Said::Residence(Spell { organisation, start: row.day(start)?, end: None, code: code? }))
}

fn event(
    row: &Row,
    organisation: &'static str,
    day: &str,
    code: Option<&'static str>,
    number: Cell<f64>,
) -> Result<Event, Unusable> {
    Ok(Event { organisation, day: row.day(day)?, code, number: number? })
}

fn profile(
    row: &Row,
    organisation: &'static str,
    birth: &str,
    gender: Cell<&'static str>,
) -> Result<Said, Unusable> {
    Ok(Said::Profile(Profile { organisation, birth: row.date(birth)?, gender: gender? }))
}

fn night_shelter(folder: &Path, people: &mut People) {
    let organisation = "night_shelter";
    let writing = Writing { separator: b';', encoding: "windows-1252", dates: "d/m/y" };
    let number = "Client nr.";
    enter(people, &text_rows(folder, "verblijven-", writing), number, |row| {
        let codes = [("nacht", "emergency"), ("winter", "emergency"), ("crisis", "temporary")];
        let place = row.code_or_missing("Soort", &codes);
        Ok(Said::Stay(spell(row, organisation, ("Datum in", "Datum uit"), Ok(place))?))
    });
    let guests = text_rows(folder, "gasten-", writing);
    enter(people, &guests, number, |row| {
        let gender = row.code_or_missing("Geslacht", &[("V", "f"), ("M", "m"), ("X", "x")]);
        profile(row, organisation, "Geb.datum", Ok(gender))
    });
    enter(people, &guests, number, |row| {
        let codes = [
            ("CEN", "centre"),
            ("NRD", "north"),
            ("HAV", "harbour"),
            ("OOS", "east_bank"),
            ("WES", "west_field"),
            ("ZUI", "south"),
            ("BUI", "elsewhere"),
        ];
        address(row, organisation, "Wijk sinds", row.code("Wijk", &codes))
    });
}

fn street_outreach(folder: &Path, people: &mut People) {
    let organisation = "street_outreach";
    let writing = Writing { separator: b',', encoding: "utf-8", dates: "y-m-d" };
    let number = "client_ref";
    enter(people, &text_rows(folder, "contacts-", writing), number, |row| {
        let codes = [
            ("first", "intake"),
            ("street", "outreach"),
            ("talk", "conversation"),
            ("phone", "phone"),
            ("home", "home_visit"),
        ];
        let kind = row.code("visit_type", &codes)?.ok_or(Unusable)?;
        let minutes = row.number("duration_min");
        Ok(Said::Contact(event(row, organisation, "visit_date", Some(kind), minutes)?))
    });
    enter(people, &text_rows(folder, "spells-", writing), number, |row| {
        let codes = [
            ("street", "rough_sleeping"),
            ("station", "rough_sleeping"),
            ("park", "rough_sleeping"),
            ("squat", "non_conventional"),
            ("car", "non_conventional"),
            ("caravan", "non_conventional"),
            ("sofa", "with_others"),
            ("unknown", ""),
        ];
        let place = row.code("sleeping_place", &codes);
        Ok(Said::Stay(spell(row, organisation, ("first_seen", "last_seen"), place)?))
    });
    let known = text_rows(folder, "people", writing);
    enter(people, &known, number, |row| {
        let codes = [("female", "f"), ("male", "m"), ("other", "x")];
        profile(row, organisation, "dob", Ok(row.code_or_missing("gender", &codes)))
    });
    enter(people, &known, number, |row| {
        let codes = [
            ("centre", "centre"),
            ("north", "north"),
            ("harbour", "harbour"),
            ("east bank", "east_bank"),
            ("west field", "west_field"),
            ("south", "south"),
            ("other town", "elsewhere"),
        ];
        address(row, organisation, "area_since", row.code("area", &codes))
    });
}

fn welfare_centre(folder: &Path, people: &mut People) {
    let organisation = "welfare_centre";
    let writing = Writing { separator: b';', encoding: "windows-1252", dates: "d-m-y" };
    let number = "Rijksregisternr";
    enter(people, &text_rows(folder, "gesprekken-", writing), number, |row| {
        let codes = [
            ("INT", "intake"),
            ("GES", "conversation"),
            ("HB", "home_visit"),
            ("TEL", "phone"),
            ("ADM", "administrative"),
        ];
        let kind = row.code("Type contact", &codes)?.ok_or(Unusable)?;
        let hours = row.number("Duur (uur)")?;
        let minutes = hours.map(|hours| hours * 60.0);
        Ok(Said::Contact(event(row, organisation, "Datum", Some(kind), Ok(minutes))?))
    });
    enter(people, &text_rows(folder, "opvang-", writing), number, |row| {
        let codes = [
            ("straat", "rough_sleeping"),
            ("crisisopvang", "emergency"),
            ("nachtopvang", "emergency"),
            ("doorgangswoning", "temporary"),
            ("opvangcentrum", "temporary"),
            ("kraakpand/garage", "non_conventional"),
            ("bij vrienden", "with_others"),
            ("bij familie", "with_others"),
            ("eigen woning", "housed"),
            ("studio met begeleiding", "housed"),
            ("niet gekend", ""),
        ];
        let place = row.code("Woonvorm", &codes);
        Ok(Said::Stay(spell(row, organisation, ("Begin", "Einde"), place)?))
    });
    let dossiers = text_rows(folder, "dossiers-", writing);
    enter(people, &dossiers, number, |row| {
        let codes = [("vrouw", "f"), ("man", "m"), ("andere", "x"), ("onbekend", "")];
        profile(row, organisation, "Geboortedatum", row.code("Gender", &codes))
    });
    enter(people, &dossiers, number, |row| {
        let codes = [
            ("Binnenstad", "centre"),
            ("Noord", "north"),
            ("Haven & Dokken", "harbour"),
            ("Oostoever", "east_bank"),
            ("Westveld", "west_field"),
            ("Zuid", "south"),
            ("andere gemeente", "elsewhere"),
        ];
        address(row, organisation, "Woont er sinds", row.code("Stadsdeel", &codes))
    });
}

fn social_service(folder: &Path, people: &mut People) {
    let organisation = "social_service";
    let writing = Writing { separator: b'|', encoding: "windows-1252", dates: "y/m/d" };
    let number = "INSZ";
    enter(people, &text_rows(folder, "schulden-", writing), number, |row| {
        let amount = row.number("Bedrag (€)")?.ok_or(Unusable)?;
        Ok(Said::Debt(event(row, organisation, "Datum vaststelling", None, Ok(Some(amount)))?))
    });
    enter(people, &text_rows(folder, "adressen-", writing), number, |row| {
        let codes = [
            ("44021A0", "centre"),
            ("44021B1", "north"),
            ("44021C3", "harbour"),
            ("44021D2", "east_bank"),
            ("44021E4", "west_field"),
            ("44021F1", "south"),
            ("EXT", "elsewhere"),
        ];
        let district = row.code("NIS-wijk", &codes);
        Ok(Said::Residence(spell(row, organisation, ("Van", "Tot"), district)?))
    });
    enter(people, &text_rows(folder, "woonsituatie-", writing), number, |row| {
        let codes = [
            ("10", "housed"),
            ("11", "housed"),
            ("31", "temporary"),
            ("50", "non_conventional"),
            ("60", "with_others"),
            ("00", ""),
        ];
        let place = row.code("Woonsituatie", &codes);
        Ok(Said::Stay(spell(row, organisation, ("Vanaf", "Tot en zonder"), place)?))
    });
    enter(people, &text_rows(folder, "dossiers-", writing), number, |row| {
        profile(row, organisation, "Geboortedatum", row.code("Geslacht", &[("1", "m"), ("2", "f")]))
    });
}

fn youth_care(folder: &Path, people: &mut People) {
    let organisation = "youth_care";
    let number = "rrn";
    let placements = parquet_rows(folder, "plaatsingen-");
    enter(people, &placements, number, |row| {
        let codes = [
            ("RES", "institution"),
            ("PLEEG", "institution"),
            ("GES", "institution"),
            ("CBAW", "temporary"),
            ("THUIS", "with_others"),
            ("ZELF", "housed"),
        ];
        let place = row.code("maatregel", &codes);
        Ok(Said::Stay(spell(row, organisation, ("begin", "einde"), place)?))
    });
    enter(people, &placements, number, |row| {
        let gender = row.code_or_missing("geslacht", &[("v", "f"), ("m", "m"), ("x", "x")]);
        profile(row, organisation, "geboortedatum", Ok(gender))
    });
    enter(people, &parquet_rows(folder, "begeleiding-"), number, |row| {
        let codes = [
            ("intake", "intake"),
            ("gesprek", "conversation"),
            ("huisbezoek", "home_visit"),
            ("telefoon", "phone"),
        ];
        let kind = row.code("soort", &codes)?.ok_or(Unusable)?;
        let minutes = row.number("minuten");
        Ok(Said::Contact(event(row, organisation, "datum", Some(kind), minutes)?))
    });
}

fn housing_company(folder: &Path, people: &mut People) {
    let organisation = "housing_company";
    let writing = Writing { separator: b';', encoding: "utf-16le", dates: "d.m.y" };
    let number = "Rijksregisternummer huurder";
    let times = ("Ingang contract", "Einde contract");
    let tenants = text_rows(folder, "huurders", writing);
    enter(people, &tenants, number, |row| {
        let codes = [
            ("APP", "housed"),
            ("STUDIO", "housed"),
            ("WONING", "housed"),
            ("DOORSTROOM", "temporary"),
        ];
        Ok(Said::Stay(spell(row, organisation, times, row.code("Type", &codes))?))
    });
    enter(people, &tenants, number, |row| {
        let codes = [
            ("01 Binnenstad", "centre"),
            ("02 Noord", "north"),
            ("03 Haven", "harbour"),
            ("04 Oostoever", "east_bank"),
            ("05 Westveld", "west_field"),
            ("06 Zuid", "south"),
            ("90 Buiten de stad", "elsewhere"),
        ];
        Ok(Said::Residence(spell(row, organisation, times, row.code("Wijk", &codes))?))
    });
    enter(people, &tenants, number, |row| {
        profile(
            row,
            organisation,
            "Geboren",
            row.code("M/V/X", &[("V", "f"), ("M", "m"), ("X", "x")]),
        )
    });
}

fn employment_service(folder: &Path, people: &mut People) {
    let organisation = "employment_service";
    let writing = Writing { separator: b',', encoding: "utf-8", dates: "m/d/y" };
    let number = "NationalId";
    let trajectories = text_rows(folder, "trajectories-", writing);
    enter(people, &trajectories, number, |row| {
        let codes =
            [("T1", "training"), ("T2", "internship"), ("J1", "job"), ("V1", "volunteering")];
        let kind = row.code("TrajectoryType", &codes)?.ok_or(Unusable)?;
        let times = ("StartDate", "EndDate");
        Ok(Said::Activity(spell(row, organisation, times, Ok(Some(kind)))?))
    });
    enter(people, &trajectories, number, |row| {
        profile(
            row,
            organisation,
            "BirthDate",
            row.code("Sex", &[("F", "f"), ("M", "m"), ("U", "x")]),
        )
    });
}

fn mental_health(folder: &Path, people: &mut People) {
    let organisation = "mental_health";
    let writing = Writing { separator: b';', encoding: "utf-8", dates: "d.m.y" };
    let number = "N° de dossier";
    enter(people, &text_rows(folder, "consultations-", writing), number, |row| {
        // Minutes are asked for no figure, but a row in which they are no number is unusable.
        row.number("Durée (min)")?;
        let wellbeing = row.number("Bien-être");
        Ok(Said::Consultation(event(row, organisation, "Date séance", None, wellbeing)?))
    });
    enter(people, &text_rows(folder, "patients", writing), number, |row| {
        let gender = row.code_or_missing("Sexe", &[("F", "f"), ("H", "m"), ("A", "x")]);
        profile(row, organisation, "Date de naissance", Ok(gender))
    });
}
