//! How much a heading is like a field, and a value like a choice.

use super::languages;
use crate::words::{plain, token};

/// From here on, two names are taken to mean the same.
pub(super) const ENOUGH: u32 = 60;

/// What others call our fields.
const FIELD_WORDS: [(&str, &[&str]); 21] = [
    ("name", &["full name", "person", "employee"]),
    (
        "email",
        &["e mail", "mail", "email address", "e mail address"],
    ),
    ("role", &["job title", "job", "position", "function"]),
    (
        "joined_on",
        &["joined", "start date", "started", "since", "in post since"],
    ),
    (
        "left_on",
        &["left", "end date", "ended", "until", "leaving date"],
    ),
    (
        "title",
        &[
            "name",
            "use case name",
            "system name",
            "tool name",
            "system",
            "tool",
            "use case",
            "application",
            "solution",
        ],
    ),
    (
        "reference",
        &[
            "id",
            "ref",
            "no",
            "number",
            "identifier",
            "use case id",
            "inventory id",
            "reference number",
        ],
    ),
    (
        "unit",
        &[
            "department",
            "agency",
            "bureau",
            "organisation",
            "organization",
            "directorate",
            "division",
            "team",
            "service area",
            "publishing body",
            "business unit",
        ],
    ),
    (
        "purpose",
        &[
            "problem",
            "problem solved",
            "intended purpose",
            "objective",
            "use",
            "why",
            "intended to solve",
        ],
    ),
    (
        "description",
        &[
            "summary",
            "outputs",
            "system outputs",
            "what it does",
            "details",
        ],
    ),
    (
        "supplier",
        &[
            "vendor",
            "vendor name",
            "provider",
            "manufacturer",
            "company",
            "third party",
        ],
    ),
    ("model", &["model name", "product", "algorithm", "llm"]),
    ("users", &["user", "used by", "user group", "operators"]),
    (
        "affected",
        &[
            "affected people",
            "people affected",
            "data subjects",
            "impacted",
            "who is affected",
        ],
    ),
    (
        "stage",
        &[
            "status",
            "phase",
            "lifecycle",
            "development stage",
            "life cycle stage",
        ],
    ),
    (
        "impact",
        &[
            "high impact",
            "risk",
            "risk level",
            "risk class",
            "risk classification",
            "impact level",
        ],
    ),
    (
        "operational_since",
        &[
            "operational date",
            "start date",
            "go live",
            "live since",
            "deployed",
            "date deployed",
            "in use since",
            "operational",
        ],
    ),
    (
        "personal_data",
        &[
            "pii",
            "personal information",
            "personally identifiable information",
            "gdpr",
        ],
    ),
    (
        "origin",
        &[
            "contracting",
            "source",
            "sourcing",
            "built or bought",
            "development type",
            "make or buy",
            "procurement",
        ],
    ),
    (
        "contact",
        &[
            "email",
            "e mail",
            "contact email",
            "contact person",
            "point of contact",
            "contact",
            "owner",
            "responsible",
            "responsible person",
            "accountable",
        ],
    ),
    ("roles", &["role", "our role", "ai role"]),
];

/// What others call our choices.
const CHOICE_WORDS: [(&str, &[&str]); 25] = [
    (
        "idea",
        &["proposed", "proposal", "concept", "ideation", "initiation"],
    ),
    (
        "development",
        &[
            "pre deployment",
            "in development",
            "build",
            "design",
            "acquisition",
            "developing",
        ],
    ),
    (
        "pilot",
        &[
            "trial",
            "poc",
            "proof of concept",
            "beta",
            "testing",
            "experiment",
        ],
    ),
    (
        "live",
        &[
            "deployed",
            "production",
            "in production",
            "operational",
            "in use",
            "active",
            "operation",
            "in operation",
        ],
    ),
    (
        "retired",
        &[
            "decommissioned",
            "discontinued",
            "ended",
            "closed",
            "inactive",
            "withdrawn",
        ],
    ),
    ("refused", &["rejected", "declined", "not approved"]),
    (
        "bought",
        &[
            "purchased",
            "vendor",
            "commercial",
            "cots",
            "saas",
            "third party",
            "external",
            "buy",
            "procured",
            "off the shelf",
        ],
    ),
    (
        "own_model",
        &[
            "in house", "inhouse", "internal", "built", "custom", "own", "make",
        ],
    ),
    ("feature", &["embedded", "add on", "built in", "enabled"]),
    (
        "adopted_by_staff",
        &["shadow", "staff", "unapproved", "unsanctioned"],
    ),
    ("high", &["high impact", "high risk", "critical"]),
    (
        "not_high",
        &[
            "not high impact",
            "not high",
            "low",
            "low risk",
            "minimal",
            "minimal risk",
            "limited",
            "limited risk",
        ],
    ),
    (
        "presumed_high_but_not",
        &["presumed high", "presumed high impact but not"],
    ),
    ("yes", &["y", "true", "established", "completed", "done"]),
    ("no", &["n", "false"]),
    ("partly", &["partial", "partially", "some"]),
    (
        "in_progress",
        &["progress", "ongoing", "under way", "underway", "started"],
    ),
    ("planned", &["scheduled", "to do", "upcoming"]),
    ("waived", &["waiver", "exempted"]),
    ("not_applicable", &["n a", "na"]),
    ("withheld", &["redacted", "confidential", "classified"]),
    (
        "disclosure_risk",
        &["risk to disclosure", "yes disclosure risk"],
    ),
    (
        "prohibited_by_law",
        &["disclosure is prohibited by law", "yes prohibited by law"],
    ),
    ("provider", &["supplier"]),
    ("user", &["deployer", "end user"]),
];

/// Returns the names a field goes by, each as its words.
pub(super) fn phrases(name: &str, title: Option<&str>) -> Vec<Vec<String>> {
    let others = FIELD_WORDS
        .iter()
        .find(|(field, _)| *field == name)
        .map_or(&[][..], |(_, words)| words);
    let names = [Some(name), title]
        .into_iter()
        .flatten()
        .chain(others.iter().copied());
    let names = names.map(words).filter(|words| !words.is_empty());
    names
        .chain(languages::of_field(name).iter().cloned())
        .collect()
}

/// What others call the two parts of a person's name.
const GIVEN_NAMES: &[&str] = &[
    "first name",
    "forename",
    "given name",
    "voornaam",
    "vorname",
    "prénom",
    "prenom",
];
const FAMILY_NAMES: &[&str] = &[
    "last name",
    "surname",
    "family name",
    "achternaam",
    "nachname",
    "nom de famille",
    "apellido",
    "apellidos",
];

/// Says whether a heading stands for given names, and whether it does for family names.
pub(super) fn part_of_name(heading: &str) -> (bool, bool) {
    let heading = words(heading);
    let is_one = |names: &[&str]| names.iter().any(|name| words(name) == heading);
    (is_one(GIVEN_NAMES), is_one(FAMILY_NAMES))
}

/// Returns the words of a name: split at signs and at capitals inside, without accents.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut after_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (after_lower && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            for c in c.to_lowercase() {
                match plain(c).or_else(|| polish(c)) {
                    Some(letters) => word.push_str(letters),
                    None => word.push(c),
                }
            }
        }
        after_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The letters of Polish that no neighbour has, in plain ones.
fn polish(c: char) -> Option<&'static str> {
    Some(match c {
        'ą' => "a",
        'ć' => "c",
        'ę' => "e",
        'ł' => "l",
        'ń' => "n",
        'ś' => "s",
        'ź' | 'ż' => "z",
        _ => return None,
    })
}

/// Returns how much a heading is like one of the phrases: 100 for the same
/// words, from 60 on when a phrase stands in it, more the more it fills it.
pub(super) fn of_heading(heading: &str, phrases: &[Vec<String>]) -> u32 {
    let heading = words(heading);
    let of = |phrase: &Vec<String>| match () {
        () if *phrase == heading => 100,
        // A letter alone, as in `N°`, tells nothing among other words.
        () if phrase.concat().len() == 1 => 0,
        () if stands_in(phrase, &heading) => {
            let share = phrase.len() * 30 / heading.len();
            ENOUGH + u32::try_from(share).unwrap_or(0)
        }
        () => 0,
    };
    phrases.iter().map(of).max().unwrap_or(0)
}

fn stands_in(phrase: &[String], words: &[String]) -> bool {
    words.windows(phrase.len()).any(|window| window == phrase)
}

/// Words that turn what stands beside them around.
const NEGATIONS: [&str; 10] = [
    "not", "no", "nicht", "kein", "pas", "non", "niet", "geen", "nie", "never",
];

/// The choices that say that something is in hand.
const GOING_ON: [&str; 3] = ["development", "pilot", "live"];

/// Returns the choice a value is most like: the longest of its names that
/// stands in the value decides, so that `not high` wins over `high`.
pub(super) fn choice<'a>(value: &str, choices: &'a [String]) -> Option<&'a str> {
    let value = words(value);
    let longest = |choice: &&String| -> usize {
        let others = CHOICE_WORDS
            .iter()
            .find(|(name, _)| name == *choice)
            .map_or(&[][..], |(_, words)| words);
        let names = std::iter::once(choice.as_str())
            .chain(others.iter().copied())
            .map(words);
        let ours = names
            .filter(|name| stands_in(name, &value))
            .map(|name| name.len());
        let theirs = languages::of_choice(choice).iter();
        let theirs = theirs.filter(|name| stands_in(name, &value)).map(Vec::len);
        ours.chain(theirs).max().unwrap_or(0)
    };
    // Of equals, the choice named first.
    let best = choices.iter().rev().max_by_key(longest)?;
    let is_negated = value.iter().any(|word| NEGATIONS.contains(&word.as_str()));
    let is_doubtful = is_negated && GOING_ON.contains(&best.as_str());
    (longest(&best) > 0 && !is_doubtful).then_some(best)
}

/// Returns what an answer in this column is about, as a token.
pub(super) fn about(heading: &str) -> Option<String> {
    token(&[heading.trim()])
}

/// Returns a TOML string on one line, in which every character is seen for what it is: whoever reads
/// the mapping before it is used reads what the file says.
pub(super) fn quoted(text: &str) -> String {
    // JSON escapes all that TOML wants escaped, but for DEL.
    let json = serde_json::Value::from(text).to_string();
    let mut toml = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            // What moves a cursor, breaks a line, turns the direction of reading, or has no width.
            '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                toml.push_str(&format!("\\u{:04X}", letter as u32));
            }
            _ if letter.is_control() => toml.push_str(&format!("\\u{:04X}", letter as u32)),
            _ => toml.push(letter),
        }
    }
    toml
}
