//! `/metrics` for Prometheus, `/healthz` and `/readyz` for whoever watches.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::App;

/// Buckets of durations in seconds: from a read in memory to a request given up.
const SECONDS: [f64; 12] = [
    0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Starts to collect figures.
///
/// # Errors
/// When something else collects them already.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new()
        .set_buckets(&SECONDS)?
        .install_recorder()?)
}

#[derive(Clone)]
struct Watched {
    app: App,
    figures: PrometheusHandle,
}

/// The endpoints of whoever watches.
pub fn routes(app: &App, figures: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(Watched {
            app: app.clone(),
            figures,
        })
}

async fn show(State(watched): State<Watched>) -> Response {
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4");
    ([kind], watched.figures.render()).into_response()
}

/// Ready when commands are taken and the database answers.
async fn ready(State(watched): State<Watched>) -> Response {
    if !watched.app.kit.executor.is_alive() {
        tracing::error!("not ready: commands are not taken");
        return (StatusCode::SERVICE_UNAVAILABLE, "commands are not taken\n").into_response();
    }
    match watched.app.kit.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}
