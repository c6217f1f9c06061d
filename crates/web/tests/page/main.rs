//! The page and who may see it, over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod told;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::{Acting, AppError, GuardDir, Init, Ledger, Opening, Outcome, WriterHandle, Writing};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use catalogue::Catalogue;
use record::Command;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use web::{SESSION, SignIn, WebState, router};

/// Where the clock of a ledger begins that is simulated.
const SIMULATED: &str = "2026-03-31T09:00:00Z";

/// A small ledger behind its pages: an organisation and nothing else.
struct Site {
    pages: Router,
    link: String,
    sign_in: SignIn,
    /// How long the server has run, in seconds.
    elapsed: Arc<AtomicU64>,
    dir: TempDir,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// Records Commands, all of which are accepted.
async fn play(writing: &mut Writing, commands: &[Value]) {
    let commands = commands.iter().map(|one| Command::parse(&one.to_string()));
    let commands: Vec<Command> = commands.map(|one| one.unwrap()).collect();
    for outcome in writing.submit(&commands).await.unwrap() {
        assert!(!matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
}

impl Site {
    async fn new() -> Self {
        Self::made(Some(SIMULATED), &[], WriterHandle::start).await
    }

    /// Returns one on whose ledger these Commands are recorded.
    async fn of(commands: &[Value]) -> Self {
        Self::made(Some(SIMULATED), commands, WriterHandle::start).await
    }

    /// Returns one whose writer was refused.
    async fn closed(because: &'static str) -> Self {
        let refused = AppError::Damaged(because.to_owned());
        Self::made(Some(SIMULATED), &[], async |_| {
            Ok(WriterHandle::closed(&refused))
        })
        .await
    }

    async fn made(
        simulated_clock: Option<&str>,
        commands: &[Value],
        writer: impl AsyncFnOnce(Opening) -> app::Result<WriterHandle>,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let registry = Arc::new(kinds::registry());
        let data = dir.path().join("data");
        let new = Init {
            organisation: "Tarn & Fell".to_owned(),
            aims_start: Some("2026-01-01".parse().unwrap()),
            time_zone: "Europe/London".to_owned(),
            operator: None,
            simulated_clock: simulated_clock.map(str::to_owned),
            ids: None,
        };
        let guard = GuardDir(dir.path().join("guard"));
        let catalogue = Arc::new(Catalogue::iso_42001().unwrap());
        let model = app::Model {
            registry,
            catalogue,
        };
        let mut writing = app::init(&data, model.clone(), &guard, &new).await.unwrap();
        play(&mut writing, commands).await;
        drop(writing);
        let ledger = Ledger::open(&data, model.registry.clone(), model.catalogue.clone())
            .await
            .unwrap();
        let opening = Opening {
            dir: data,
            model,
            guard,
            acting: Acting {
                email: None,
                holder: "test".to_owned(),
                accept_clock: false,
            },
        };
        let elapsed = Arc::new(AtomicU64::new(0));
        let clock = elapsed.clone();
        let clock = Arc::new(move || Duration::from_secs(clock.load(Ordering::Relaxed)));
        let (sign_in, link) = SignIn::new(clock).unwrap();
        let pages = router(WebState {
            ledger: Arc::new(ledger),
            writer: writer(opening).await.unwrap(),
            sign_in: sign_in.clone(),
            demo: false,
            listen: ([127, 0, 0, 1], 8042).into(),
        });
        Self {
            pages,
            link,
            sign_in,
            elapsed,
            dir,
        }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:8042");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    async fn sign_in(&self) -> String {
        let answer = self.get(&self.link).await;
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn get_signed_in(&self, path: &str) -> Answer {
        let cookie = self.sign_in().await;
        self.ask("GET", path, &[("cookie", &cookie)]).await
    }
}

#[tokio::test]
async fn without_sign_in_everything_but_probes_and_style_is_refused() {
    let site = Site::new().await;
    for path in ["/", "/?as_of=2026-01-31", "/nothing", "/api/v1/status"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.has("sign-in link"), "{path}");
        assert!(!answer.has("Tarn"), "{path}");
    }
    let made_up = [("cookie", "minutebook_8042=00")];
    let answer = site.ask("GET", "/", &made_up).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    for path in ["/healthz", "/readyz", "/style.css", "/icon.svg"] {
        assert_eq!(site.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_link_works_once() {
    let site = Site::new().await;
    let wrong = site.get("/sign-in?secret=00").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let first = site.get(&site.link).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.header("location"), "/");
    let cookie = first.header("set-cookie");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200"));
    let secret = site.link.rsplit('=').next().unwrap();
    assert!(!cookie.contains(secret));
    let second = site.get(&site.link).await;
    assert_eq!(second.status, StatusCode::FORBIDDEN);
    assert!(second.has("it prints a new link"));
    assert!(second.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn a_session_lasts_twelve_hours_and_a_new_link_follows() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    let status = async || site.ask("GET", "/", &[("cookie", &cookie)]).await.status;
    let run = |seconds| site.elapsed.store(seconds, Ordering::Relaxed);
    run(SESSION.as_secs() - 1);
    assert_eq!(status().await, StatusCode::OK);
    assert_eq!(site.sign_in.renewed().unwrap(), None);
    run(SESSION.as_secs());
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    let link = site.sign_in.renewed().unwrap().unwrap();
    // One link at a time, and the old session is none of its own.
    assert_eq!(site.sign_in.renewed().unwrap(), None);
    assert_ne!(link, site.link);
    assert_eq!(site.get(&link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ready_is_who_can_write_as_well_as_read() {
    let site = Site::new().await;
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    let guards = site.dir.path().join("guard");
    let away = site.dir.path().join("away");
    std::fs::rename(&guards, &away).unwrap();
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, "not ready\n");
    // Reading goes on meanwhile, and writing once it is back.
    assert_eq!(site.get_signed_in("/").await.status, StatusCode::OK);
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    std::fs::rename(&away, &guards).unwrap();
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_server_without_a_writer_reads_and_says_so() {
    let site = Site::closed("entry 2, group \"facts\"").await;
    let page = site.get_signed_in("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Nothing can be recorded here: ",
        "entry 2, group &#34;facts&#34;",
        "id=\"strip-scope\"",
    ] {
        assert!(page.has(words), "{words}");
    }
    let ready = site.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn asking_about_the_link_does_not_use_it_up() {
    let site = Site::new().await;
    let head = site.ask("HEAD", &site.link, &[]).await;
    assert_eq!(head.status, StatusCode::FORBIDDEN);
    let ahead = [("sec-purpose", "prefetch")];
    let ahead = site.ask("GET", &site.link, &ahead).await;
    assert_eq!(ahead.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&site.link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_site_is_refused_even_with_the_session() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for from in ["cross-site", "same-site", "unheard-of"] {
        for path in ["/", "/style.css", "/sign-in?secret=00"] {
            let headers = [("cookie", &*cookie), ("sec-fetch-site", from)];
            let answer = site.ask("GET", path, &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from} {path}");
            assert!(answer.has("Another site asked"), "{from} {path}");
        }
    }
    for from in ["same-origin", "none"] {
        let headers = [("cookie", &*cookie), ("sec-fetch-site", from)];
        assert_eq!(site.ask("GET", "/", &headers).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_link_followed_from_a_mail_signs_in_without_a_redirect() {
    let site = Site::new().await;
    let from_mail = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let answer = site.ask("GET", &site.link, &from_mail).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.has("You are signed in"));
    assert!(answer.header("set-cookie").contains("SameSite=Strict"));
}

#[tokio::test]
async fn an_unsafe_method_needs_our_own_origin() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for origin in [None, Some("null"), Some("http://127.0.0.1:8043")] {
        let mut headers = vec![("cookie", &*cookie)];
        headers.extend(origin.map(|origin| ("origin", origin)));
        let answer = site.ask("POST", "/", &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    let ours = [("cookie", &*cookie), ("origin", "http://127.0.0.1:8042")];
    let answer = site.ask("POST", "/", &ours).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn another_origin_is_refused_whatever_it_asks_and_opens_no_link() {
    let site = Site::new().await;
    for origin in ["null", "https://attacker.example", "http://127.0.0.1:8043"] {
        let answer = site.ask("GET", &site.link, &[("origin", origin)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        assert!(answer.has("Another site asked"), "{origin}");
    }
    let ours = [("origin", "http://127.0.0.1:8042")];
    let answer = site.ask("GET", &site.link, &ours).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let site = Site::new().await;
    for host in ["rebound.example", "127.0.0.1.example:8042", ""] {
        let answer = site.ask("GET", &site.link, &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{host}");
    }
    for host in ["localhost:8042", "[::1]:8042"] {
        let answer = site.ask("GET", "/healthz", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::new().await;
    for path in ["/", "/style.css", "/nothing"] {
        let answer = site.get(path).await;
        let policy = answer.header("content-security-policy");
        let whole = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
            base-uri 'none'; frame-ancestors 'none'";
        assert_eq!(policy, whole);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn the_page_asks_all_five_questions() {
    let site = Site::new().await;
    let page = site.get_signed_in("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for answer in Catalogue::iso_42001().unwrap().five {
        let question = answer.question.replace('\'', "&#39;");
        assert!(page.has(&question), "{}", answer.id);
        assert!(page.has(&format!("id=\"strip-{}\"", answer.id)));
    }
    for words in [
        "Tarn &#38; Fell",
        "<p class=\"question\">Could you, today, <time datetime=\"2026-03-31T10:00:00+01:00\" \
         title=\"Tuesday 31 March 2026, 10:00:00 +01:00 (Europe/London)\">31 March 2026</time>, \
         hand an auditor your scope, your policy, your named owner, your last risk assessment and \
         the minutes of your last management review, and what did any of it change?</p>\n<h1>",
        "On <time datetime=\"2026-03-31T10:00:00+01:00\" \
         title=\"Tuesday 31 March 2026, 10:00:00 +01:00 (Europe/London)\">31 March 2026</time> <a href=\"#five\">none is in hand",
        "3 entries, head ",
        "not an audit conclusion.",
        "The clock of this ledger is simulated; it stands at",
        "Of 70 requirements ",
    ] {
        assert!(page.has(words), "{words}");
    }
    assert!(!page.has("Nothing can be recorded here"));
    assert!(!page.has("style="));
    assert!(!page.has("<script"));
    assert!(!page.has("As of <time"));
}

/// Returns the levels of a page's headings, in order.
fn levels(body: &str) -> Vec<u32> {
    let tags = body.split("<h").skip(1);
    tags.filter_map(|rest| {
        let (level, after) = rest.split_at_checked(1)?;
        let is_whole = after.starts_with(['>', ' ']);
        level.parse().ok().filter(|_| is_whole)
    })
    .collect()
}

#[tokio::test]
async fn the_levels_of_headings_never_jump_by_more_than_one() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for (path, first) in [
        ("/", 1),
        ("/?as_of=31+mar+25&known_by=now", 1),
        ("/nothing", 1),
        // What is wrong stands before what the page is.
        ("/?as_of=31%2F02%2F2025", 2),
    ] {
        let answer = site.ask("GET", path, &[("cookie", &cookie)]).await;
        let levels = levels(&answer.body);
        assert_eq!(levels.first(), Some(&first), "{path}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        let jumps = levels.windows(2).any(|two| two[1] > two[0] + 1);
        assert!(!jumps, "{path}: {levels:?}");
    }
    let page = site.ask("GET", "/", &[("cookie", &cookie)]).await;
    let levels = levels(&page.body);
    assert_eq!(levels[..3], [1, 2, 3]);
}

#[tokio::test]
async fn a_past_date_is_said_and_kept() {
    let site = Site::new().await;
    let page = site.get_signed_in("/?as_of=31+mar+25&known_by=now").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "As of <time datetime=\"2025-03-31T23:59:59+01:00\" \
         title=\"Monday 31 March 2025, 23:59:59 +01:00 (Europe/London)\">31 March 2025</time>, as known now, #2",
        "Could you, on <time datetime=\"2025-03-31T23:59:59+01:00\" \
         title=\"Monday 31 March 2025, 23:59:59 +01:00 (Europe/London)\">31 March 2025</time>, have handed an auditor ",
        "none of the five was due yet",
        "value=\"31 March 2025\"",
        "<option value=\"now\" selected>",
        "<a href=\"/\">Back to today</a>",
    ] {
        assert!(page.has(words), "{words}");
    }
}

#[tokio::test]
async fn any_day_that_the_command_line_takes_is_answered() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for (typed, day) in [
        ("2101-01-01", "1 January 2101"),
        ("31+december+9999", "31 December 9999"),
    ] {
        let path = format!("/?as_of={typed}");
        let page = site.ask("GET", &path, &[("cookie", &cookie)]).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}");
        assert!(page.has(&format!("{day}</time>")), "{typed}");
    }
}

#[tokio::test]
async fn an_unreadable_date_is_refused_and_kept() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for (query, typed, message) in [
        ("31%2F02%2F2025", "31/02/2025", "As of must be a day"),
        (
            "next+%22week%22",
            "next &#34;week&#34;",
            "As of must be a day",
        ),
        ("31+dec+10000", "31 dec 10000", "As of must be a day"),
        ("%23999", "#999", "There is no entry 999; the log has 3."),
    ] {
        let path = format!("/?as_of={query}");
        let answer = site.ask("GET", &path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.has("<title>Error: "), "{query}");
        assert!(answer.has("There is a problem"), "{query}");
        assert!(answer.has(&format!("value=\"{typed}\"")), "{query}");
        assert_eq!(answer.body.matches(message).count(), 2, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let site = Site::new().await;
    let cookie = site.sign_in().await;
    for (path, status) in [
        ("/nothing", StatusCode::NOT_FOUND),
        ("/?findings=no-such-rule", StatusCode::NOT_FOUND),
        ("/?as_of=1&as_of=2", StatusCode::BAD_REQUEST),
    ] {
        let answer = site.ask("GET", path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.has("<h1>"), "{path}");
    }
}

/// Asks for a page of each sort, the one after a fault last.
async fn every_sort(site: &Site) -> Vec<Answer> {
    let refused = site.get("/").await;
    let used = site.get("/sign-in?secret=00").await;
    let from_mail = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let signed_in = site.ask("GET", &site.link, &from_mail).await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap();
    let cookie = ("cookie", cookie);
    let mut asked = Vec::new();
    for (method, path, more) in [
        ("GET", "/", None),
        ("GET", "/?as_of=2026-01-02", None),
        ("GET", "/?as_of=someday", None),
        ("GET", "/?as_of=1&as_of=2", None),
        ("GET", "/nothing", None),
        ("GET", "/", Some(("sec-fetch-site", "cross-site"))),
        ("GET", "/", Some(("host", "elsewhere.example"))),
        ("POST", "/", Some(("origin", "http://127.0.0.1:8042"))),
    ] {
        let headers: Vec<_> = [cookie].into_iter().chain(more).collect();
        asked.push(site.ask(method, path, &headers).await);
    }
    let database = std::fs::read_dir(site.dir.path().join("data")).unwrap();
    let database = database.map(|one| one.unwrap().path());
    for one in database.filter(|path| path.to_string_lossy().contains(".db")) {
        std::fs::write(one, "no database").unwrap();
    }
    let fault = site.ask("GET", "/?as_of=2026-01-03", &[cookie]).await;
    [refused, used, signed_in]
        .into_iter()
        .chain(asked)
        .chain([fault])
        .collect()
}

#[tokio::test]
async fn every_page_of_a_ledger_with_a_simulated_clock_says_so_and_no_other_does() {
    for simulated in [Some(SIMULATED), None] {
        let site = Site::made(simulated, &[], WriterHandle::start).await;
        let pages = every_sort(&site).await;
        let of = |page: &Answer| page.status.as_u16();
        let statuses: Vec<u16> = pages.iter().map(of).collect();
        let all = [401, 403, 200, 200, 200, 400, 400, 404, 403, 403, 405, 500];
        assert_eq!(statuses, all);
        for page in pages {
            let says = page.has("<p class=\"notice\">Simulated clock</p>");
            assert_eq!(says, simulated.is_some(), "{}: {}", page.status, page.body);
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(page.body.ends_with("</html>"), "{}", page.body);
        }
    }
}
