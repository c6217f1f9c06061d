//! Drafting a mapping from a register in one of the neighbours' languages.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use exchange::draft::{Draft, draft_mapping};
use exchange::mapping::Mapping;
use given::{first_plan, table};
use serde_json::{Value, json};

fn schema() -> Value {
    let words = json!({"type": ["string", "null"]});
    json!({"type": "object", "required": ["title"], "properties": {
        "title": {"type": "string"}, "reference": words, "purpose": words, "description": words,
        "unit": {"type": ["string", "null"], "pattern": "^[a-z0-9-]{1,64}$"},
        "supplier": words, "model": words, "contact": words,
        "stage": {"enum": ["idea", "development", "pilot", "live", "retired", "refused", null]},
        "personal_data": {"enum": ["yes", "no", "not_applicable"]},
        "operational_since": {"type": ["string", "null"], "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?$"},
        "answers": {"type": "array", "items": {"type": "object"}},
        "source": {"type": "object"}, "as_received": {"type": "object"}}})
}

fn drafted(text: &str) -> (Draft, Mapping) {
    let draft = draft_mapping(&table(text), "test.csv", "ai_system", &schema());
    let mapping = Mapping::parse(&draft.toml).unwrap();
    (draft, mapping)
}

/// A register in each language, its headings in the order of `FIELDS`, and a column that is like
/// nothing at its end.
const REGISTERS: [&str; 7] = [
    "Ref;Name;Purpose;Department;Supplier;Owner;Stage;Go live;Personal data;Colour
A1;Router;Plans rounds;Waste;Brine;Jo Sample;In use;2024-05-06;Yes;x
A2;Mower;Mows;Parks;Sons;Al Sample;Not yet in use;2024-05;No;x",
    "Lfd. Nr.;Bezeichnung;Einsatzzweck;Fachbereich;Hersteller;Verantwortliche Person;Stand;In Betrieb seit;Personenbezogene Daten;Farbe
A1;Routenplaner;Plant Touren;Abfall;Brine;Jo Sample;In Betrieb;6. Mai 2024;Ja;x
A2;Mäher;Mäht;Grünflächen;Sons;Al Sample;Noch nicht in Betrieb;Mai 2024;Nein;x",
    "N°;Nom du système;Finalité;Direction;Fournisseur;Responsable;État;Date de mise en service;Données à caractère personnel;Couleur
A1;Trieur;Trie le courrier;Logement;Brine;Jo Sample;En production;6 mai 2024;Oui;x
A2;Tondeuse;Tond;Parcs;Sons;Al Sample;Pas encore en service;mai 2024;Non;x",
    "Núm.;Nombre;Finalidad;Unidad;Proveedor;Responsable;Estado;En uso desde;Datos personales;Color
A1;Rutas;Planea rutas;Residuos;Brine;Jo Sample;En producción;6 de mayo de 2024;Sí;x
A2;Segadora;Siega;Parques;Sons;Al Sample;No operativo;mayo 2024;No;x",
    "Volgnummer;Naam;Doel;Afdeling;Leverancier;Eigenaar;Status;In gebruik sinds;Persoonsgegevens;Kleur
A1;Planner;Plant routes;Afval;Brine;Jo Sample;In gebruik;6 mei 2024;Ja;x
A2;Maaier;Maait;Parken;Sons;Al Sample;Nog niet in gebruik;mei 2024;Nee;x",
    "Codice;Denominazione;Scopo;Ufficio;Fornitore;Referente;Stato;Data di messa in servizio;Dati personali;Colore
A1;Percorsi;Pianifica;Rifiuti;Brine;Jo Sample;In uso;6 maggio 2024;Sì;x
A2;Tosaerba;Taglia;Parchi;Sons;Al Sample;Non in uso;maggio 2024;No;x",
    "Lp.;Nazwa systemu;Cel;Wydział;Dostawca;Właściciel;Status;Data wdrożenia;Dane osobowe;Kolor
A1;Trasy;Planuje trasy;Odpady;Brine;Jo Sample;W użyciu;6 maja 2024;Tak;x
A2;Kosiarka;Kosi;Parki;Sons;Al Sample;Nie w użyciu;maj 2024;Nie;x",
];

const FIELDS: [&str; 9] = [
    "reference",
    "title",
    "purpose",
    "unit",
    "supplier",
    "contact",
    "stage",
    "operational_since",
    "personal_data",
];

#[test]
fn the_columns_that_matter_are_recognised_in_each_neighbours_language() {
    for register in REGISTERS {
        let (draft, mapping) = drafted(register);
        let headings: Vec<&str> = register.lines().next().unwrap().split(';').collect();
        let column = |field: &str| {
            let found = mapping.field.iter().find(|one| one.to == field);
            found.map(|found| found.from.headings().concat())
        };
        for (field, heading) in FIELDS.iter().zip(&headings) {
            assert_eq!(column(field).as_deref(), Some(*heading), "{}", draft.toml);
        }
        assert_eq!(draft.unplaced, [*headings.last().unwrap()]);
        assert_eq!(draft.missing, [""; 0]);
    }
}

#[test]
fn what_a_register_says_in_those_languages_is_read() {
    for register in REGISTERS {
        let (draft, mapping) = drafted(register);
        let plan = first_plan(&table(register), &mapping);
        let body = plan.rows[0].body.as_ref().unwrap();
        let read = [
            &body["stage"],
            &body["operational_since"],
            &body["personal_data"],
        ];
        assert_eq!(read, ["live", "2024-05-06", "yes"], "{}", draft.toml);
        assert_eq!(body["contact"], "Jo Sample");
        let body = plan.rows[1].body.as_ref().unwrap();
        let read = [&body["operational_since"], &body["personal_data"]];
        assert_eq!(read, ["2024-05", "no"], "{}", draft.toml);
        // What is not in use is never drafted as if it were.
        assert_eq!(body.get("stage"), None, "{}", draft.toml);
    }
}

#[test]
fn accents_and_the_case_of_a_heading_make_no_difference() {
    let (draft, mapping) =
        drafted("NUMERO,Denomination,FINALITE\nA1,Trieur,Trie\nA2,Tondeuse,Tond\n");
    let found: Vec<&str> = mapping
        .field
        .iter()
        .map(|field| field.to.as_str())
        .collect();
    assert_eq!(found, ["purpose", "reference", "title"], "{}", draft.toml);
}

#[test]
fn a_column_of_people_is_kept_as_words_about_a_person() {
    let (_, mapping) = drafted("Name,Owner\nRouter,Jo Sample\nMower,Al Sample\n");
    let body = first_plan(&table("Name,Owner\nRouter,Jo Sample\n"), &mapping).rows[0]
        .body
        .clone();
    let body = body.unwrap();
    assert_eq!(body["contact"], "Jo Sample");
    assert_eq!(body.get("as_received"), None);
    // Days and answers are about nobody.
    for cells in ["2024-05-06", "Yes"] {
        let (draft, mapping) = drafted(&format!("Name,Owner\nRouter,{cells}\nMower,{cells}\n"));
        assert!(!mapping.fills("contact"), "{}", draft.toml);
    }
}
