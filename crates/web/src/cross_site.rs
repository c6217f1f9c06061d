//! Who may ask: this site's own pages, or somebody typing its address. Everybody else is refused.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::WebState;
use crate::problem::Problem;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Puts the security headers on every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Refuses a request for another host, or from another site.
pub async fn refuse(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(host) = host(headers, request.uri()) else {
        return Problem::WrongHost.into_response();
    };
    if !is_ours(host, state.listen.ip()) {
        return Problem::WrongHost.into_response();
    }
    let opens_link = request.uri().path() == "/sign-in" && is_navigation(&request);
    if came_from_elsewhere(headers) && !opens_link {
        return Problem::OtherSite.into_response();
    }
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    // A browser that says no more than who asks is believed, whatever is asked.
    let names_origin = headers.contains_key(header::ORIGIN);
    if (!safe || names_origin) && !origin_is(headers, host) {
        return Problem::OtherSite.into_response();
    }
    next.run(request).await
}

/// Returns whether the browser says that another site asked. Without a word from it, nobody did:
/// programs send none, and every browser since 2023 does.
pub fn came_from_elsewhere(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all("sec-fetch-site").iter();
    said.any(|value| value != "same-origin" && value != "none")
}

fn is_navigation(request: &Request) -> bool {
    let says = |name: &str, word: &str| {
        request
            .headers()
            .get(name)
            .is_some_and(|value| value == word)
    };
    request.method() == Method::GET
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
}

fn origin_is(headers: &HeaderMap, host: &str) -> bool {
    let is_ours = |value: &HeaderValue| {
        let mut schemes = ["http://", "https://"].iter();
        let origin = value.to_str().ok();
        origin.is_some_and(|origin| schemes.any(|scheme| origin.strip_prefix(scheme) == Some(host)))
    };
    let mut origins = headers.get_all(header::ORIGIN).iter().peekable();
    origins.peek().is_some() && origins.all(is_ours)
}

/// Returns the one host that the request is for; nothing when it names none, or two.
pub fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let mut named = headers.get_all(header::HOST).iter();
    let host = named.next()?.to_str().ok()?;
    let line = uri.authority().map(axum::http::uri::Authority::as_str);
    let one = named.next().is_none() && line.is_none_or(|line| line == host);
    one.then_some(host)
}

/// Returns whether a host is this machine: a name that somebody else's domain server may point
/// here is not, whatever address it leads to.
fn is_ours(host: &str, listen: IpAddr) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    match bare.parse::<IpAddr>() {
        // Listening on every address, each of them is the listen address.
        Ok(address) => address.is_loopback() || address == listen || listen.is_unspecified(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_ours() {
        let listen = "192.0.2.7".parse::<IpAddr>().unwrap();
        for host in [
            "localhost",
            "LOCALHOST:8042",
            "127.0.0.1:8042",
            "[::1]:8042",
            "192.0.2.7:80",
        ] {
            assert!(is_ours(host, listen), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org:8042",
            "192.0.2.8",
            "localhost:80:80",
        ] {
            assert!(!is_ours(host, listen), "{host}");
        }
    }
}
