//! The requirements with their findings, in the standard's order.

use app::Zone;
use app::view::{Finding, Requirement, Subject};
use record::listed;

use crate::english;
use crate::prose::{Mark, Prose};

/// Clauses, or controls.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    /// How many of each verdict.
    pub counts: Prose,
    /// The reason that all of them share, said once.
    pub because: Option<Prose>,
    pub rows: Vec<Row>,
}

/// One requirement.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub verdict: Mark,
    pub since: Option<Prose>,
    pub because: Option<Prose>,
    pub findings: Vec<Found>,
}

/// One finding.
#[derive(Debug)]
pub struct Found {
    pub anchor: String,
    pub level: &'static str,
    pub breaks: bool,
    pub sentence: Prose,
    /// Since when, how many, by which rule.
    pub meta: Prose,
    pub subjects: Vec<Affects>,
    /// The words and the address for all of them, when these are the first only.
    pub all: Option<(String, String)>,
    pub open: bool,
}

/// A subject of a finding.
#[derive(Debug)]
pub struct Affects {
    pub title: String,
    /// Since when, and what a person said of it.
    pub words: Prose,
}

/// What the links and the open parts need to know of the request.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The query of the date asked about, without a question mark; may be empty.
    pub query: &'a str,
    /// The rule of which every subject is shown.
    pub findings: Option<&'a str>,
    /// Where instants are told.
    pub zone: &'a Zone,
}

impl Place<'_> {
    /// Returns the address at which the finding of a rule beside a requirement lists its subjects.
    pub fn lists(self, requirement: &str, rule: &str) -> String {
        let anchor = anchor(requirement, rule);
        match (self.findings == Some(rule), self.query) {
            (true, _) => format!("#{anchor}"),
            (_, "") => format!("/?findings={rule}#{anchor}"),
            (_, query) => format!("/?{query}&findings={rule}#{anchor}"),
        }
    }
}

fn anchor(requirement: &str, rule: &str) -> String {
    format!("f-{requirement}-{rule}")
}

/// Returns the requirements in two groups.
pub fn groups(all: &[Requirement], place: Place<'_>) -> Vec<Group> {
    let is_control = |one: &&Requirement| one.id.starts_with("A.");
    let (controls, clauses): (Vec<_>, Vec<_>) = all.iter().partition(is_control);
    [(english::CLAUSES, clauses), (english::CONTROLS, controls)]
        .into_iter()
        .filter(|(_, found)| !found.is_empty())
        .map(|(title, found)| group(title, &found, place))
        .collect()
}

/// `Of 70 requirements 6 are shown, 1 is not shown and 63 are not known.`
pub fn sentence(all: &[Requirement]) -> Prose {
    let counts = counted(&all.iter().collect::<Vec<_>>());
    let said: Vec<&str> = counts.iter().map(|(words, _)| words.as_str()).collect();
    let all = english::number(all.len() as u64);
    let said = format!("Of {all} requirements {}.", listed(&said));
    linked(&said, &counts)
}

/// Links each count to the first requirement that it counts.
fn linked(said: &str, counts: &[(String, String)]) -> Prose {
    let links = counts.iter();
    links.fold(Prose::new(said), |said, (words, address)| {
        said.linked(words, address)
    })
}

/// Returns how many have each verdict, in words, and where the first of them stands.
fn counted(found: &[&Requirement]) -> Vec<(String, String)> {
    const ORDER: [&str; 5] = [
        "shown",
        "not_shown",
        "not_known",
        "not_due",
        "not_applicable",
    ];
    let each = ORDER.iter().filter_map(|verdict| {
        let of_it = || found.iter().filter(|one| one.verdict == *verdict);
        let (first, count) = (of_it().next()?, of_it().count());
        let be = if count == 1 { "is" } else { "are" };
        let words = english::verdict(verdict);
        let said = format!("{} {be} {words}", english::number(count as u64));
        Some((said, format!("#r-{}", first.id)))
    });
    each.collect()
}

fn group(title: &'static str, found: &[&Requirement], place: Place<'_>) -> Group {
    let first = found.first().map(|one| one.because.as_str());
    let shared = first.filter(|first| {
        let same = found.iter().all(|one| one.because == *first);
        same && found.len() > 1
    });
    let counts = counted(found);
    let said: Vec<&str> = counts.iter().map(|(words, _)| words.as_str()).collect();
    Group {
        title,
        counts: linked(&format!("{}.", listed(&said)), &counts),
        because: shared.map(Prose::new),
        rows: found
            .iter()
            .map(|one| row(one, shared.is_some(), place))
            .collect(),
    }
}

fn row(one: &Requirement, said_above: bool, place: Place<'_>) -> Row {
    let said_below = one
        .findings
        .iter()
        .any(|finding| finding.sentence == one.because);
    let because = (!said_above && !said_below).then(|| Prose::new(&one.because));
    Row {
        id: one.id.clone(),
        title: one.title.clone(),
        verdict: Mark {
            drawing: drawing(one.verdict),
            word: english::verdict(one.verdict),
        },
        since: one.since.map(Prose::short_day),
        because,
        findings: one
            .findings
            .iter()
            .map(|finding| found(&one.id, finding, place))
            .collect(),
    }
}

fn drawing(verdict: &str) -> &'static str {
    match verdict {
        "shown" => "shown",
        "not_shown" => "not-shown",
        "not_due" => "not-due",
        "not_applicable" => "not-applicable",
        _ => "not-known",
    }
}

fn found(requirement: &str, finding: &Finding, place: Place<'_>) -> Found {
    let mut meta = vec![format!("Since {}", finding.since.in_words())];
    let affected = finding.affected;
    let affects = english::affected(affected.n, affected.of);
    // "1 of 1" says nothing that the sentence does not.
    if affected.of > 1 {
        meta.push(affects.clone());
    }
    meta.push(english::rule(&finding.rule, finding.basis));
    let lists = place.lists(requirement, &finding.rule);
    let open = place.findings == Some(&finding.rule);
    let shown = i64::try_from(finding.subjects.len()).unwrap_or(i64::MAX);
    let all = affected.n > shown && !open;
    let all = all.then(|| (english::all_subjects(affected.n), lists.clone()));
    let subjects = subjects(finding, place.zone);
    let (mut sentence, mut meta) = (
        Prose::new(&finding.sentence),
        Prose::new(&format!("{}.", meta.join(", "))),
    );
    if !subjects.is_empty() {
        sentence = sentence.linked(&english::n_of(affected.n, affected.of), &lists);
        meta = meta.linked(&affects, &lists);
    }
    Found {
        anchor: anchor(requirement, &finding.rule),
        level: english::level(finding.level),
        breaks: matches!(finding.level, "not_shown" | "overdue"),
        sentence,
        meta,
        subjects,
        all,
        open,
    }
}

/// The organisation alone is no list, unless somebody said something of it.
fn subjects(finding: &Finding, zone: &Zone) -> Vec<Affects> {
    let alone = |one: &Subject| one.is_whole && one.disposition.is_none();
    if finding.subjects.iter().all(alone) {
        return Vec::new();
    }
    finding
        .subjects
        .iter()
        .map(|one| {
            let mut words = Prose::new(&format!("since {}", one.since.in_words()));
            if let Some(one) = &one.disposition {
                let said = Prose::new(&format!("; {}", one.said()));
                let because = Prose::new(&format!(": {}", one.because));
                words = words.then(said.at(zone.at(one.recorded_at))).then(because);
            }
            Affects {
                title: one.title.clone(),
                words,
            }
        })
        .collect()
}
