//! What the page tells of a ledger with something on it: counts that lead to what they count, dates
//! that say which instant they stand for, and what people said of findings.

use std::sync::Arc;

use app::{Acting, GuardDir, Model, Writing};
use catalogue::Catalogue;
use serde_json::{Value, json};

use crate::{Site, play};

fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn put(kind: &str, number: u32, body: Value) -> Value {
    json!({"do": "put", "kind": kind, "id": id(number), "body": body})
}

fn person() -> Value {
    let body = json!({"name": "Ada Sample", "email": "ada@council.example"});
    put("person", 1, body)
}

/// Returns more systems than a finding names at first.
fn systems() -> Vec<Value> {
    let one = |number: u32| json!({"title": format!("System {number}")});
    (0..22)
        .map(|number| put("ai_system", 100 + number, one(number)))
        .collect()
}

fn disposes(because: &str, says: &str) -> Value {
    let body = json!({"rule": "4.3-a", "since": "2026-01-01", "says": says,
        "because": because, "elsewhere": "The old system."});
    let mut command = put("disposition", 200, body);
    command["as"] = json!("ada@council.example");
    command
}

/// Returns what stands between two texts, each time.
fn between<'a>(body: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    let after = body.split(from).skip(1);
    after
        .filter_map(|rest| Some(rest.split_once(to)?.0))
        .collect()
}

/// Returns a page without what stands in its links.
fn unlinked(body: &str) -> String {
    let parts = body.split("<a ");
    parts
        .map(|part| part.split_once("</a>").map_or(part, |(_, after)| after))
        .collect()
}

/// Returns a reason of about 1,900 characters.
fn long() -> String {
    let words: Vec<String> = (0..190)
        .map(|number| format!("reason{number:03}"))
        .collect();
    words.join(" ")
}

#[tokio::test]
async fn every_link_within_the_page_leads_to_something_on_it() {
    let site = Site::of(&systems()).await;
    let cookie = site.sign_in().await;
    for path in [
        "/",
        "/?as_of=2026-02-28",
        "/?as_of=2025-02-28&known_by=now",
        "/?findings=8.2",
    ] {
        let page = site.ask("GET", path, &[("cookie", &cookie)]).await;
        let links = between(&page.body, "href=\"#", "\"");
        assert!(links.len() > 5, "{path}: {links:?}");
        for link in links {
            let place = format!("id=\"{link}\"");
            assert_eq!(page.body.matches(&place).count(), 1, "{path} {link}");
        }
    }
}

#[tokio::test]
async fn each_count_links_to_what_it_counts() {
    let site = Site::of(&systems()).await;
    let page = site.get_signed_in("/").await;
    for words in [
        "</time> <a href=\"#five\">none of the five is in hand</a>.</h1>",
        "<h2>Of 70 requirements <a href=\"#r-4.1\">7 are not shown</a>, ",
        "<p class=\"counts\"><a href=\"#r-4.1\">7 are not shown</a>, ",
        "<figcaption id=\"strip-scope\"><a href=\"#days-scope\">Not in hand on all 90 days</a> since ",
        "<table id=\"days-scope\">",
        // The answer's count, where a finding lists it; and where only the requirement is named.
        "<span><a href=\"/?findings=8.2#f-8.2-8.2\">affects 22 of 22</a></span>",
        "<span><a href=\"#r-4.3\">affects 22 of 22</a></span>",
        // The finding's own.
        "<a href=\"/?findings=8.2#f-8.2-8.2\">22 of 22</a> systems that are due have no complete",
        ", <a href=\"/?findings=8.2#f-8.2-8.2\">affects 22 of 22</a>, rule 8.2, ",
    ] {
        assert!(page.has(words), "{words}");
    }
    let outside = unlinked(&page.body);
    assert!(!outside.contains("affects "), "{outside}");
}

#[tokio::test]
async fn the_count_of_an_answer_links_to_no_finding_that_happens_to_count_as_many() {
    let one = put("ai_system", 100, json!({"title": "System"}));
    let site = Site::of(&[one]).await;
    let page = site.get_signed_in("/").await;
    // That there is no scope is of the organisation; the answer counts systems.
    assert!(page.has("id=\"f-4.3-4.3-a\""));
    assert!(page.has("<span><a href=\"#r-4.3\">affects 1 of 1</a></span>"));
    assert!(page.has("<span><a href=\"/?findings=8.2#f-8.2-8.2\">affects 1 of 1</a></span>"));
}

#[tokio::test]
async fn the_count_of_a_finding_leads_to_as_many_subjects_about_the_same_day() {
    let site = Site::of(&systems()).await;
    let cookie = site.sign_in().await;
    let asked = "/?as_of=2026-03-31T09%3A00%3A00Z&known_by=now";
    let page = site.ask("GET", asked, &[("cookie", &cookie)]).await;
    let links = between(
        &page.body,
        "<a href=\"",
        "\">affects 22 of 22</a>, rule 8.2",
    );
    let link = links.last().unwrap().rsplit("href=\"").next().unwrap();
    let link = link.replace("&#38;", "&");
    assert_eq!(
        link,
        "/?as_of=2026-03-31T09%3A00%3A00Z&known_by=now&findings=8.2#f-8.2-8.2"
    );
    let (path, anchor) = link.split_once('#').unwrap();
    let page = site.ask("GET", path, &[("cookie", &cookie)]).await;
    let finding = between(&page.body, &format!("id=\"{anchor}\">"), "</div>")[0];
    assert!(finding.contains("<details open>"), "{finding}");
    assert_eq!(finding.matches("<li>").count(), 22);
    // Once they are listed the count leads there on the page itself.
    assert!(finding.contains("<a href=\"#f-8.2-8.2\">affects 22 of 22</a>"));
}

#[tokio::test]
async fn every_date_says_in_its_title_which_day_or_instant_it_is() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    let end =
        "title=\"Saturday 28 February 2026, 23:59:59 +00:00 (Europe/London)\">28 February 2026<";
    let instant = "<time datetime=\"2026-03-30T23:30:00+01:00\" \
                   title=\"Monday 30 March 2026, 23:30:00 +01:00 (Europe/London)\">30 March 2026<";
    let entry = "<time datetime=\"2026-03-31T10:00:00+01:00\" \
                 title=\"Tuesday 31 March 2026, 10:00:00 +01:00 (Europe/London)\">31 March 2026<";
    for (path, of_question) in [
        ("/", entry),
        ("/?as_of=2026-02-28", end),
        ("/?as_of=2026-03-30T22%3A30%3A00Z", instant),
        ("/?as_of=%231&known_by=%231", entry),
    ] {
        let page = site.ask("GET", path, &[("cookie", &cookie)]).await;
        let dates = between(&page.body, "<time ", ">");
        assert!(dates.len() > 20, "{path}: {dates:?}");
        let untold: Vec<_> = dates
            .iter()
            .filter(|date| !date.contains(" title=\""))
            .collect();
        assert!(untold.is_empty(), "{path}: {untold:?}");
        // In the question and in the sentence under it.
        let first = between(&page.body, "<section class=\"first\">", "</h1>")[0];
        assert_eq!(first.matches(of_question).count(), 2, "{path}: {first}");
        for words in [
            // A day in a column, a day in a sentence, and the day that the ledger began.
            "<time datetime=\"2026-01-01\" title=\"Thursday 1 January 2026\">1 Jan 2026</time>",
            "Management system since <time datetime=\"2026-01-01\" \
             title=\"Thursday 1 January 2026\">1 January 2026</time>, ledger since \
             <time datetime=\"2026-03-31T10:00:00+01:00\"",
            "it stands at <time datetime=\"2026-03-31T10:00:00+01:00\"",
        ] {
            assert!(page.has(words), "{path}: {words}");
        }
    }
}

#[tokio::test]
async fn an_entry_asked_about_or_known_by_stands_with_when_it_was_recorded() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    let at = "(<time datetime=\"2026-03-31T10:00:00+01:00\" \
              title=\"Tuesday 31 March 2026, 10:00:00 +01:00 (Europe/London)\">31 March 2026</time>, \
              10:00)";
    let on = "(<time datetime=\"2026-03-31\" title=\"Tuesday 31 March 2026\">31 March 2026</time>, \
              10:00)";
    for (path, told) in [
        ("/?as_of=%231", format!("As of #1 {at}, as known then, #1")),
        (
            "/?as_of=%231&known_by=%230",
            format!("As of #1 {at}, as known at entry #0 {on}, #0"),
        ),
    ] {
        let page = site.ask("GET", path, &[("cookie", &cookie)]).await;
        assert!(page.has(&told), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn the_whole_reason_stands_beside_its_finding_with_who_gave_it_and_when() {
    let reason = long();
    let mut early = disposes(&reason, "elsewhere");
    early["effective_on"] = json!("2026-03-31");
    early["at"] = json!("2026-04-02T08:15:30Z");
    let mut withdrawn = json!({"do": "move", "id": id(200), "version": 1, "move": "withdraw",
        "body": {"because": "Entered in error."}});
    withdrawn["as"] = json!("ada@council.example");
    let said = format!(
        "; said to be evidenced elsewhere, in “The old system.”, by Ada Sample on \
         <time datetime=\"2026-03-31\" title=\"Tuesday 31 March 2026\">31 March 2026</time>, \
         recorded on <time datetime=\"2026-04-02T09:15:30+01:00\" \
         title=\"Thursday 2 April 2026, 09:15:30 +01:00 (Europe/London)\">2 April 2026</time>: \
         {reason}</li>"
    );
    let mut commands = vec![person(), early];
    let page = Site::of(&commands).await.get_signed_in("/").await;
    assert!(page.has(&said), "{}", page.body);
    commands.push(withdrawn);
    let page = Site::of(&commands).await.get_signed_in("/").await;
    assert!(page.has("id=\"f-4.3-4.3-a\""));
    assert!(!page.has("reason000") && !page.has("Ada Sample"));
}

#[tokio::test]
async fn a_reason_recorded_while_a_page_is_served_is_told_whole() {
    let site = Site::closed("it is written elsewhere").await;
    let cookie = site.sign_in().await;
    let page = site.ask("GET", "/", &[("cookie", &cookie)]).await;
    assert!(page.has("id=\"f-4.3-4.3-a\"") && !page.has("reason000"));
    let model = Model {
        registry: Arc::new(kinds::registry()),
        catalogue: Arc::new(Catalogue::iso_42001().unwrap()),
    };
    let acting = Acting {
        email: None,
        holder: "test".to_owned(),
        accept_clock: false,
    };
    let data = site.dir.path().join("data");
    let guard = GuardDir(site.dir.path().join("guard"));
    let mut writing = Writing::open(&data, model, &guard, &acting).await.unwrap();
    play(&mut writing, &[person(), disposes(&long(), "elsewhere")]).await;
    let page = site.ask("GET", "/", &[("cookie", &cookie)]).await;
    assert!(page.has(&format!(": {}</li>", long())), "{}", page.body);
}
