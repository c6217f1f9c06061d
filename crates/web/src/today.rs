//! The first page: the question, the five answers on the day chosen, and the requirements.

use app::{AppError, Asked, StatusView};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use record::Day;

use crate::WebState;
use crate::answers::{self, Drawn};
use crate::cross_site;
use crate::english;
use crate::form::{self, Address, Asking, FieldError, Form};
use crate::headline::{self, Tense};
use crate::problem::Problem;
use crate::prose::{self, Prose};
use crate::requirements::{self, Group, Place};

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    title: String,
    organisation: String,
    notice: Option<&'static str>,
    demo: bool,
    simulated: Option<Prose>,
    banner: Option<Prose>,
    closed: Option<String>,
    question: Prose,
    headline: Prose,
    lead: Option<Prose>,
    entries: String,
    head: String,
    form: Form,
    answers: Vec<Drawn>,
    requirements: Prose,
    groups: Vec<Group>,
    starts: Prose,
    top_management: Option<String>,
    disclaimer: &'static str,
    address: String,
}

#[derive(Template)]
#[template(path = "which_day.html")]
struct WhichDay {
    notice: Option<&'static str>,
    title: String,
    form: Form,
}

/// The five answers and the requirements.
pub async fn page(
    State(state): State<WebState>,
    address: Address,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let Ok(Query(asking)) = address else {
        return Err(Problem::Unreadable);
    };
    let asked = match asking.asked() {
        Ok(asked) => asked,
        Err(error) => return which_day(&state, &asking, error),
    };
    let view = match state.ledger.status(&asked).await {
        Ok(view) => view,
        Err(AppError::Refused(refusal)) if refusal.code == "unknown_rule" => {
            return Err(Problem::NotFound);
        }
        Err(AppError::Refused(refusal)) => {
            return which_day(&state, &asking, FieldError::refused(&refusal, &asked));
        }
        Err(error) => return Err(error.into()),
    };
    let strips = state.ledger.strip(&asked).await?;
    let now = now(&state, &view, &asked).await?;
    let query = form::query(&asked);
    let place = Place {
        query: &query,
        findings: asked.findings.as_deref(),
        zone: &state.ledger.zone,
    };
    let drawn = answers::drawn(&view, &strips, asked.known_by.as_deref(), place);
    let host = cross_site::host(&headers, &uri).unwrap_or_default();
    let mut page = compose(&view, &asked, (now, place), drawn);
    page.starts = page.starts.at(place.zone.at(state.ledger.began_ms));
    page.notice = state.notice();
    page.demo = state.demo;
    page.closed = state.writer.against().map(|why| english::closed(&why));
    page.address = format!("http://{host}{uri}");
    render(StatusCode::OK, &page)
}

/// The day and the instant that the ledger's clock stands at.
async fn now(state: &WebState, view: &StatusView, asked: &Asked) -> Result<(Day, i64), Problem> {
    if asked.as_of.is_none() {
        return Ok((view.about, view.about_ms));
    }
    let now = state.ledger.status(&Asked::default()).await?;
    Ok((now.about, now.about_ms))
}

fn compose(
    view: &StatusView,
    asked: &Asked,
    ((today, now_ms), place): ((Day, i64), Place<'_>),
    answers: Vec<Drawn>,
) -> Page {
    let tense = Tense::of(view.about, today);
    let five = &view.says.five;
    // The day asked about stands for an instant: now, or its end.
    let about = |said: &str| Prose::new(said).at(place.zone.at(view.about_ms));
    let known_by = asked.known_by.as_deref();
    let as_of = match asked.as_of.as_deref() {
        Some(text) if text.parse::<Day>().is_err() => text.to_owned(),
        _ => view.about.in_words(),
    };
    let top = view.says.top_management.as_ref();
    Page {
        title: headline::sentence(five, view.about, tense),
        organisation: view.organisation.clone(),
        notice: None,
        demo: false,
        simulated: view
            .simulated_clock
            .then(|| Prose::new(&english::simulated(today)).at(place.zone.at(now_ms))),
        banner: (!view.is_now).then(|| {
            // An entry with when it was recorded, anything else by its day.
            let told = match view.as_of.starts_with('#') {
                true => view.as_of_told.clone(),
                false => view.about.in_words(),
            };
            let day = about(&format!("{} {told}", english::AS_OF));
            day.then(Prose::new(&known(view, known_by, tense)))
        }),
        closed: None,
        question: about(&headline::question(view.about, tense)),
        headline: headline::linked(
            about(&headline::sentence(five, view.about, tense)),
            five,
            tense,
        ),
        lead: headline::lead(five, tense),
        entries: english::entries(view.entries),
        head: english::head(&view.root),
        form: Form::new(as_of, known_by, None),
        answers,
        requirements: requirements::sentence(&view.says.requirements),
        groups: requirements::groups(&view.says.requirements, place),
        starts: Prose::new(&english::starts(
            view.aims_start,
            view.ledger_start,
            &view.rules,
        )),
        top_management: top.map(|top| english::top_management(&top.body, &top.vouched_by)),
        disclaimer: view.says.disclaimer,
        address: String::new(),
    }
}

/// `, as known then, #2,114`
fn known(view: &StatusView, known_by: Option<&str>, tense: Tense) -> String {
    // An entry with when it was recorded.
    let known_by = known_by.map(|text| match text.starts_with('#') {
        true => view.known_by_told.as_str(),
        false => text,
    });
    let known = match tense {
        Tense::Future if view.known_by == "now" => english::STILL_TO_COME.to_owned(),
        Tense::Future => format!("{}, {}", english::TO_COME, english::known(known_by)),
        _ => english::known(known_by),
    };
    let last = match view.entries.checked_sub(1) {
        Some(last) => format!("#{}", english::number(last)),
        None => english::BEFORE_FIRST.to_owned(),
    };
    format!(", {known}, {last}")
}

fn which_day(state: &WebState, asking: &Asking, error: FieldError) -> Result<Response, Problem> {
    let page = WhichDay {
        notice: state.notice(),
        title: english::error_title(english::WHICH_DAY),
        form: asking.form(error),
    };
    render(StatusCode::BAD_REQUEST, &page)
}

fn render(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(|error| Problem::fault(&error))?;
    Ok((status, Html(prose::read_one_way(html))).into_response())
}
