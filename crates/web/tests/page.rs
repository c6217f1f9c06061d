//! The page as a stranger, another site and a signed-in reader meet it.

use std::path::Path;
use std::sync::Arc;

use app::{GuardDir, Init, Ledger};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use catalogue::Catalogue;
use tower::ServiceExt;
use web::{SignIn, WebState, router};

const HOST: &str = "127.0.0.1:8042";

struct Site {
    app: Router,
    link: String,
    _home: tempfile::TempDir,
}

async fn site() -> Site {
    let home = tempfile::tempdir().expect("a directory");
    let registry = Arc::new(kinds::registry());
    let new = Init {
        organisation: "Lighthouse Authority (fictional)".to_owned(),
        aims_start: "2025-12-01".parse().ok(),
        time_zone: "Europe/London".to_owned(),
        operator: None,
        simulated_clock: Some("2026-01-05T09:00:00Z".to_owned()),
        ids: None,
    };
    let data = home.path().join("data");
    let guard = GuardDir(home.path().join("guard"));
    let init = app::init(&data, registry.clone(), &guard, &new).await;
    drop(init.expect("a ledger"));
    let ledger = open(&data, registry).await;
    let (sign_in, link) = SignIn::new().expect("randomness");
    let listen = HOST.parse().expect("an address");
    let state = WebState {
        ledger,
        sign_in,
        demo: true,
        listen,
    };
    Site {
        app: router(state),
        link,
        _home: home,
    }
}

async fn open(data: &Path, registry: Arc<record::Registry>) -> Arc<Ledger> {
    let catalogue = Catalogue::iso_42001().expect("a catalogue");
    Arc::new(
        Ledger::open(data, registry, Arc::new(catalogue))
            .await
            .expect("a ledger"),
    )
}

impl Site {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, String, String) {
        let mut request = Request::get(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", HOST);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = self.app.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        let cookie = answer
            .headers()
            .get(header::SET_COOKIE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let bytes = to_bytes(answer.into_body(), 1 << 22).await.expect("a body");
        (
            status,
            String::from_utf8(bytes.to_vec()).expect("text"),
            cookie,
        )
    }

    async fn signed_in(&self) -> String {
        let (status, _, cookie) = self.get(&self.link, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        cookie
    }
}

#[tokio::test]
async fn nobody_reads_without_signing_in() {
    let site = site().await;
    let (status, body, _) = site.get("/", &[]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(!body.contains("Lighthouse"));
}

#[tokio::test]
async fn the_link_works_once() {
    let site = site().await;
    let cookie = site.signed_in().await;
    assert!(!cookie.is_empty());
    let (status, _, cookie) = site.get(&site.link, &[]).await;
    assert_ne!(status, StatusCode::SEE_OTHER);
    assert!(cookie.is_empty());
}

#[tokio::test]
async fn the_page_asks_five_questions_and_says_that_it_is_no_audit_conclusion() {
    let site = site().await;
    let cookie = site.signed_in().await;
    let (status, body, _) = site.get("/", &[("cookie", &cookie)]).await;
    assert_eq!(status, StatusCode::OK);
    for question in Catalogue::iso_42001().expect("a catalogue").five {
        let start: String = question.question.chars().take(18).collect();
        assert!(body.contains(&start), "{start}");
    }
    assert!(body.contains("not an audit conclusion"));
    assert!(!body.contains("<script"));
    assert!(!body.contains(" style=\""));
}

#[tokio::test]
async fn a_request_from_another_site_is_refused() {
    let site = site().await;
    let cookie = site.signed_in().await;
    let headers = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "cross-site"),
    ];
    let (status, body, _) = site.get("/", &headers).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(!body.contains("Lighthouse"));
}

#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let site = site().await;
    let cookie = site.signed_in().await;
    let headers = [("cookie", cookie.as_str()), ("host", "attacker.example")];
    let (status, body, _) = site.get("/", &headers).await;
    assert!(status.is_client_error());
    assert!(!body.contains("Lighthouse"));
}

#[tokio::test]
async fn a_date_that_cannot_be_read_is_kept_as_typed() {
    let site = site().await;
    let cookie = site.signed_in().await;
    let (status, body, _) = site
        .get("/?as_of=31+February+2026", &[("cookie", &cookie)])
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("31 February 2026"));
    assert!(body.contains("There is a problem"));
}

#[tokio::test]
async fn a_past_date_says_so() {
    let site = site().await;
    let cookie = site.signed_in().await;
    let (status, body, _) = site.get("/?as_of=2025-12-15", &[("cookie", &cookie)]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("15 December 2025"));
}
