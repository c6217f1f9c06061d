//! A mapping is held to its kind once, before any row is read.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::collections::BTreeMap;

use exchange::kind::{KindOf, heading};
use exchange::mapping::{Mapping, MappingError};
use exchange::plan::plan;
use exchange::table::read;
use serde_json::{Value, json};

/// A kind with each way a field can be.
fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["title"],
        "properties": {
            "title": {"type": "string"},
            "since": {"type": ["string", "null"], "format": "date"},
            "stage": {"anyOf": [{"$ref": "#/$defs/Stage"}, {"type": "null"}]},
            "roles": {"type": "array", "items": {"$ref": "#/$defs/Role"}},
            "affected": {"type": "array", "items": {"type": "string"}},
            "answers": {"type": "array", "items": {"type": "object", "properties": {"about": {}}}},
            "urgent": {"type": "boolean"},
            "place": {"$ref": "#/$defs/Place"},
            "source": {"type": "object"}, "as_received": {"type": "object"},
        },
        "$defs": {
            "Stage": {"oneOf": [{"const": "pilot"}, {"const": "live"}]},
            "Role": {"enum": ["provider", "user"]},
            "Place": {"type": "object", "properties": {"town": {"type": "string"}}},
        },
    })
}

fn held(rest: &str) -> Result<(), MappingError> {
    let toml = format!("name = \"m\"\nkind = \"pump\"\nkey.by = [[\"Name\"]]\n{rest}");
    let schema = schema();
    let kind = KindOf {
        name: "pump",
        schema: &schema,
    };
    kind.hold(&Mapping::parse(&toml).unwrap()).map(|_| ())
}

fn with(field: &str) -> String {
    format!("field = [{{to=\"title\",from=\"Name\",as=\"words\"}},{{{field}}}]")
}

#[test]
fn a_mapping_of_what_the_kind_has_is_held() {
    for field in [
        r#"to="stage",from="A",as="choice",choices={x="live",y=""}"#,
        r#"to="stage",from="A",as="words""#,
        r#"to="roles",from="A",as="list",choices={x="user"}"#,
        r#"to="affected",from="A",as="list""#,
        r#"to="answers",from="A",as="answer",about="a",choices={x="yes"}"#,
        r#"to="since",from="A",as="date""#,
        r#"to="place.town",from="A",as="words""#,
    ] {
        assert_eq!(held(&with(field)), Ok(()), "{field}");
    }
}

#[test]
fn a_field_shape_or_choice_the_kind_does_not_have_is_refused_by_its_name() {
    for (field, said) in [
        (r#"to="nonsense",from="A",as="words""#, "\"nonsense\" is none that pump has: affected, answers, place, roles, since, stage, title, urgent".to_owned()),
        (r#"to="place.street",from="A",as="words""#, "\"place.street\" is none that pump has: town".to_owned()),
        (r#"to="stage",from="A",as="choice",choices={x="alive"}"#, "\"stage\" of pump has no choice \"alive\"; it has pilot, live".to_owned()),
        (r#"to="roles",from="A",as="list",choices={x="owner"}"#, "\"roles\" of pump has no choice \"owner\"; it has provider, user".to_owned()),
        (r#"to="roles",from="A",as="words""#, "\"roles\" of pump is read as list, not as words".to_owned()),
        (r#"to="answers",from="A",as="words""#, "\"answers\" of pump is read as answer, not as words".to_owned()),
        (r#"to="urgent",from="A",as="words""#, "\"urgent\" of pump is filled from no cell".to_owned()),
    ] {
        let error = held(&with(field)).unwrap_err();
        assert_eq!(error.code(), "mapping_field_wrong", "{field}");
        assert!(error.to_string().contains(&said), "{field}: {error}");
    }
    let always = format!(
        "always.stage = \"alive\"\n{}",
        with(r#"to="since",from="A",as="date""#)
    );
    assert!(held(&always).unwrap_err().to_string().contains("\"alive\""));
}

#[test]
fn a_mapping_that_leaves_out_what_every_record_has_to_state_is_refused_once() {
    let field = r#"field = [{to="since",from="A",as="date"}]"#;
    let error = held(field).unwrap_err();
    assert_eq!(error.code(), "mapping_field_missing");
    assert!(
        error
            .to_string()
            .contains("fills no title, which every pump has to state"),
        "{error}"
    );
    assert_eq!(held(&format!("always.title = \"A pump\"\n{field}")), Ok(()));
}

#[test]
fn a_row_that_states_too_little_is_refused_by_the_heading_of_its_cell() {
    let mapping = "name = \"m\"\nkind = \"pump\"\nkey.by = [[\"No\"]]\nfield = [{to=\"title\",from=\"Pump name\",as=\"words\"},{to=\"place.town\",from=\"Town\",as=\"words\"}]";
    let (mapping, schema) = (Mapping::parse(mapping).unwrap(), schema());
    let kind = KindOf {
        name: "pump",
        schema: &schema,
    };
    let refusal = kind.unstated(&mapping, &json!({"since": "2026"})).unwrap();
    assert_eq!(refusal.code, "cell_needed");
    assert_eq!(refusal.field.as_deref(), Some("Pump name"));
    assert!(
        refusal.message.contains("\"Pump name\" states no title"),
        "{}",
        refusal.message
    );
    assert_eq!(kind.unstated(&mapping, &json!({"title": "x"})), None);
    assert_eq!(heading(&mapping, "/place/town"), Some("Town"));
    assert_eq!(heading(&mapping, "/place"), None);
    assert_eq!(heading(&mapping, "/titles"), None);
}

#[test]
fn a_value_for_every_row_has_the_shape_of_its_field() {
    let title = r#"field = [{to="title",from="Name",as="words"}]"#;
    for (always, said) in [
        ("roles = \"user\"", "takes a list"),
        (
            "roles = [\"usr\"]",
            "has no choice \"usr\"; it has provider, user",
        ),
        ("roles = [1]", "takes a text, not 1"),
        ("since = 2024", "takes a text, not 2024"),
        ("stage = \"alive\"", "has no choice \"alive\""),
        ("place.town = \"\"", "takes a text that states something"),
        ("urgent = \"yes\"", "takes true or false"),
    ] {
        let error = held(&format!("{title}\n[always]\n{always}\n")).unwrap_err();
        assert_eq!(error.code(), "mapping_field_wrong", "{always}");
        assert!(error.to_string().contains(said), "{always}: {error}");
    }
    for always in [
        "roles = [\"user\"]",
        "urgent = true",
        "stage = \"live\"",
        "affected = [\"all\"]",
    ] {
        assert_eq!(
            held(&format!("{title}\n[always]\n{always}\n")),
            Ok(()),
            "{always}"
        );
    }
}

#[test]
fn a_date_of_a_whole_day_is_told_from_one_that_may_be_coarser() {
    let mapping = Mapping::parse(&format!(
        "name = \"m\"\nkind = \"pump\"\nkey.by = [[\"Name\"]]\n{}",
        with(r#"to="since",from="A",as="date""#)
    ))
    .unwrap();
    let schema = schema();
    let kind = KindOf {
        name: "pump",
        schema: &schema,
    };
    let held = kind.hold(&mapping).unwrap();
    let table = read(b"Name,A\nx,2020\ny,Spring 2024\nz,2020-05-06\n", "a.csv").unwrap();
    let plan = plan(&table, &held, &BTreeMap::new()).unwrap();
    assert_eq!((plan.counts().created, plan.counts().warnings), (3, 2));
    let body = |row: usize| plan.rows[row].body.clone().unwrap();
    for (row, text) in [(0, "2020"), (1, "Spring 2024")] {
        assert_eq!(body(row).get("since"), None);
        assert_eq!(body(row)["as_received"]["A"], text);
    }
    assert_eq!(
        plan.rows[0].warnings,
        ["A: \"2020\" names no day, and a whole day is kept here"]
    );
    assert_eq!(body(2)["since"], "2020-05-06");
}
