//! What a mapping may say, and what each shape makes of a cell.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use exchange::mapping::{Mapping, MappingError, shipped};
use exchange::plan::{Outcome, plan};
use given::{first_plan, table};
use serde_json::{Value, json};

fn mapping(fields: &str) -> Result<Mapping, MappingError> {
    Mapping::parse(&format!(
        "name = \"m\"\nkind = \"ai_system\"\nkey.by = [[\"Name\"]]\n{fields}"
    ))
}

/// The body made of one row, without source, and its warnings.
#[track_caller]
fn made(text: &str, fields: &str) -> (Value, Vec<String>) {
    let plan = first_plan(&table(text), &mapping(fields).unwrap());
    let row = plan.rows.into_iter().next().unwrap();
    let mut body = row.body.unwrap();
    body.as_object_mut().unwrap().remove("source");
    (body, row.warnings)
}

#[test]
fn every_shipped_mapping_parses_under_its_own_name() {
    for (name, toml) in shipped() {
        let mapping = Mapping::parse(toml).unwrap();
        assert_eq!(
            (mapping.name.as_str(), mapping.kind.as_str()),
            (*name, "ai_system")
        );
    }
}

/// Fields that contradict themselves or each other, with a word of the refusal.
const CONTRADICTIONS: [(&str, &str); 17] = [
    (
        r#"field = [{to="Title",from="Name",as="words"}]"#,
        "no path",
    ),
    (r#"field = [{to="a..b",from="Name",as="words"}]"#, "no path"),
    (
        r#"field = [{to="source.row",from="Name",as="words"}]"#,
        "by the import itself",
    ),
    (
        r#"field = [{to="as_received",from="Name",as="words"}]"#,
        "by the import itself",
    ),
    (
        r#"field = [{to="a",from="Name",as="words"},{to="a",from="B",as="words"}]"#,
        "filled twice",
    ),
    (
        r#"field = [{to="a",from="Name",as="words"},{to="a.b",from="B",as="words"}]"#,
        "filled twice",
    ),
    (
        "always.a = \"x\"\nfield = [{to=\"a\",from=\"Name\",as=\"words\"}]",
        "filled twice",
    ),
    (
        r#"field = [{to="a",from=[],as="words"}]"#,
        "names no column",
    ),
    (
        r#"field = [{to="a",from=["Name","B"],as="date"}]"#,
        "takes one column",
    ),
    (
        r#"field = [{to="a",from="Name",as="choice"}]"#,
        "no table of choices",
    ),
    (
        r#"field = [{to="a",from="Name",as="words",choices={x="y"}}]"#,
        "not read as one",
    ),
    (
        r#"field = [{to="a",from="Name",as="words",order="mdy"}]"#,
        "no date",
    ),
    (
        r#"field = [{to="a",from="Name",as="date",or=["B"]}]"#,
        "only words can",
    ),
    (
        r#"field = [{to="answers",from="Name",as="answer"}]"#,
        "about what",
    ),
    (
        r#"field = [{to="answers",from="Name",as="answer",about="No Token"}]"#,
        "no token",
    ),
    (
        r#"field = [{to="answers",from="Name",as="answer",about="a",choices={x="perhaps"}}]"#,
        "perhaps",
    ),
    (
        r#"field = [{to="a",from="Name",as="words",about="a"}]"#,
        "is no answer",
    ),
];

#[test]
fn a_mapping_that_contradicts_itself_is_refused() {
    for (fields, because) in CONTRADICTIONS {
        let error = mapping(fields).unwrap_err();
        assert_eq!(error.code(), "mapping_field_wrong", "{fields}");
        assert!(error.to_string().contains(because), "{fields}: {error}");
    }
}

#[test]
fn a_mapping_with_an_unknown_word_is_refused_with_its_line() {
    for fields in [
        r#"colour = "red""#,
        r#"field = [{to="a",from="Name",as="poem"}]"#,
        "not toml",
    ] {
        let error = mapping(fields).unwrap_err();
        assert_eq!(error.code(), "mapping_unreadable");
        assert!(error.to_string().contains("line 4"), "{error}");
    }
    for by in ["[]", "[[]]"] {
        let toml = format!("name = \"m\"\nkind = \"k\"\nkey.by = {by}");
        assert_eq!(Mapping::parse(&toml), Err(MappingError::NoKey));
    }
}

#[test]
fn words_of_several_columns_stand_in_their_order_with_a_space_between() {
    let fields = r#"field = [{to="name",from=["First","Last"],as="words",blank=["-"]}]"#;
    let name = |row: &str| made(&format!("Name,First,Last\nx,{row}\n"), fields).0;
    assert_eq!(
        name("Al,One"),
        json!({"name": "Al One", "as_received": {"Name": "x"}})
    );
    let received = json!({"Name": "x", "Last": "One"});
    assert_eq!(
        name(",One"),
        json!({"name": "One", "as_received": received})
    );
    let received = json!({"Name": "x", "First": "-", "Last": "One"});
    assert_eq!(
        name("-,One"),
        json!({"name": "One", "as_received": received})
    );
    assert_eq!(name(","), json!({"as_received": {"Name": "x"}}));
}

#[test]
fn a_column_the_file_lacks_refuses_the_file_unless_optional() {
    let fields = r#"field = [{to="title",from="System",as="words"}]"#;
    let sheet = table("Name,Unit\nOne,Waste\n");
    let error = plan(&sheet, &mapping(fields).unwrap(), &Default::default()).unwrap_err();
    assert_eq!(error.code(), "column_missing");
    assert_eq!(
        error.to_string(),
        r#"the file has no column "System"; it has "Name", "Unit""#
    );
    let optional = fields.replace("as=", "optional=true,as=");
    assert_eq!(
        first_plan(&sheet, &mapping(&optional).unwrap())
            .counts()
            .created,
        1
    );
    // A key column is never optional.
    let no_key = table("System,Unit\nOne,Waste\n");
    assert!(plan(&no_key, &mapping(&optional).unwrap(), &Default::default()).is_err());
}

#[test]
fn a_heading_is_found_whatever_its_case_and_spacing() {
    let fields = r#"field = [{to="title",from="System  name",as="words"}]"#;
    assert_eq!(
        made("NAME,system Name\n1,Router\n", fields).0["title"],
        "Router"
    );
}

#[test]
fn a_choice_is_found_whatever_its_case_and_an_unknown_one_is_kept_with_a_warning() {
    let fields = r#"field = [{to="stage",from="Stage",as="choice",choices={"Live – now"="live","live"="live","None"=""}}]"#;
    let of = |cell: &str| made(&format!("Name,Stage\n1,{cell}\n"), fields);
    assert_eq!(
        of("  LIVE -  Now.").0,
        json!({"stage": "live", "as_received": {"Name": "1", "Stage": "  LIVE -  Now."}})
    );
    assert_eq!(
        of("live").0,
        json!({"stage": "live", "as_received": {"Name": "1"}})
    );
    assert_eq!(
        of("none"),
        (
            json!({"as_received": {"Name": "1", "Stage": "none"}}),
            vec![]
        )
    );
    let (body, warnings) = of("Zombie");
    assert_eq!(
        body,
        json!({"as_received": {"Name": "1", "Stage": "Zombie"}})
    );
    assert_eq!(
        warnings,
        [r#"Stage: "Zombie" is not in the table of choices"#]
    );
}

#[test]
fn a_strict_field_refuses_the_row_it_cannot_read() {
    let fields = r#"field = [{to="on",from="On",as="date",order="mdy",strict=true}]"#;
    let plan = first_plan(
        &table("Name,On\n1,2/31/2024\n2,2/29/2024\n3,\n"),
        &mapping(fields).unwrap(),
    );
    let outcomes: Vec<Outcome> = plan.rows.iter().map(|row| row.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::Refused, Outcome::Created, Outcome::Created]
    );
    let refusal = plan.rows[0].refusal.as_ref().unwrap();
    assert_eq!(
        (refusal.code.as_str(), refusal.field.as_deref()),
        ("cell_unreadable", Some("On"))
    );
    assert!(
        refusal.message.contains("the calendar has no such day"),
        "{}",
        refusal.message
    );
}

#[test]
fn a_list_of_choices_keeps_what_it_knows_and_warns_of_the_rest() {
    let fields = r#"field = [{to="roles",from="R",as="list",choices={Supplier="provider",Deployer="user","n/a"=""}}]"#;
    let of = |cell: &str| made(&format!("Name|R\n1|{cell}\n"), fields);
    assert_eq!(
        of("deployer; supplier; Deployer").0["roles"],
        json!(["user", "provider"])
    );
    assert_eq!(
        of("N/A"),
        (json!({"as_received": {"Name": "1", "R": "N/A"}}), vec![])
    );
    let (body, warnings) = of("supplier; landlord");
    assert_eq!(body["roles"], json!(["provider"]));
    assert_eq!(body["as_received"]["R"], "supplier; landlord");
    assert_eq!(
        warnings,
        [r#"R: "landlord" is not in the table of choices"#]
    );
    assert_eq!(of("landlord").0.get("roles"), None);
}

#[test]
fn a_list_of_words_is_read_from_text() {
    let fields = r#"field = [{to="affected",from="A",as="list"}]"#;
    let of = |cell: &str| made(&format!("Name\tA\n1\t{cell}\n"), fields).0;
    assert_eq!(
        of("['pupils', 'their parents']")["affected"],
        json!(["pupils", "their parents"])
    );
    assert_eq!(
        of("tenants"),
        json!({"affected": ["tenants"], "as_received": {"Name": "1"}})
    );
    assert_eq!(of("[]"), json!({"as_received": {"Name": "1", "A": "[]"}}));
}

#[test]
fn an_unknown_answer_is_other_in_its_own_words() {
    let fields =
        r#"field = [{to="answers",about="dpia",from="DPIA",as="answer",choices={Done="yes"}}]"#;
    let of = |cell: &str| made(&format!("Name,DPIA\n1,{cell}\n"), fields).0;
    assert_eq!(
        of("done")["answers"],
        json!([{"about": "dpia", "answer": "yes", "text": "done"}])
    );
    assert_eq!(
        of("ask Jo")["answers"],
        json!([{"about": "dpia", "answer": "other", "text": "ask Jo"}])
    );
    assert_eq!(of("").get("answers"), None);
}

#[test]
fn cells_about_people_go_to_one_field_and_nowhere_else() {
    let fields = r#"field = [{to="contact",from=["Owner","E-mail"],as="personal",blank=["n/a"]}]"#;
    let body = made(
        "Name,Owner,E-mail\n1,Jo Bloggs,jo@council.example\n",
        fields,
    )
    .0;
    assert_eq!(
        body,
        json!({"contact": "Owner: Jo Bloggs\nE-mail: jo@council.example", "as_received": {"Name": "1"}})
    );
    assert_eq!(
        made("Name,Owner,E-mail\n1,,jo@council.example\n", fields).0["contact"],
        "E-mail: jo@council.example"
    );
    assert_eq!(
        made("Name,Owner,E-mail\n1,,\n", fields).0.get("contact"),
        None
    );
}

#[test]
fn what_is_the_same_for_every_row_is_said_once() {
    let fields =
        "always.unit = \"waste\"\nfield = [{to=\"more.title\",from=\"Name\",as=\"words\"}]";
    assert_eq!(
        made("Name\nRouter\n", fields).0,
        json!({"unit": "waste", "more": {"title": "Router"}})
    );
}

#[test]
fn what_a_failed_formula_shows_states_nothing_and_is_kept_with_a_warning() {
    let failed = "is what a spreadsheet shows where a formula failed";
    for (fields, kept) in [
        (r#"field = [{to="purpose",from="R",as="words"}]"#, json!({})),
        (r#"field = [{to="on",from="R",as="date"}]"#, json!({})),
        (r#"field = [{to="roles",from="R",as="list"}]"#, json!({})),
        (r#"field = [{to="unit",from="R",as="token"}]"#, json!({})),
        (
            r#"field = [{to="contact",from="R",as="personal"}]"#,
            json!({}),
        ),
        (
            r#"field = [{to="stage",from="R",as="choice",choices={Live="live"}}]"#,
            json!({}),
        ),
        (
            r#"field = [{to="answers",from="R",as="answer",about="a",choices={Yes="yes"}}]"#,
            json!({}),
        ),
        (
            r#"field = [{to="unit",from=["Name","R"],as="token"}]"#,
            json!({"unit": "x"}),
        ),
        (
            r#"field = [{to="title",from=["Name","R"],as="words"}]"#,
            json!({"title": "x"}),
        ),
    ] {
        for word in ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"] {
            let (mut body, warnings) = made(&format!("Name,R\nx,{word}\n"), fields);
            let received = body.as_object_mut().unwrap().remove("as_received");
            assert_eq!(received.unwrap()["R"], word, "{fields}");
            assert_eq!(body, kept, "{fields}");
            assert_eq!(warnings.len(), 1, "{fields}: {warnings:?}");
            assert!(warnings[0].contains(failed), "{warnings:?}");
        }
    }
    // Who wrote the mapping may know better.
    let choice = r##"field = [{to="answers",from="R",as="answer",about="a",choices={"#N/A"="not_applicable"}}]"##;
    let (body, warnings) = made("Name,R\nx,#N/A\n", choice);
    assert_eq!(body["answers"][0]["answer"], "not_applicable");
    assert_eq!(warnings, [""; 0]);
    // A column to fall back on is taken as for a blank.
    let or = r#"field = [{to="title",from="R",as="words",or=["S","Name"]}]"#;
    let (body, warnings) = made("Name,R,S\nx,#N/A,#REF!\n", or);
    assert_eq!(body["title"], "x");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn a_formula_without_its_result_states_nothing_and_is_kept_with_a_warning() {
    let fields = r#"field = [{to="purpose",from="R",as="words"}]"#;
    let (body, warnings) = made("Name,R\nx,=SUM(A1:A9)\n", fields);
    assert_eq!(
        body,
        json!({"as_received": {"Name": "x", "R": "=SUM(A1:A9)"}})
    );
    assert!(
        warnings[0].contains("a formula without its result"),
        "{warnings:?}"
    );
}

#[test]
fn headings_that_come_again_are_no_row() {
    let fields = r#"field = [{to="title",from="Name",as="words"}]"#;
    let plan = first_plan(
        &table("Name,Unit\nA,H\nName,Unit\nName,P\n"),
        &mapping(fields).unwrap(),
    );
    let codes: Vec<_> = plan
        .rows
        .iter()
        .map(|row| row.refusal.as_ref().map(|refusal| refusal.code.as_str()))
        .collect();
    assert_eq!(codes, [None, Some("row_of_headings"), None]);
}

#[test]
fn no_row_is_known_by_what_a_failed_formula_shows() {
    let plan = first_plan(&table("Name,R\n#N/A,1\nx,2\n"), &mapping("").unwrap());
    let refused = plan.rows[0].refusal.as_ref().unwrap();
    assert_eq!(refused.code, "row_without_key");
    assert_eq!(plan.rows[1].outcome, Outcome::Created);
}

#[test]
fn a_last_row_of_sums_is_taken_in_with_a_warning() {
    let fields = r#"field = [{to="title",from="Name",as="words"}]"#;
    let warned = |text: &str| {
        let plan = first_plan(&table(text), &mapping(fields).unwrap());
        plan.rows.last().unwrap().warnings.clone()
    };
    for word in ["Total", "TOTAL:", "Grand total", "Gesamt"] {
        let found = warned(&format!("Name,Cost\nRouter,2\n{word},2\n"));
        assert!(found[0].contains(&format!("{word:?}")), "{found:?}");
    }
    for text in [
        "Name,Cost\nTotal,2\nRouter,2\n",
        "Name,Cost\nTotal,2\n",
        "Name,Cost\nA,1\nTotal recall,2\n",
    ] {
        assert_eq!(warned(text), [""; 0], "{text}");
    }
}

#[test]
fn a_table_that_no_mapping_has_is_named_with_its_line() {
    let head = "name = \"m\"\nkind = \"pump\"\nkey.by = [[\"Name\"]]\n";
    let field = "to = \"title\"\nfrom = \"Name\"\nas = \"words\"\n";
    for (rest, said) in [
        (
            format!("[[field]]\n{field}[[feild]]\n{field}[[feild]]\n{field}"),
            "line 8 has a table [[feild]], which no mapping has; its parts are name, about, kind, file, key, always, field",
        ),
        (
            "[allways] # every row\nunit = \"x\"\n".to_owned(),
            "line 4 has a table [allways]",
        ),
    ] {
        let error = Mapping::parse(&format!("{head}{rest}")).unwrap_err();
        assert_eq!(error.code(), "mapping_unreadable");
        assert!(error.to_string().contains(said), "{error}");
    }
    // A list over several lines is none.
    let listed = "name = \"m\"\nkind = \"pump\"\n[key]\nby = [\n  [\"Name\"]\n]\n";
    assert!(Mapping::parse(listed).is_ok());
    // Nor is a line of a text over several lines.
    for quotes in ["\"\"\"", "'''"] {
        let text = format!("about = {quotes}\nOurs.\n[note]\n{quotes}\n{head}");
        let mapping = Mapping::parse(&text).unwrap();
        assert_eq!(mapping.about, "Ours.\n[note]\n");
        let error = Mapping::parse(&format!("{text}[allways]\n")).unwrap_err();
        assert!(
            error.to_string().contains("line 8 has a table [allways]"),
            "{error}"
        );
    }
}

#[test]
fn a_mapping_has_a_name_and_a_kind_that_state_something() {
    for (name, kind, part) in [
        ("", "pump", "name"),
        (" ", "pump", "name"),
        ("m", "", "kind"),
    ] {
        let toml = format!("name = \"{name}\"\nkind = \"{kind}\"\nkey.by = [[\"Name\"]]\n");
        let error = Mapping::parse(&toml).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&format!("its {part} states nothing")),
            "{error}"
        );
    }
}
