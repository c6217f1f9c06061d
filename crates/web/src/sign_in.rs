//! The single-use link, and the session it opens.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use app::Result;
use askama::Template;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use subtle::ConstantTimeEq;

use crate::WebState;
use crate::cross_site;
use crate::english;
use crate::problem::Problem;

/// What needs no session.
const OPEN: &[&str] = &["/healthz", "/readyz", "/sign-in", "/style.css", "/icon.svg"];

/// How long a session lasts after its link was opened: twelve hours, a long day's work.
pub const SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// Says how long the server has run, by a clock that nobody can set.
pub type Elapsed = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The link and the session it opens: one of each at a time.
#[derive(Clone)]
pub struct SignIn {
    secrets: Arc<Mutex<Secrets>>,
    elapsed: Elapsed,
}

struct Secrets {
    // Invariant: taken by the first use, so that no second one can match.
    link: Option<[u8; 32]>,
    session: [u8; 32],
    /// When the link was opened.
    opened: Option<Duration>,
}

impl Secrets {
    fn new() -> Result<Self> {
        Ok(Self {
            link: Some(app::chance::bytes()?),
            session: app::chance::bytes()?,
            opened: None,
        })
    }

    fn path(&self) -> String {
        let link = self.link.map(|bytes| hex(&bytes)).unwrap_or_default();
        format!("/sign-in?secret={link}")
    }

    fn has_ended(&self, now: Duration) -> bool {
        let lasted = |opened: Duration| now.saturating_sub(opened);
        self.opened.is_some_and(|opened| lasted(opened) >= SESSION)
    }
}

/// Says nothing of the secrets, so that no log can.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn")
    }
}

impl SignIn {
    /// Returns a fresh one with the path of its link, `/sign-in?secret=…`: whoever opens that first is signed in.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new(elapsed: Elapsed) -> Result<(Self, String)> {
        let secrets = Secrets::new()?;
        let path = secrets.path();
        let secrets = Arc::new(Mutex::new(secrets));
        Ok((Self { secrets, elapsed }, path))
    }

    /// Returns the path of a fresh link, once each time that a session has ended.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn renewed(&self) -> Result<Option<String>> {
        let Some(mut secrets) = self.secrets() else {
            return Ok(None);
        };
        if !secrets.has_ended((self.elapsed)()) {
            return Ok(None);
        }
        *secrets = Secrets::new()?;
        Ok(Some(secrets.path()))
    }

    fn secrets(&self) -> Option<MutexGuard<'_, Secrets>> {
        self.secrets.lock().ok()
    }

    /// Consumes the link and returns the session, or nothing when the secret is not the link's.
    fn consume(&self, offered: &str) -> Option<String> {
        let mut secrets = self.secrets()?;
        let link = hex(&secrets.link?);
        if !bool::from(link.as_bytes().ct_eq(offered.as_bytes())) {
            return None;
        }
        secrets.link = None;
        secrets.opened = Some((self.elapsed)());
        Some(hex(&secrets.session))
    }

    /// Returns whether this is the session that the link opened, and it has not ended.
    fn knows(&self, offered: &str) -> bool {
        self.secrets().is_some_and(|secrets| {
            let session = hex(&secrets.session);
            let stands = secrets.opened.is_some() && !secrets.has_ended((self.elapsed)());
            stands && bool::from(session.as_bytes().ct_eq(offered.as_bytes()))
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Cookies do not keep ports apart: two servers on one machine need two names.
fn cookie(state: &WebState) -> String {
    format!("minutebook_{}", state.listen.port())
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedIn {
    notice: Option<&'static str>,
    title: &'static str,
}

/// Consumes the link and opens the session.
pub async fn page(
    State(state): State<WebState>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    // Asking for the head, or fetching ahead, is not opening: neither may use the link up.
    let ahead = request.headers().contains_key("sec-purpose");
    if request.method() != Method::GET || ahead {
        return Problem::LinkNotOpened.into_response();
    }
    let secret = query
        .as_deref()
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("secret="));
    let Some(session) = secret.and_then(|secret| state.sign_in.consume(secret)) else {
        return Problem::LinkUsed.into_response();
    };
    let name = cookie(&state);
    let set = [(
        header::SET_COOKIE,
        format!(
            "{name}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}",
            SESSION.as_secs()
        ),
    )];
    if cross_site::came_from_elsewhere(request.headers()) {
        // A redirect would still count as the other site's doing, and go without the cookie.
        let page = SignedIn {
            notice: state.notice(),
            title: english::SIGNED_IN,
        };
        return match page.render() {
            Ok(html) => (StatusCode::OK, set, Html(html)).into_response(),
            Err(error) => Problem::fault(&error).into_response(),
        };
    }
    (set, Redirect::to("/")).into_response()
}

/// Refuses whoever has no session, except where none is needed.
pub async fn demand(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let open = OPEN.contains(&request.uri().path());
    if open || is_signed_in(&state, request.headers()) {
        return next.run(request).await;
    }
    Problem::SignInFirst.into_response()
}

fn is_signed_in(state: &WebState, headers: &HeaderMap) -> bool {
    let name = cookie(state);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(key, value)| key == name && state.sign_in.knows(value))
}
