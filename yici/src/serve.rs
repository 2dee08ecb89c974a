//! `yici serve`: the whole product on one address.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{Arc, Once},
    time::Duration,
};

use anyhow::Context as _;
use axum::{
    Router,
    extract::{Request, State},
    http::HeaderMap,
    middleware,
    middleware::Next,
    response::Response,
};
use catalog::Catalog;
use httpkit::layer;
use identity::ClientAddress;
use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    App, anchors, assets,
    connections::{self, Limits},
    errors,
    keys::Keys,
    metrics,
};

/// How long running requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often the hold on the node number is renewed.
const RENEW: Duration = Duration::from_secs(10);
/// How often the catalogue looks for what another program has loaded.
const REFRESH: Duration = Duration::from_secs(5);

/// How often answers that no repetition gets any more, and sessions that have ended, are deleted.
const SWEEP: Duration = Duration::from_hours(1);

/// What runs beside the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// Answers requests.
    pub requests: bool,
    /// Works on jobs.
    pub jobs: bool,
}

/// Every endpoint, wrapped.
pub fn router(app: &App, figures: PrometheusHandle, proxies: &Proxies) -> Router {
    let (api, _) = app.api();
    let all = api
        .merge(metrics::routes(app, figures))
        .merge(errors::routes())
        .merge(app.guide_pages(assets::guide_style()))
        .merge(assets::routes());
    let address = middleware::from_fn_with_state(proxies.clone(), client_address);
    layer::wrap(all, &app.kit).layer(address)
}

/// The proxies whose word on the address of a client is taken.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Arc<[IpAddr]>);

impl Proxies {
    /// Says once that somebody who is not named passes requests on: if it is a proxy of ours, all
    /// clients look like one.
    fn warn_of_stranger(&self, peer: IpAddr, headers: &HeaderMap) {
        static SAID: Once = Once::new();
        if !self.0.contains(&peer) && headers.contains_key("x-forwarded-for") {
            SAID.call_once(|| {
                tracing::warn!(
                    "X-Forwarded-For comes from a peer that --trusted-proxy does not name"
                );
            });
        }
    }

    /// The address a request comes from: the last one in `X-Forwarded-For` that is no proxy of
    /// ours; those before it are the client's own words.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.0.contains(&peer) {
            return peer;
        }
        let told: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        told.iter()
            .rev()
            .map_while(|text| text.trim().parse().ok())
            .find(|address| !self.0.contains(address))
            .unwrap_or(peer)
    }
}

/// Tells sign-in the address a request comes from.
async fn client_address(
    State(proxies): State<Proxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<axum::extract::ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    if let Some(peer) = peer {
        proxies.warn_of_stranger(peer, request.headers());
        let address = proxies.client(peer, request.headers());
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

/// Makes the index of the search before somebody waits for it.
async fn prepare_search(catalog: Catalog) {
    if let Err(error) = catalog.prepare_search().await {
        tracing::warn!(
            ?error,
            "the search has no index yet; the first question makes it"
        );
    }
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
            tasks.push(tokio::spawn(prepare_search(app.catalog.clone())));
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
    let mut since_sweep = SWEEP;
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(REFRESH) => {
                since_renewal += REFRESH;
                since_sweep += REFRESH;
            }
        }
        if since_sweep >= SWEEP {
            since_sweep = Duration::ZERO;
            if let Err(error) = app.kit.store.sweep(app.kit.clock.now()).await {
                tracing::warn!(%error, "answers kept too long could not be deleted");
            }
            if let Err(error) = identity::sweep_sessions(&app.identity).await {
                tracing::warn!(
                    ?error,
                    "sessions of people who never came back could not be deleted"
                );
            }
            if let Err(error) = identity::sweep_failures(&app.identity).await {
                tracing::warn!(?error, "old failures to sign in could not be deleted");
            }
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
    proxies: &Proxies,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("{address} is taken, or may not be used: choose another with --listen")
    })?;
    ready(listener.local_addr()?);
    let router = router(&running.app, figures, proxies);
    let (closing, mut closed) = (running.closing.clone(), running.closing.subscribe());
    let served = connections::serve(listener, router, Limits::default(), closed.clone());
    let told = async move {
        told_to_stop().await;
        closing.send_replace(true);
    };
    tokio::spawn(told);
    let patience = async move {
        drop(closed.wait_for(|closed| *closed).await);
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = served => {}
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

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::http::HeaderMap;

    use super::Proxies;

    fn client(proxies: &[IpAddr], peer: [u8; 4], told: &'static str) -> String {
        let headers =
            HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), told.parse().unwrap())]);
        let peer = IpAddr::V4(Ipv4Addr::from(peer));
        Proxies(proxies.into()).client(peer, &headers).to_string()
    }

    #[test]
    fn only_a_known_proxy_is_believed_and_only_its_own_word() {
        let proxy = [IpAddr::V4(Ipv4Addr::LOCALHOST)];
        assert_eq!(client(&[], [127, 0, 0, 1], "203.0.113.9"), "127.0.0.1");
        assert_eq!(
            client(&proxy, [198, 51, 100, 4], "203.0.113.9"),
            "198.51.100.4"
        );
        assert_eq!(client(&proxy, [127, 0, 0, 1], "203.0.113.9"), "203.0.113.9");
        assert_eq!(
            client(&proxy, [127, 0, 0, 1], "1.1.1.1, 203.0.113.9, 127.0.0.1"),
            "203.0.113.9"
        );
        assert_eq!(
            client(&proxy, [127, 0, 0, 1], "203.0.113.9, nonsense"),
            "127.0.0.1"
        );
    }
}
