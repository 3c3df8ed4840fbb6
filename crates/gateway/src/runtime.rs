//! Functions as real programs, driven as Lambda drives them: `--functions DIR`.
//!
//! Each program is asked for by name, started when it is first needed, and handed one event at a time;
//! what comes while all its environments are busy starts another. What is deployed is then what runs
//! here, with its start, its log, its limits and its crashes.

mod environment;
mod http;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::Semaphore;

use self::environment::Environment;
use crate::{
    clock::Clock,
    demo_login::{self, DEMO_LOGIN},
    error::ConfigError,
    functions::{FunctionError, Functions},
    ids,
    queue::poller::PUBLISHER,
};

/// The function behind every route.
pub(crate) const ROUTES: &str = "routes";
/// The function that redeems tickets.
pub(crate) const AUTHORIZER: &str = "authorizer";
/// The function behind `POST /ticket`.
pub(crate) const TICKETS: &str = "tickets";

/// How programs are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuntimeLimits {
    /// Time after which an invocation is given up and its environment ended.
    pub timeout: Duration,
    /// Most environments of one function; more invocations wait.
    pub environments: usize,
}

impl Default for RuntimeLimits {
    fn default() -> Self {
        Self {
            // As the template says; the gateway itself stops waiting after 29 s.
            timeout: Duration::from_secs(30),
            environments: 32,
        }
    }
}

/// Where a gateway listens, as its programs are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// `CALLBACK_URL`: before `/@connections/{id}`.
    pub callback_url: String,
    /// `QUEUE_URL`, which is also where SQS is.
    pub queue_url: String,
}

impl Addresses {
    /// Those of a gateway that listens here.
    #[must_use]
    pub fn of(address: SocketAddr, stage: &str, queue: &str) -> Self {
        Self {
            callback_url: format!("http://{address}/{stage}"),
            queue_url: format!("http://{address}/queue/{queue}"),
        }
    }
}

/// The programs of a folder.
pub struct RuntimeFunctions {
    functions: BTreeMap<&'static str, Arc<Function>>,
}

/// One program and its environments.
struct Function {
    name: &'static str,
    program: PathBuf,
    limits: RuntimeLimits,
    clock: Clock,
    addresses: Arc<OnceLock<Addresses>>,
    /// Those that wait for an event; the last to have waited is the first to get one.
    idle: Mutex<Vec<Environment>>,
    free: Arc<Semaphore>,
}

impl RuntimeFunctions {
    /// The programs in `folder`: `routes` and, where they are there, `publisher`, `authorizer` and
    /// `tickets`, each as a file of that name or as `bootstrap` in a folder of that name.
    ///
    /// They run in this process's environment and Lambda's variables. `addresses` become known
    /// when the gateway listens, before anything is invoked.
    ///
    /// # Errors
    ///
    /// If there is no `routes`.
    pub fn in_folder(
        folder: &Path,
        limits: RuntimeLimits,
        clock: Clock,
        addresses: Arc<OnceLock<Addresses>>,
    ) -> Result<Self, ConfigError> {
        let find = |name: &'static str| {
            let packaged = folder.join(name).join("bootstrap");
            let program = [packaged, folder.join(name)]
                .into_iter()
                .find(|program| program.is_file())?;
            let function = Function {
                name,
                program,
                limits,
                clock: clock.clone(),
                addresses: Arc::clone(&addresses),
                idle: Mutex::default(),
                free: Arc::new(Semaphore::new(limits.environments.max(1))),
            };
            Some((name, Arc::new(function)))
        };
        let names = [ROUTES, PUBLISHER, AUTHORIZER, TICKETS];
        let functions: BTreeMap<_, _> = names.into_iter().filter_map(find).collect();
        match functions.contains_key(ROUTES) {
            true => Ok(Self { functions }),
            false => Err(ConfigError::Functions(folder.to_owned())),
        }
    }

    /// Whether people can be known by tickets: both functions are there.
    #[must_use]
    pub fn has_tickets(&self) -> bool {
        [AUTHORIZER, TICKETS]
            .iter()
            .all(|name| self.functions.contains_key(name))
    }
}

impl Functions for RuntimeFunctions {
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> BoxFuture<'static, Result<Value, FunctionError>> {
        if function == DEMO_LOGIN {
            return Box::pin(async move { demo_login::invoke(event) });
        }
        let found = self.functions.get(function).cloned();
        let name = function.to_owned();
        Box::pin(async move {
            match found {
                Some(function) => function.invoke(event).await,
                None => Err(FunctionError::new(
                    "ResourceNotFoundException",
                    format!("there is no program {name}"),
                )),
            }
        })
    }
}

impl Function {
    async fn invoke(self: Arc<Self>, event: Value) -> Result<Value, FunctionError> {
        // Never closed, so always got.
        let _place = Arc::clone(&self.free).acquire_owned().await;
        let waiting = self.idle().pop();
        let mut environment = match waiting {
            Some(environment) => environment,
            None => {
                tracing::info!(function = self.name, "cold start");
                Environment::start(self.name, &self.program, self.addresses.get())
                    .await
                    .map_err(|error| {
                        FunctionError::new("Runtime.InvalidEntrypoint", error.to_string())
                    })?
            }
        };
        let request = ids::uuid();
        let limit = self.limits.timeout;
        let deadline = self.clock.now_ms() + crate::clock::millis(limit);
        tokio::select! {
            answer = environment.invoke(request.clone(), deadline, event) => match answer {
                Ok(answer) => {
                    self.idle().push(environment);
                    answer
                }
                // It is gone; what it had left undone stays so.
                Err(exited) => Err(exited),
            },
            () = self.clock.sleep(limit) => {
                tracing::warn!(function = self.name, request, "timed out");
                let seconds = limit.as_secs_f64();
                Err(FunctionError::new(
                    "Sandbox.Timedout",
                    format!("RequestId: {request} Error: Task timed out after {seconds:.2} seconds"),
                ))
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
