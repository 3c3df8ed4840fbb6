//! An HTTP client that sees each request of the SDK, and can do something before one, lose its
//! answer or answer itself.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::{RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use futures_util::future::BoxFuture;

/// What happens to one request.
pub enum Act {
    /// First this, then the request.
    Before(BoxFuture<'static, ()>),
    /// It is carried out and its answer lost.
    LoseAnswer,
    /// It is not sent, and answered with this status, these headers and this body.
    Answer(u16, &'static [(&'static str, &'static str)], String),
    /// No answer ever.
    Hang,
}

/// The wire: requests by operation, and what is planned for the next of each.
#[derive(Clone)]
pub struct Wire {
    inner: Option<SharedHttpClient>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    counts: BTreeMap<String, usize>,
    plans: BTreeMap<&'static str, VecDeque<Act>>,
}

impl Wire {
    /// Requests go on to `inner`.
    pub fn over(inner: SharedHttpClient) -> Self {
        Self {
            inner: Some(inner),
            state: Arc::default(),
        }
    }

    /// Every request must be answered by a plan.
    pub fn cut() -> Self {
        Self {
            inner: None,
            state: Arc::default(),
        }
    }

    /// The next unplanned request of this operation meets this.
    pub fn plan(&self, operation: &'static str, act: Act) {
        let mut state = self.state.lock().unwrap();
        state.plans.entry(operation).or_default().push_back(act);
    }

    /// Requests by operation since the last look; a second try counts as one.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.state.lock().unwrap().counts)
    }

    /// As the SDK's client wants it.
    pub fn client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.as_ref();
        SharedHttpConnector::new(Line {
            inner: inner.map(|inner| inner.http_connector(settings, components)),
            wire: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Line {
    inner: Option<SharedHttpConnector>,
    wire: Wire,
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = operation(&request);
        let plan = {
            let mut state = self.wire.state.lock().unwrap();
            *state.counts.entry(operation.clone()).or_default() += 1;
            let plans = state.plans.get_mut(operation.as_str());
            plans.and_then(VecDeque::pop_front)
        };
        let inner = self.inner.clone();
        let on = async move |request| match inner {
            Some(inner) => inner.call(request).await,
            None => panic!("no plan for {operation}"),
        };
        HttpConnectorFuture::new(async move {
            match plan {
                None => on(request).await,
                Some(Act::Before(first)) => {
                    first.await;
                    on(request).await
                }
                Some(Act::LoseAnswer) => {
                    on(request).await?;
                    Err(ConnectorError::io("the answer was lost".into()))
                }
                Some(Act::Answer(status, headers, body)) => Ok(answer(status, headers, body)),
                Some(Act::Hang) => std::future::pending().await,
            }
        })
    }
}

/// DynamoDB's requests name it in a header, the management API's by their method. A read that
/// may be stale is another operation.
fn operation(request: &HttpRequest) -> String {
    let Some(target) = request.headers().get("x-amz-target") else {
        return request.method().to_owned();
    };
    let operation = target.rsplit('.').next().unwrap_or_default();
    let body = request.body().bytes().unwrap_or_default();
    let consistent = String::from_utf8_lossy(body).contains(r#""ConsistentRead":true"#);
    match operation {
        "GetItem" | "BatchGetItem" | "Query" if !consistent => format!("{operation}, stale"),
        _ => operation.to_owned(),
    }
}

fn answer(status: u16, headers: &'static [(&str, &str)], body: String) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), body.into());
    for (name, value) in headers {
        response.headers_mut().insert(*name, *value);
    }
    response
}
