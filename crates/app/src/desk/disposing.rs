//! What disposes of a finding names a rule of the catalogue, a subject that the rule is asked of, and a
//! finding that nothing else answers.

use assess::{At, NoSubject};
use record::decide::mentioned;
use record::{Act, Day, NewEntry, Refusal};
use serde_json::Value;
use store::Rows;
use uuid::Uuid;

use super::Desk;
use crate::error::Result;
use crate::keeping::MANY;

impl Desk {
    /// Says what speaks against what names a rule: that there is none, that it is never asked of the
    /// subject named, or that another answers its finding already.
    pub(super) async fn of_no_finding(
        &mut self,
        rows: Rows<'_>,
        entry: &NewEntry,
        today: Day,
    ) -> Result<Option<Refusal>> {
        let kind = self.registry.get(&entry.kind);
        let Some(field) = kind.and_then(|kind| kind.rule) else {
            return Ok(None);
        };
        let put = entry.act == Act::Put;
        let rule = record::at(&entry.facts.body, field).filter(|_| put);
        let Some(rule) = rule.and_then(Value::as_str) else {
            return Ok(None);
        };
        if self.catalogue.rule(rule).is_none() {
            return Ok(Some(unknown_rule(rule, field)));
        }
        let lent = self.lend_for(rows, &entry.facts.body).await?;
        let begun = self.records.begin.as_ref();
        let refusal = begun.and_then(|(begin, _)| {
            let start = assess::aims_start(begin.aims_start, &self.records);
            let at = At::new(&self.records, start, today.max(start), today.max(start));
            let facts = &entry.facts;
            if let Some(none) = assess::no_subject(&at, &self.catalogue, &facts.body) {
                return Some(no_subject(&none));
            }
            let said = (entry.id, &facts.body);
            let other = assess::answered_by(&at, &self.catalogue, said, facts.effective_on);
            other.map(|other| disposed_of(other, field))
        });
        self.take_back(lent);
        Ok(refusal)
    }

    /// Puts at hand, for the moment, the systems that a rule may be asked of by what disposes of
    /// its finding.
    pub(super) async fn lend_for(&mut self, rows: Rows<'_>, body: &Value) -> Result<Vec<Uuid>> {
        let mut lent = Vec::new();
        let mut systems = assess::systems_attested(&self.records);
        systems.extend(mentioned(body));
        for id in systems {
            let row = self.row(rows, id).await?;
            let is_many = row.is_some_and(|row| row.kind == MANY);
            if is_many && self.records.get(id).is_none() {
                self.lend(rows, id).await?;
                lent.push(id);
            }
        }
        Ok(lent)
    }

    pub(super) fn take_back(&mut self, lent: Vec<Uuid>) {
        lent.into_iter().for_each(|id| self.records.forget(id));
    }
}

fn unknown_rule(rule: &str, field: &str) -> Refusal {
    let what = format!("There is no rule {rule:?}.");
    let hint = "`minutebook status --json` names, under `requirements`, the rule of each finding.";
    let refusal = Refusal::new("unknown_rule", what);
    refusal.at(format!("/body{field}")).hint(hint)
}

fn disposed_of(other: Uuid, field: &str) -> Refusal {
    let what = format!("The disposition {other} answers this finding already.");
    Refusal::new("finding_disposed_of", what)
        .at(format!("/body{field}"))
        .hint("Put a new version of that disposition, which answers the finding as it is on the day of that version, or withdraw it with its reason.")
}

fn no_subject(none: &NoSubject) -> Refusal {
    let rule = &none.rule;
    let first = none.first.join(", ");
    let mut ways = Vec::new();
    if none.of_whole {
        ways.push("leave `subject` out: it is of the organisation as a whole".to_owned());
    }
    if let Some(kind) = none.of_each {
        ways.push(format!(
            "name the id of a record that `minutebook record list {kind}` lists"
        ));
    }
    if !first.is_empty() {
        ways.push(format!("name one of its subjects, such as {first}"));
    }
    let hint = match ways.is_empty() {
        true => "It has no subject yet, and so no finding.".to_owned(),
        false => format!(
            "To answer a finding of it, {}. `minutebook status --json --findings {rule}` shows the subject and the `since` of each.",
            ways.join("; or ")
        ),
    };
    let what = format!("The rule {rule} says nothing of such a subject.");
    Refusal::new("no_such_subject", what)
        .at("/body/subject")
        .hint(hint)
}
