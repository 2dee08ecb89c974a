//! `yici serve`: the whole product on one address.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Router, extract::Request, middleware, middleware::Next, response::Response,
    serve::ListenerExt as _,
};
use httpkit::layer;
use identity::ClientAddress;
use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{App, anchors, assets, keys::Keys, metrics};

/// How long running requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often the hold on the node number is renewed.
const RENEW: Duration = Duration::from_secs(10);
/// How often the catalogue looks for what another program has loaded.
const REFRESH: Duration = Duration::from_secs(5);

/// What runs beside the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// Answers requests.
    pub requests: bool,
    /// Works on jobs.
    pub jobs: bool,
}

/// Every endpoint, wrapped.
pub fn router(app: &App, figures: PrometheusHandle) -> Router {
    let (api, _) = app.api();
    let all = api
        .merge(metrics::routes(app, figures))
        .merge(assets::routes());
    layer::wrap(all, &app.kit).layer(middleware::from_fn(client_address))
}

/// Tells sign-in the address a request comes from.
async fn client_address(mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<axum::extract::ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    if let Some(address) = peer {
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// What runs until the program is told to stop.
pub struct Running {
    /// Live pages end first: a connection that streams would otherwise never be idle.
    closing: watch::Sender<bool>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    app: App,
}

impl Running {
    /// Starts what runs beside the requests.
    ///
    /// `anchors` is the folder of the audit log's anchors.
    pub fn start(app: &App, keys: &Keys, anchors: &Path, duties: Duties) -> Self {
        let (closing, closed) = watch::channel(false);
        let (stop, stopped) = watch::channel(false);
        let clock: Arc<dyn Clock> = Arc::clone(&app.kit.clock);
        let store = app.kit.store.clone();
        let file = anchors::file_of(anchors, app.node.slot);
        let mut tasks = vec![
            tokio::spawn(anchors::keep(
                store.clone(),
                Arc::clone(&keys.signing),
                Arc::clone(&clock),
                file,
                stopped.clone(),
            )),
            tokio::spawn(hold(app.clone(), stopped.clone())),
        ];
        if duties.requests {
            tasks.push(tokio::spawn(insight::serve_live(
                app.insight.clone(),
                closed,
            )));
        }
        if duties.jobs {
            tasks.push(tokio::spawn(insight::follow(
                app.insight.clone(),
                stopped.clone(),
            )));
            let handlers = app.handlers();
            tasks.push(tokio::spawn(store::jobs::serve(
                store, handlers, clock, stopped,
            )));
        }
        Self {
            closing,
            stop,
            tasks,
            app: app.clone(),
        }
    }

    /// Stops everything and waits for it.
    pub async fn end(self) {
        self.closing.send_replace(true);
        self.stop.send_replace(true);
        for task in self.tasks {
            if tokio::time::timeout(GRACE, task).await.is_err() {
                tracing::warn!("something did not stop in time");
            }
        }
        if let Err(error) = self.app.kit.store.leave(self.app.node).await {
            tracing::warn!(%error, "the node number could not be given back");
        }
    }
}

/// Renews the hold on the node number and looks for what other programs have loaded.
async fn hold(app: App, mut stop: watch::Receiver<bool>) {
    let mut since_renewal = Duration::ZERO;
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(REFRESH) => since_renewal += REFRESH,
        }
        if let Err(error) = app.catalog.refresh().await {
            tracing::warn!(?error, "the catalogue could not be read again");
        }
        if since_renewal >= RENEW {
            since_renewal = Duration::ZERO;
            match app.kit.store.renew(app.node, app.kit.clock.now()).await {
                Ok(true) => {}
                Ok(false) => tracing::error!("another program has this node number"),
                Err(error) => tracing::warn!(%error, "the node number could not be renewed"),
            }
        }
    }
}

/// Answers requests until the program is told to stop; then those that run may end, but not for
/// ever.
///
/// # Errors
/// When the address is taken.
pub async fn listen(
    running: &Running,
    figures: PrometheusHandle,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("{address} is taken, or may not be used: choose another with --listen")
    })?;
    ready(listener.local_addr()?);
    let service = router(&running.app, figures).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let (closing, mut closed) = (running.closing.clone(), running.closing.subscribe());
    let told = async move {
        told_to_stop().await;
        closing.send_replace(true);
    };
    let patience = async move {
        drop(closed.wait_for(|closed| *closed).await);
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = axum::serve(listener, service).with_graceful_shutdown(told) => ended?,
        () = patience => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}

/// Waits for the signal to stop.
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            drop(interrupt.await);
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
