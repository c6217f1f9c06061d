//! Pages over HTTP, behind a single-use sign-in link.
//!
//! This crate must not know any rule, any kind by name, or SQL: it asks the app and draws what it says.

mod answers;
mod connections;
mod cross_site;
mod dates;
mod english;
mod form;
mod headline;
mod problem;
mod prose;
mod requirements;
mod sign_in;
mod strip;
mod today;
mod written;

use std::net::SocketAddr;
use std::sync::Arc;

use app::{Aside, Ledger, WriterHandle};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::connections::Limits;
use crate::problem::Problem;
pub use crate::sign_in::{Elapsed, SESSION, SignIn};

/// What the pages stand on.
#[derive(Debug, Clone)]
pub struct WebState {
    /// The ledger, opened for reading.
    pub ledger: Arc<Ledger>,
    /// Where Commands are handed in.
    pub writer: WriterHandle,
    /// The link and the session it opens.
    pub sign_in: SignIn,
    /// Whether the organisation is the fictional one; the pages say so.
    pub demo: bool,
    /// The address listened on: the only one, beside the loopback names, that a request may be for.
    pub listen: SocketAddr,
}

impl WebState {
    /// What every page says where the organisation is fictional, or the clock simulated.
    fn notice(&self) -> Option<&'static str> {
        english::notice(self.demo, self.ledger.has_simulated_clock())
    }
}

/// Returns every page and probe. Each answer carries the security headers; a request from another
/// site, or for another host, is refused before anything else is looked at.
pub fn router(state: WebState) -> Router {
    let limits = Limits::OURS;
    let aside = |at_once| from_fn_with_state(Aside::new(at_once), connections::aside);
    Router::new()
        .route("/", get(today::page).layer(aside(connections::PAGES)))
        .route("/sign-in", get(sign_in::page))
        .route("/style.css", get(style))
        .route("/icon.svg", get(icon))
        .route("/healthz", get(healthz))
        // Not one of the pages, so that it is answered while those are made.
        .route("/readyz", get(readyz).layer(aside(1)))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
        .layer(from_fn_with_state(state.clone(), sign_in::demand))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse))
        .layer(from_fn_with_state(limits, connections::give_up))
        .layer(from_fn_with_state(state.notice(), problem::draw))
        .layer(from_fn(cross_site::headers))
        .with_state(state)
}

/// Serves the pages until `stop` is done; requests under way are finished first.
pub async fn serve(
    listener: TcpListener,
    state: WebState,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    connections::serve(listener, router(state), Limits::OURS, stop).await;
}

/// The one stylesheet.
async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../assets/style.css")).into_response()
}

/// The mark in the browser's tab.
async fn icon() -> Response {
    let kind = [(header::CONTENT_TYPE, "image/svg+xml")];
    (kind, include_str!("../assets/icon.svg")).into_response()
}

/// Alive.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the ledger can be read and written.
async fn readyz(State(state): State<WebState>) -> Response {
    let ready = async {
        state.ledger.checkpoint().await?;
        state.writer.ready().await
    };
    match ready.await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            problem::log(&error);
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}
