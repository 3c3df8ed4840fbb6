//! One execution environment: a running program and the Runtime API that it alone talks to.

use std::{io, path::Path, process::Stdio, time::Instant};

use serde_json::Value;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{mpsc, oneshot},
    task::AbortHandle,
};

use super::{Addresses, http};
use crate::functions::FunctionError;

/// An event on its way to the program.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) request: String,
    /// ms since the Unix epoch.
    pub(super) deadline: u64,
    pub(super) event: String,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// What a function answers to an event.
pub(super) type Answer = Result<Value, FunctionError>;

/// Ends with this value.
#[derive(Debug)]
pub(super) struct Environment {
    child: Child,
    events: mpsc::Sender<Invocation>,
    /// What it says of a start that failed.
    failed_start: mpsc::Receiver<FunctionError>,
    api: AbortHandle,
}

impl Environment {
    /// Starts the program; it asks for its first event when it is ready.
    pub(super) async fn start(
        name: &str,
        program: &Path,
        addresses: Option<&Addresses>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (events, to_come) = mpsc::channel(1);
        let (fail, failed_start) = mpsc::channel(1);
        let started = Instant::now();
        let name_of_log = name.to_owned();
        let ready = move || {
            let init_ms = started.elapsed().as_millis();
            tracing::info!(function = name_of_log, init_ms, "ready");
        };
        let api = tokio::spawn(http::serve(listener, to_come, fail, ready)).abort_handle();
        let given = |name: &str| std::env::var_os(name).is_some();
        let mut command = Command::new(program);
        command
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("_HANDLER", "bootstrap")
            .stdin(Stdio::null())
            // Standard output is where the gateway says its address.
            .stdout(io::stderr())
            .kill_on_drop(true);
        if let Some(addresses) = addresses {
            command
                .env("CALLBACK_URL", &addresses.callback_url)
                .env("QUEUE_URL", &addresses.queue_url)
                .env("AWS_ENDPOINT_URL_SQS", &addresses.queue_url);
        }
        for (variable, value) in [
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ] {
            if !given(variable) {
                command.env(variable, value);
            }
        }
        Ok(Self {
            child: command.spawn().inspect_err(|_| api.abort())?,
            events,
            failed_start,
            api,
        })
    }

    /// Hands out an event and waits for its answer.
    ///
    /// # Errors
    /// That the program has ended instead: it must not be used again.
    pub(super) async fn invoke(
        &mut self,
        request: String,
        deadline: u64,
        event: Value,
    ) -> Result<Answer, FunctionError> {
        let (answer, answered) = oneshot::channel();
        let invocation = Invocation {
            request: request.clone(),
            deadline,
            event: event.to_string(),
            answer,
        };
        // Fails if the program is gone, which the wait below finds too.
        let _ = self.events.try_send(invocation);
        tokio::select! {
            biased;
            Ok(answer) = answered => Ok(answer),
            Some(error) = self.failed_start.recv() => Err(error),
            ended = self.child.wait() => {
                let status = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(FunctionError::new(
                    "Runtime.ExitError",
                    format!("RequestId: {request} Error: Runtime exited with error: {status}"),
                ))
            }
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.api.abort();
    }
}
