//! Drafting a mapping from the headings of a file nobody has mapped yet.

mod given;

use exchange::draft::{Draft, draft_mapping};
use exchange::mapping::Mapping;
use exchange::table::{Reading, Table, read, read_as};
use given::{MADE_UP, first_plan, real_file, table};
use serde_json::{Value, json};

/// A schema of the shape the kinds have, with each way to write a choice.
fn schema() -> Value {
    let words = json!({"type": ["string", "null"]});
    json!({
        "type": "object",
        "properties": {
            "title": {"type": "string", "title": "Title"},
            "reference": words, "purpose": words, "description": words, "supplier": words,
            "model": words, "users": words, "contact": words,
            "unit": {"type": ["string", "null"], "pattern": "^[a-z0-9-]{1,64}$"},
            "owner": {"type": ["string", "null"], "format": "uuid"},
            "affected": {"type": "array", "items": {"type": "string"}},
            "roles": {"type": "array", "items": {"$ref": "#/$defs/Role"}},
            "origin": {"anyOf": [{"$ref": "#/$defs/Origin"}, {"type": "null"}]},
            "stage": {"enum": ["idea", "development", "pilot", "live", "retired", "refused", null]},
            "impact": {"enum": ["high", "not_high", "presumed_high_but_not"]},
            "personal_data": {"enum": ["yes", "no", "not_applicable", "withheld"]},
            "withheld": {"enum": ["no", "disclosure_risk", "prohibited_by_law", "other"]},
            "operational_since": {"type": ["string", "null"], "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?$"},
            "answers": {"type": "array", "items": {"type": "object"}},
            "source": {"type": "object"}, "as_received": {"type": "object"},
        },
        "$defs": {
            "Origin": {"oneOf": [
                {"const": "own_model", "description": "Own."}, {"const": "bought", "description": "Bought."},
                {"enum": ["feature", "adopted_by_staff"]},
            ]},
            "Role": {"enum": ["provider", "producer", "developer", "customer", "user", "partner", "subject", "authority"]},
        },
    })
}

#[track_caller]
fn drafted(table: &Table) -> (String, Mapping) {
    let toml = draft_mapping(table, "test.csv", "ai_system", &schema()).toml;
    let mapping = Mapping::parse(&toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    (toml, mapping)
}

/// Field and column of what was recognised.
fn pairs(mapping: &Mapping) -> Vec<(&str, String)> {
    mapping
        .field
        .iter()
        .map(|field| (field.to.as_str(), field.from.headings().join("+")))
        .collect()
}

const COUNCIL: &str = "\
Ref No.;System name;Directorate;What is it for? (purpose);Status;Risk level;Vendor;Uses personal data?;Go-live;Owner e-mail;2nd contact;DPIA done;Budget code
17;Bin router;Waste;Plans rounds;In production;Low;Brine & Sons;N;31/01/2023;jo@council.example;;Yes;X1
18;Pothole finder;Roads;Finds holes;Trial;High;In-house;N;02/03/2024;al@council.example;ed@council.example;No;X2
19;Letter helper;Housing;Drafts letters;Retired;Minimal;;Y;05/2022;;;Planned;X2
";

#[test]
fn the_columns_of_a_council_register_are_recognised() {
    let (toml, mapping) = drafted(&table(COUNCIL));
    let expected = [
        ("contact", "Owner e-mail+2nd contact"),
        ("impact", "Risk level"),
        ("operational_since", "Go-live"),
        ("personal_data", "Uses personal data?"),
        ("purpose", "What is it for? (purpose)"),
        ("reference", "Ref No."),
        ("stage", "Status"),
        ("supplier", "Vendor"),
        ("title", "System name"),
        ("unit", "Directorate"),
        ("answers", "DPIA done"),
    ];
    assert_eq!(
        pairs(&mapping),
        expected.map(|(to, from)| (to, from.to_owned())),
        "{toml}"
    );
    assert_eq!(
        mapping.key.by,
        [vec!["Ref No."], vec!["Directorate", "System name"]]
    );
    assert!(toml.contains("order = \"dmy\""), "{toml}");
    assert!(
        toml.ends_with("kept as received:\n#   \"Budget code\"\n"),
        "{toml}"
    );
}

#[test]
fn a_drafted_mapping_can_be_used_as_it_is() {
    let sheet = table(COUNCIL);
    let plan = first_plan(&sheet, &drafted(&sheet).1);
    assert_eq!((plan.counts().created, plan.counts().warnings), (3, 0));
    let body = plan.rows[1].body.as_ref().unwrap();
    assert_eq!(body["stage"], "pilot");
    assert_eq!(body["impact"], "high");
    assert_eq!(body["operational_since"], "2024-03-02");
    assert_eq!(
        body["contact"],
        "Owner e-mail: al@council.example\n2nd contact: ed@council.example"
    );
    assert_eq!(
        body["answers"],
        json!([{"about": "dpia-done", "answer": "no", "text": "No"}])
    );
    assert_eq!(body["as_received"]["Budget code"], "X2");
}

#[test]
fn a_value_like_no_choice_is_left_to_the_reader() {
    let (toml, _) = drafted(&table("Name,Stage\na,Live\nb,Zombie\n"));
    assert!(
        toml.contains("\"Live\" = \"live\"\n# \"Zombie\" = one of idea, development, pilot"),
        "{toml}"
    );
}

#[test]
fn a_column_of_yes_and_no_is_an_answer_whatever_its_heading_is_like() {
    let sheet = table("AI use case,Agency use (Y/N)?\nRouting,Y\nDrafting,N\n");
    let (toml, mapping) = drafted(&sheet);
    assert_eq!(
        pairs(&mapping),
        [
            ("title", "AI use case".to_owned()),
            ("answers", "Agency use (Y/N)?".to_owned())
        ],
        "{toml}"
    );
}

#[test]
fn a_file_like_nothing_still_gives_a_mapping_that_keeps_everything() {
    let sheet = table("Spalte \"1\",Spalte #2\nx,y\nx,z\n");
    let (_, mapping) = drafted(&sheet);
    assert!(mapping.field.is_empty());
    let plan = first_plan(&sheet, &mapping);
    assert_eq!(plan.counts().created, 2);
    assert_eq!(
        plan.rows[1].body.as_ref().unwrap()["as_received"],
        json!({"Spalte \"1\"": "x", "Spalte #2": "z"})
    );
    // Headings alone are enough, and so is one column.
    drafted(&table("Name\n"));
}

#[test]
fn the_federal_register_is_recognised_from_its_headings() {
    let made_up = read(MADE_UP, "made-up.csv").unwrap();
    let real = real_file().map(|bytes| read(&bytes, "real.csv").unwrap());
    for table in [Some(made_up), real].into_iter().flatten() {
        let (toml, mapping) = drafted(&table);
        let pairs = pairs(&mapping);
        for (to, from) in [
            ("title", "use_case_name"),
            ("reference", "id"),
            ("unit", "agency"),
            ("contact", "contact_email"),
            ("stage", "development_stage"),
            ("impact", "is_high_impact"),
            ("purpose", "problem_solved"),
            ("description", "system_outputs"),
            ("supplier", "vendor_name"),
            ("personal_data", "has_pii"),
            ("operational_since", "operational_date"),
            ("withheld", "is_withheld"),
            ("answers", "have_ato"),
        ] {
            assert!(
                pairs.contains(&(to, from.to_owned())),
                "{to} {from}\n{toml}"
            );
        }
        assert_eq!(
            first_plan(&table, &mapping).counts().created,
            table.rows.len()
        );
    }
}

/// The schema where a title has to be stated, and more.
fn draft_requiring(table: &Table, required: &[&str]) -> Draft {
    let mut schema = schema();
    schema["required"] = json!(required);
    draft_mapping(table, "test.csv", "ai_system", &schema)
}

#[test]
fn a_mapping_is_named_after_its_file_and_never_as_one_that_ships() {
    let sheet = table("Name\nRouter\n");
    for (file, name) in [
        ("Waste register 2026.v2.xlsx", "waste-register-2026-v2"),
        ("us-federal-2025.csv", "us-federal-2025-own"),
        ("US Federal 2025.csv", "us-federal-2025-own"),
        ("---.csv", "draft"),
        ("", "draft"),
    ] {
        let draft = draft_mapping(&sheet, file, "ai_system", &schema());
        assert_eq!(Mapping::parse(&draft.toml).unwrap().name, name, "{file}");
    }
    let long = draft_mapping(&sheet, &"r".repeat(200), "ai_system", &schema());
    assert_eq!(Mapping::parse(&long.toml).unwrap().name.len(), 64);
}

#[test]
fn headings_of_the_neighbours_languages_are_titles() {
    for heading in [
        "Naam",
        "Titel",
        "Nom",
        "Titre",
        "Name",
        "Bezeichnung",
        "Nombre",
        "Título",
    ] {
        let sheet = table(&format!("Nr,{heading}\nx1,Router\nx2,Mower\n"));
        let draft = draft_requiring(&sheet, &["title"]);
        let mapping = Mapping::parse(&draft.toml).unwrap();
        assert!(
            pairs(&mapping).contains(&("title", heading.to_owned())),
            "{}",
            draft.toml
        );
        assert!(!draft.toml.contains("No heading is like a title"));
    }
}

#[test]
fn a_title_no_heading_is_like_is_taken_from_the_column_that_names_things() {
    for (text, from) in [
        (
            "Code,Datum,Ja?,Was,Wo\nA-1,2024-01-02,yes,Leert Tonnen,x\nA-2,2024-01-03,no,Mäht,x\n",
            "Was",
        ),
        ("Code,Wo\nA-1,x\nA-2,x\n", "Code"),
        ("Spalte\n", "Spalte"),
    ] {
        let sheet = table(text);
        let draft = draft_requiring(&sheet, &["title"]);
        let mapping = Mapping::parse(&draft.toml).unwrap();
        assert!(
            pairs(&mapping).contains(&("title", from.to_owned())),
            "{}",
            draft.toml
        );
        assert!(draft.toml.contains("# No heading is like a title."));
        assert!(draft.missing.is_empty());
        for row in first_plan(&sheet, &mapping).rows {
            assert!(row.body.unwrap()["title"].is_string());
        }
    }
}

#[test]
fn a_field_that_has_to_be_stated_and_has_no_column_is_named() {
    let sheet = table("Name\nRouter\n");
    let draft = draft_requiring(&sheet, &["title", "owner", "supplier", "source"]);
    assert_eq!(draft.missing, ["owner", "supplier"]);
    assert!(
        draft.toml.contains("\n# owner, supplier. Give each"),
        "{}",
        draft.toml
    );
    Mapping::parse(&draft.toml).unwrap();
}

#[test]
fn the_encoding_found_is_said_and_can_be_stated() {
    let bytes = encoding_rs::WINDOWS_1252.encode("Name\nCafé £5\n").0;
    let sheet = read(&bytes, "test.csv").unwrap();
    let (toml, mapping) = drafted(&sheet);
    assert!(toml.contains("# Read as windows-1252."), "{toml}");
    assert!(
        toml.contains("\n# Look: read as windows-1252: look at «Café £5» in row 1 under"),
        "{toml}"
    );
    assert!(
        toml.contains("# Read as windows-1252. This is a guess"),
        "{toml}"
    );
    assert_eq!(mapping.file.encoding.as_deref(), Some("windows-1252"));
    let stated = Reading {
        encoding: Some("cp1252".to_owned()),
        ..Reading::default()
    };
    let (toml, mapping) = drafted(&read_as(&bytes, "test.csv", &stated).unwrap());
    assert!(!toml.contains("guess:"), "{toml}");
    assert_eq!(mapping.file.encoding.as_deref(), Some("windows-1252"));
    // What the file says itself is found out again in the next one.
    let utf16: Vec<u8> = "\u{feff}Name\nCafé\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (toml, mapping) = drafted(&read(&utf16, "test.csv").unwrap());
    assert!(toml.contains("# Read as UTF-16LE.\n"), "{toml}");
    assert_eq!(mapping.file.encoding, None);
    assert!(drafted(&table("Name\nx\n")).0.contains("# Read as UTF-8."));
}

/// A schema of the shape that people have.
fn people() -> Value {
    let words = json!({"type": ["string", "null"]});
    let day = json!({"type": ["string", "null"], "format": "date"});
    json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "email": words, "role": words,
        "joined_on": day, "left_on": day,
        "source": {"type": "object"}, "as_received": {"type": "object"}}})
}

#[test]
fn the_columns_of_a_list_of_people_are_recognised() {
    let list = "Name,E-mail,Job title,Phone,Start date\nAl One,al@x.example,Chair,123,2024-01-02\nBo Two,bo@x.example,Clerk,456,2025-03-04\n";
    let parts = "Surname;First name;Address\nOne;Al;al@x.example\nTwo;Bo;bo@x.example\n";
    let bare = "Who sits there,Mail\nAl One,al@x.example\nBo Two,\n";
    for (text, expected, by) in [
        (
            list,
            &[
                ("email", "E-mail"),
                ("joined_on", "Start date"),
                ("name", "Name"),
                ("role", "Job title"),
            ][..],
            vec![vec!["E-mail"], vec!["Name"]],
        ),
        (
            parts,
            &[("email", "Address"), ("name", "First name+Surname")],
            vec![vec!["Address"], vec!["First name", "Surname"]],
        ),
        (
            bare,
            &[("email", "Mail"), ("name", "Who sits there")],
            vec![vec!["Mail"], vec!["Who sits there"]],
        ),
    ] {
        let draft = draft_mapping(&table(text), "test.csv", "person", &people());
        assert_eq!(draft.missing, [""; 0], "{}", draft.toml);
        let mapping = Mapping::parse(&draft.toml).unwrap();
        let mut found = pairs(&mapping);
        found.sort();
        let expected: Vec<_> = expected
            .iter()
            .map(|(to, from)| (*to, (*from).to_owned()))
            .collect();
        assert_eq!(found, expected, "{}", draft.toml);
        assert_eq!(mapping.key.by, by, "{}", draft.toml);
        let plan = first_plan(&table(text), &mapping);
        assert_eq!((plan.counts().created, plan.counts().warnings), (2, 0));
    }
}

#[test]
fn what_a_failed_formula_shows_is_drafted_as_no_choice() {
    let sheet = "Name,Human oversight,Stage\na,Yes,Live\nb,#N/A,#REF!\nc,No,Pilot\n";
    let (toml, mapping) = drafted(&table(sheet));
    assert!(!toml.contains("#N/A\""), "{toml}");
    assert!(!toml.contains("#REF"), "{toml}");
    let plan = first_plan(&table(sheet), &mapping);
    let body = plan.rows[1].body.as_ref().unwrap();
    assert_eq!(body.get("answers"), None, "{body}");
    assert_eq!(body["as_received"]["Human oversight"], "#N/A");
    assert_eq!(plan.counts().warnings, 2);
}

#[test]
fn a_list_whose_choices_stand_elsewhere_in_the_schema_is_drafted_with_them() {
    let schema = json!({"type": "object", "required": ["title"], "properties": {
            "title": {"type": "string"},
            "roles": {"type": "array", "items": {"$ref": "#/$defs/Role"}},
            "source": {"type": "object"}, "as_received": {"type": "object"}},
        "$defs": {"Role": {"oneOf": [{"const": "provider", "type": "string"},
            {"const": "user", "type": "string"}]}}});
    let register = "System,Our role\nPavelook,User\nMower,PROVIDER; User\nRouter,Landlord\n";
    let draft = draft_mapping(&table(register), "test.csv", "ai_system", &schema);
    let toml = &draft.toml;
    for said in [
        "\"User\" = \"user\"\n",
        "\"PROVIDER\" = \"provider\"\n",
        "# \"Landlord\" = one of provider, user\n",
    ] {
        assert!(toml.contains(said), "{toml}");
    }
    let mapping = Mapping::parse(toml).unwrap();
    let plan = first_plan(&table(register), &mapping);
    let roles = |row: usize| plan.rows[row].body.as_ref().unwrap()["roles"].clone();
    assert_eq!(
        (roles(0), roles(1)),
        (json!(["user"]), json!(["provider", "user"]))
    );
    assert_eq!(plan.counts().refused, 0);
}

#[test]
fn a_column_of_dates_is_no_purpose_whatever_stands_above_it() {
    for heading in ["Date of first use", "Put to use on", "Usage end date"] {
        let sheet = table(&format!(
            "Name,{heading}\nRouter,2024-01-11\nSorter,2024-02-12\n"
        ));
        let (toml, mapping) = drafted(&sheet);
        let purpose = pairs(&mapping).into_iter().find(|(to, _)| *to == "purpose");
        assert_eq!(purpose, None, "{toml}");
    }
    let sheet = table("Name,Use\nRouter,To route letters\nSorter,To sort waste\n");
    let (_, mapping) = drafted(&sheet);
    assert!(pairs(&mapping).contains(&("purpose", "Use".to_owned())));
}
