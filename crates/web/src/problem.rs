//! What stands in the way of a page, as a status code and words that say what to do next.

use std::error::Error;

use app::AppError;
use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::english;

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Problem {
    /// The request cannot be read.
    Unreadable,
    /// No session.
    SignInFirst,
    /// The link was used, or never was one.
    LinkUsed,
    /// The link was asked about, not opened.
    LinkNotOpened,
    /// Another site asked.
    OtherSite,
    /// The request is for another host.
    WrongHost,
    /// There is no such page.
    NotFound,
    /// The page does not take this method.
    WrongMethod,
    /// It took longer than a request may.
    TooLong,
    /// Ours, logged under this reference number.
    Fault(String),
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    notice: Option<&'static str>,
    title: String,
    heading: &'a str,
    words: &'a str,
    way: Option<&'a str>,
}

impl Problem {
    /// Logs a fault, once, and returns the problem with its reference number.
    pub fn fault(error: &dyn Error) -> Self {
        Self::Fault(log(error))
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::LinkUsed | Self::LinkNotOpened | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::WrongHost => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading, what it means and what to do, and the name of a link to the first page.
    fn words(&self) -> (&'static str, String, Option<&'static str>) {
        let (heading, words) = match self {
            Self::Unreadable => english::UNREADABLE,
            Self::SignInFirst => english::SIGN_IN_FIRST,
            Self::LinkUsed => english::LINK_USED,
            Self::LinkNotOpened => english::LINK_NOT_OPENED,
            Self::OtherSite => english::OTHER_SITE,
            Self::WrongHost => english::WRONG_HOST,
            Self::NotFound => english::NOT_FOUND,
            Self::WrongMethod => english::WRONG_METHOD,
            Self::TooLong => english::TOO_LONG,
            Self::Fault(reference) => {
                return (english::FAULT, english::fault(reference), None);
            }
        };
        let way = matches!(
            self,
            Self::Unreadable | Self::OtherSite | Self::NotFound | Self::WrongMethod | Self::TooLong
        );
        let way = way.then_some(english::TO_THE_ANSWERS);
        (heading, words.to_owned(), way)
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self::fault(&error)
    }
}

impl Problem {
    fn html(&self, notice: Option<&'static str>) -> askama::Result<String> {
        let (heading, words, way) = self.words();
        let title = match self.status() {
            StatusCode::BAD_REQUEST => english::error_title(heading),
            _ => heading.to_owned(),
        };
        let page = Page {
            notice,
            title,
            heading,
            words: &words,
            way,
        };
        page.render()
    }
}

/// Has no page yet: [`draw`] makes it, for what every page says is not known where a problem is met.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes the page of whatever stood in the way of one, with what every page says.
pub async fn draw(
    State(notice): State<Option<&'static str>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let (html, kind) = match problem.html(notice) {
        Ok(html) => (html, "text/html; charset=utf-8"),
        Err(error) => {
            log(&error);
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            (english::FAULT.to_owned(), "text/plain; charset=utf-8")
        }
    };
    *response.body_mut() = Body::from(html);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // It was counted while there was none.
    headers.remove(header::CONTENT_LENGTH);
    response
}

/// Logs a fault with all its sources and returns the reference number it is logged under.
pub fn log(error: &dyn Error) -> String {
    let reference: String = match app::chance::bytes() {
        Ok(bytes) => bytes[..4].iter().map(|b| format!("{b:02x}")).collect(),
        Err(_) => "00000000".to_owned(),
    };
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    tracing::error!(reference, error = causes, "fault");
    reference
}
