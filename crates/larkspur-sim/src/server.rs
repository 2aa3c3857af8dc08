//! HTTP: routes, headers, the limits on what comes in, and the log.

mod batches;
mod body;
mod gemini;
mod routes;
mod words;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get};
use larkspur_wire::models::{Model as WireModel, ModelList};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use self::body::read;
use self::routes::{about, asks};
use self::words::Words;
use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::App;
use crate::fault::Fault;
use crate::log::ReceivedRequest;
use crate::models::Model;
use crate::{chat, conversations, messages, responses};

/// The API of Anthropic, whose errors have a shape of their own.
const MESSAGES: &str = "/v1/messages";

/// The app and the slots for answers that are being written.
#[derive(Clone)]
struct Shared {
    app: Arc<App>,
    slots: Arc<Semaphore>,
}

/// Serves until `stop` resolves, then lets the requests that are open finish.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(app))
        .with_graceful_shutdown(stop)
        .await
}

fn router(app: Arc<App>) -> Router {
    let slots = Arc::new(Semaphore::new(app.settings.max_concurrent));
    Router::new()
        .merge(of_responses())
        .merge(of_conversations())
        .route("/v1/chat/completions", asks(chat::complete))
        .route(MESSAGES, asks(messages::create))
        .route("/v1/messages/count_tokens", asks(messages::count_tokens))
        .merge(batches::routes())
        .route("/v1/models", get(list_models))
        .route("/v1/models/{id}", get(get_model).post(gemini::ask))
        .route("/v1beta/models", get(gemini::models))
        .route("/v1beta/models/{id}", get(gemini::model).post(gemini::ask))
        .fallback(no_such_url)
        .method_not_allowed_fallback(wrong_method)
        .with_state(Shared { app, slots })
}

fn of_responses() -> Router<Shared> {
    let delete = about(MethodFilter::DELETE, |app, id, _| {
        responses::delete(app, id)
    });
    let cancel = about(MethodFilter::POST, |app, id, _| responses::cancel(app, id));
    let input = about(MethodFilter::GET, responses::input_items);
    Router::new()
        .route("/v1/responses", asks(responses::respond))
        .route("/v1/responses/compact", asks(responses::compact))
        .route("/v1/responses/input_tokens", asks(responses::count_tokens))
        .route("/v1/responses/{id}", delete.get(get_response))
        .route("/v1/responses/{id}/cancel", cancel)
        .route("/v1/responses/{id}/input_items", input)
}

fn of_conversations() -> Router<Shared> {
    let create = asks(|app, body, _| conversations::create(app, body));
    let get = about(MethodFilter::GET, |app, id, _| {
        conversations::retrieve(app, id)
    });
    let delete = about(MethodFilter::DELETE, |app, id, _| {
        conversations::delete(app, id)
    });
    let items = about(MethodFilter::GET, conversations::items);
    Router::new()
        .route("/v1/conversations", create)
        .route("/v1/conversations/{id}", get.merge(delete))
        .route("/v1/conversations/{id}/items", items.post(add_items))
}

/// Whole, or as the stream that it was.
async fn get_response(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    kept(&shared, &request, || {
        let found = responses::retrieve(&shared.app, &id, query)?;
        Ok(found.sent(None))
    })
}

async fn add_items(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    answer(shared, request, move |app, body, _| {
        conversations::add(app, &id, body)
    })
    .await
}

async fn list_models(State(shared): State<Shared>, request: Request) -> Response {
    if gemini::is_meant(request.headers()) {
        return gemini::models(State(shared), request).await;
    }
    let list = || {
        Ok(ModelList::new(
            Model::all().iter().map(wire_model).collect(),
        ))
    };
    without_body(&shared, &request, list)
}

async fn get_model(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    if gemini::is_meant(request.headers()) {
        return gemini::model(State(shared), Path(id), request).await;
    }
    without_body(&shared, &request, || {
        Model::named(&id).map(wire_model).ok_or_else(|| {
            ApiError::invalid(format!(
                "The model '{id}' does not exist or you do not have access to it."
            ))
            .param("model")
            .code("model_not_found")
            .status(StatusCode::NOT_FOUND)
        })
    })
}

fn wire_model(model: &Model) -> WireModel {
    WireModel::new(model.name, model.created, "system")
}

async fn no_such_url(State(shared): State<Shared>, request: Request) -> Response {
    let message = format!(
        "Invalid URL ({} {})",
        request.method(),
        request.uri().path()
    );
    without_body::<()>(&shared, &request, || {
        Err(ApiError::invalid(message).status(StatusCode::NOT_FOUND))
    })
}

async fn wrong_method(State(shared): State<Shared>, request: Request) -> Response {
    let message = format!(
        "Not allowed to {} on {} (HINT: Perhaps you meant to use a different HTTP method?)",
        request.method(),
        request.uri().path()
    );
    without_body::<()>(&shared, &request, || {
        Err(ApiError::invalid(message).status(StatusCode::METHOD_NOT_ALLOWED))
    })
}

fn without_body<T: Serialize>(
    shared: &Shared,
    request: &Request,
    answer: impl FnOnce() -> Result<T, ApiError>,
) -> Response {
    kept(shared, request, || answer().map(axum::Json))
}

/// Answers with what is there, whatever form it has.
fn kept<T: IntoResponse>(
    shared: &Shared,
    request: &Request,
    answer: impl FnOnce() -> Result<T, ApiError>,
) -> Response {
    let begun = Instant::now();
    let found = authorised(&shared.app, request.headers()).and_then(|()| answer());
    let head = Head::of(request);
    finish(&shared.app, head, &[], found, begun)
}

/// What the log keeps of a request beside its body.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        }
    }
}

/// What answers a request: the body, and what is to go wrong with it.
trait Work<T>:
    FnOnce(&App, &Map<String, Value>, Option<Fault>) -> Result<Answer<T>, ApiError> + Send + 'static
{
}

impl<T, W> Work<T> for W where
    W: FnOnce(&App, &Map<String, Value>, Option<Fault>) -> Result<Answer<T>, ApiError>
        + Send
        + 'static
{
}

/// Answers a request that meets the next fault.
async fn answer<T: Serialize + Send + 'static>(
    shared: Shared,
    request: Request,
    work: impl Work<T>,
) -> Response {
    answer_meeting(shared, request, |app| app.faults.next(), work).await
}

/// Reads the body, lets `work` answer it on a thread of its own, and logs both.
async fn answer_meeting<T: Serialize + Send + 'static>(
    shared: Shared,
    request: Request,
    fault: fn(&App) -> Option<Fault>,
    work: impl Work<T>,
) -> Response {
    let begun = Instant::now();
    let head = Head::of(&request);
    let mut meets = None;
    let (body, found) = match read(&shared.app, request).await {
        Ok(body) => {
            let found = match authorised(&shared.app, &head.headers) {
                Ok(()) => {
                    meets = fault(&shared.app);
                    let asked = (Words::of(&head), body.clone());
                    met(&shared, asked, meets, work).await
                }
                Err(error) => Err(error),
            };
            (body, found)
        }
        Err(error) => (Bytes::new(), Err(error)),
    };
    let answer = finish(&shared.app, head, &body, found, begun);
    if meets == Some(Fault::Silent) {
        std::future::pending::<()>().await;
    }
    answer
}

/// The answer, or the fault that takes its place.
async fn met<T: Serialize + Send + 'static>(
    shared: &Shared,
    asked: (Words, Bytes),
    fault: Option<Fault>,
    work: impl Work<T>,
) -> Result<Response, ApiError> {
    shared.app.quota.take(asked.1.len())?;
    if let Some(error) = fault.and_then(Fault::refused) {
        return Err(error);
    }
    let found = on_a_thread(shared, asked, work, fault).await?;
    Ok(found.sent(fault))
}

async fn on_a_thread<T: Send + 'static>(
    shared: &Shared,
    (words, body): (Words, Bytes),
    work: impl Work<T>,
    fault: Option<Fault>,
) -> Result<Answer<T>, ApiError> {
    let slot = Arc::clone(&shared.slots).acquire_owned().await;
    let app = Arc::clone(&shared.app);
    let task = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        work(&app, &body::parse(words, &body)?, fault)
    });
    match task.await {
        Ok(found) => found,
        Err(error) => {
            shared.app.note_panic(error.to_string());
            Err(ApiError::server(
                "The server had an error while processing your request. Sorry about that!",
            ))
        }
    }
}

/// Checks the key, if the server asks for one.
fn authorised(app: &App, headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(required) = &app.settings.required_key else {
        return Ok(());
    };
    let sent = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let bearer = sent(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let named = ["x-api-key", "x-goog-api-key"].into_iter();
    let mut named = named.filter_map(|name| sent(HeaderName::from_static(name)));
    let key = bearer.or_else(|| named.next());
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        let message = "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.";
        return Err(ApiError::invalid(message).status(StatusCode::UNAUTHORIZED));
    };
    if key == required {
        return Ok(());
    }
    let message = format!(
        "Incorrect API key provided: {}. You can find your API key at https://platform.openai.com/account/api-keys.",
        masked(key)
    );
    Err(ApiError::invalid(message)
        .code("invalid_api_key")
        .status(StatusCode::UNAUTHORIZED))
}

/// A key with its middle hidden.
fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    if letters.len() < 16 {
        return "*".repeat(letters.len().min(16));
    }
    let (start, end) = (
        letters.iter().take(4),
        letters.iter().skip(letters.len() - 4),
    );
    start
        .copied()
        .chain("****".chars())
        .chain(end.copied())
        .collect()
}

fn finish<T: IntoResponse>(
    app: &App,
    head: Head,
    body: &[u8],
    found: Result<T, ApiError>,
    begun: Instant,
) -> Response {
    let id = app.id("req_");
    let words = Words::of(&head);
    let is_post = head.method == Method::POST;
    let mut response = match found {
        Ok(answer) => answer.into_response(),
        Err(error) => {
            app.counts.refused.fetch_add(1, Ordering::Relaxed);
            words.refusal(error, &id)
        }
    };
    let path = head
        .uri
        .path_and_query()
        .map_or_else(|| head.uri.path().to_owned(), ToString::to_string);
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    // Neither bodies nor keys: a log is read by others than the request was meant for.
    tracing::info!(method = %head.method, path, status, milliseconds = elapsed.as_millis(), "answered");
    app.log.push(ReceivedRequest::new(
        head.method,
        path,
        head.headers,
        body,
        status,
    ));
    let mut named = words.headers(id, elapsed);
    if is_post {
        named.extend(words.rates(app));
    }
    for (name, value) in named {
        if let Ok(value) = HeaderValue::try_from(value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
    response
}
