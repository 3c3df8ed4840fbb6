//! The Runtime API (2018-06-01) as one environment sees it: next, response, error, init error.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, Request, Response, StatusCode},
};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};

use super::environment::{Answer, Invocation};
use crate::functions::FunctionError;

/// Largest answer of a function (Lambda's 6 MB).
const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024;
const BASE: &str = "/2018-06-01/runtime/";

/// What the program's connections share: it may open one for each request.
struct Api {
    events: tokio::sync::Mutex<mpsc::Receiver<Invocation>>,
    /// Events it has been given, by request id.
    open: Mutex<HashMap<String, oneshot::Sender<Answer>>>,
    fail: mpsc::Sender<FunctionError>,
    ready: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

/// Serves one program until it is aborted. `ready` is called when it first asks for an event.
pub(super) async fn serve(
    listener: TcpListener,
    events: mpsc::Receiver<Invocation>,
    fail: mpsc::Sender<FunctionError>,
    ready: impl FnOnce() + Send + 'static,
) {
    let api = Arc::new(Api {
        events: tokio::sync::Mutex::new(events),
        open: Mutex::default(),
        fail,
        ready: Mutex::new(Some(Box::new(ready))),
    });
    // With them end all connections of the program.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let api = Arc::clone(&api);
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let api = Arc::clone(&api);
                async move { Ok::<_, Infallible>(api.answer(request).await) }
            });
            let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            if let Err(error) = served.await {
                tracing::debug!(%error, "a program's connection failed");
            }
        });
    }
}

impl Api {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let Some(path) = path.strip_prefix(BASE) else {
            return status(StatusCode::NOT_FOUND);
        };
        let parts: Vec<&str> = path.split('/').collect();
        match (request.method(), parts.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["invocation", id, "response"]) => {
                let body = body(request).await.and_then(|body| {
                    let body = if body.is_empty() { b"null" } else { &body[..] };
                    serde_json::from_slice(body).map_err(|error| {
                        FunctionError::new("Runtime.InvalidResponse", error.to_string())
                    })
                });
                self.settle(id, body)
            }
            (&Method::POST, ["invocation", id, "error"]) => {
                let error = error(body(request).await);
                self.settle(id, Err(error))
            }
            (&Method::POST, ["init", "error"]) => {
                let _ = self.fail.try_send(error(body(request).await));
                status(StatusCode::ACCEPTED)
            }
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    /// The next event, however long it takes to come.
    async fn next(&self) -> Response<Body> {
        let ready = self
            .ready
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(ready) = ready {
            ready();
        }
        let Some(invocation) = self.events.lock().await.recv().await else {
            return status(StatusCode::GONE);
        };
        let Invocation {
            request,
            deadline,
            event,
            answer,
        } = invocation;
        let mut response = Response::new(Body::from(event));
        for (name, value) in [
            ("lambda-runtime-aws-request-id", request.as_str()),
            ("lambda-runtime-deadline-ms", &deadline.to_string()),
            (
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:000000000000:function:local",
            ),
            ("content-type", "application/json"),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        }
        self.open().insert(request, answer);
        response
    }

    fn settle(&self, id: &str, answer: Answer) -> Response<Body> {
        match self.open().remove(id) {
            Some(waiting) => {
                let _ = waiting.send(answer);
                status(StatusCode::ACCEPTED)
            }
            None => status(StatusCode::BAD_REQUEST),
        }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Answer>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

async fn body(request: Request<Incoming>) -> Result<Bytes, FunctionError> {
    let body = Limited::new(request.into_body(), MAX_ANSWER_BYTES).collect();
    match body.await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) => Err(FunctionError::new(
            "Function.ResponseSizeTooLarge",
            error.to_string(),
        )),
    }
}

/// `{"errorType", "errorMessage"}`, each of which a program may leave out.
fn error(body: Result<Bytes, FunctionError>) -> FunctionError {
    let body = match body {
        Ok(body) => body,
        Err(error) => return error,
    };
    let error: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    FunctionError::new(text("errorType"), text("errorMessage"))
}
