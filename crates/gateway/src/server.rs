//! The listening socket: connections in, each bounded, and an orderly end.

pub(crate) mod addresses;

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::addresses::Addresses;
use crate::{
    api, error::ConfigError, gateway::Gateway, head::Recorded, origin::OriginRules, peer::Peer,
    queue::poller, site::Site,
};

/// Names that the gateway's own endpoints need at the root.
const RESERVED: [&str; 3] = ["health", "queue", "ticket"];

/// A gateway with its listening socket, ready to serve.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    gateway: Gateway,
    router: Router,
}

impl Server {
    /// Binds `address` for `gateway`; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// If the stage's name, the app's folder or the address cannot be used.
    pub async fn bind(address: SocketAddr, gateway: Gateway) -> Result<Self, ConfigError> {
        let stage = &gateway.config.stage;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if stage.is_empty() || !stage.bytes().all(valid) || RESERVED.contains(&stage.as_str()) {
            return Err(ConfigError::Stage(stage.clone()));
        }
        let app = gateway.config.app.as_deref();
        let site = app
            .map(|app| Site::open(app, &gateway.config))
            .transpose()?;
        let failed = |error| ConfigError::Listen(address, error);
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let origins = OriginRules {
            allowed: gateway.config.allowed_origins.clone(),
            loopback: address.ip().is_loopback(),
        };
        Ok(Self {
            router: api::router(gateway.clone(), site, origins),
            listener,
            address,
            gateway,
        })
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`, then ends in order: no new connection or message, functions at
    /// work and the queue finish, every socket is closed with 1001 and its `$disconnect` run.
    /// Each of these steps is given [`crate::Limits::shutdown_grace`].
    pub async fn serve(self, stop: CancellationToken) {
        let Self {
            listener,
            gateway,
            router,
            ..
        } = self;
        let poller = tokio::spawn(poller::run(gateway.clone()));
        let requests = TaskTracker::new();
        let addresses = Addresses::new(gateway.config.limits.connections_per_address);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match accepted {
                Ok((stream, address)) => {
                    let connection = connection(&gateway, &router, &addresses, stream, address);
                    if let Some(connection) = connection {
                        requests.spawn(connection);
                    }
                }
                Err(error) => {
                    // Out of file descriptors, mostly: some will be closed soon.
                    tracing::error!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        stop_in_order(&gateway, &requests, poller).await;
    }
}

async fn stop_in_order(
    gateway: &Gateway,
    requests: &TaskTracker,
    poller: tokio::task::JoinHandle<()>,
) {
    let grace = gateway.config.limits.shutdown_grace;
    tracing::info!(connections = gateway.connections.count(), "stopping");
    gateway.draining.cancel();
    requests.close();
    gateway.invocations.close();
    gateway.sessions.close();
    let work = async {
        let _ = poller.await;
        gateway.invocations.wait().await;
    };
    // The poller bounds itself by the same grace and then saves what is left: let it.
    if tokio::time::timeout(grace + Duration::from_secs(1), work)
        .await
        .is_err()
    {
        tracing::warn!("functions were still at work when their time of grace ended");
    }
    gateway.closing.cancel();
    if tokio::time::timeout(grace, gateway.sessions.wait())
        .await
        .is_err()
    {
        tracing::warn!("connections were still open when their time of grace ended");
    }
    let _ = tokio::time::timeout(grace, requests.wait()).await;
    tracing::info!("stopped");
}

/// The task of one TCP connection; `None` if the address has too many already, in which case
/// it is told so on the way out.
fn connection(
    gateway: &Gateway,
    router: &Router,
    addresses: &Addresses,
    stream: TcpStream,
    address: SocketAddr,
) -> Option<impl Future<Output = ()> + Send + 'static> {
    let Some(permit) = addresses.admit(address.ip().to_canonical()) else {
        tracing::warn!(%address, "too many connections from this address");
        tokio::spawn(refuse(stream));
        return None;
    };
    let local = stream.local_addr().ok()?;
    // Small messages must not wait for more of their kind.
    let _ = stream.set_nodelay(true);
    let recorded = Recorded::new(stream);
    let head = recorded.head();
    let router = router.clone();
    let peer = Peer {
        address,
        local,
        permit,
    };
    let service = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(peer.clone());
        request.extensions_mut().insert(head.clone());
        router.clone().oneshot(request)
    });
    let limits = &gateway.config.limits;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read_timeout)
        .max_buf_size(limits.head_bytes.max(8192))
        .serve_connection(TokioIo::new(recorded), service)
        .with_upgrades();
    let draining = gateway.draining.clone();
    Some(async move {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = draining.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%address, %error, "an HTTP connection failed");
        }
    })
}

/// Says 429 and hangs up, reading for a moment so that the answer is not lost to a reset.
async fn refuse(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n\
        content-length: 31\r\nconnection: close\r\n\r\n{\"message\":\"Too Many Requests\"}";
    let said = async {
        stream.write_all(ANSWER).await?;
        stream.shutdown().await?;
        let mut rest = [0; 512];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), said).await;
}
