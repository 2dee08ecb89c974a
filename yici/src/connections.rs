//! Connections: only so many at once, and only as long as something comes.
//!
//! Without this, whoever opens connections and sends nothing would take all that the system gives.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use kernel::limits;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower::Service as _;

/// How long nothing is accepted after the system could not give a connection.
const BREATH: Duration = Duration::from_secs(1);

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How many there are at once; others wait until one ends.
    pub at_once: u32,
    /// How long the head of a request may take, from the end of the one before.
    pub head: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_once: limits::CONNECTIONS_MAX,
            head: Duration::from_secs(limits::REQUEST_HEAD_SECONDS_MAX),
        }
    }
}

/// Answers requests until `closed` says so, and then those that run.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut closed: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(usize::try_from(limits.at_once).unwrap_or(1)));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = told(&mut closed) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let answered = answer(stream, peer, router.clone(), limits.head, closed.clone());
                tokio::spawn(async move {
                    answered.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    // Whoever gets all places knows that all connections have ended.
    drop(places.acquire_many(limits.at_once).await);
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    mut closed: watch::Receiver<bool>,
) {
    drop(stream.set_nodelay(true));
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut router = router.clone();
        router.call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut closed) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Waits until the server closes. The value read is not held: it locks.
async fn told(closed: &mut watch::Receiver<bool>) {
    drop(closed.wait_for(|closed| *closed).await);
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const HEAD: &str = "GET / HTTP/1.1\r\nHost: a\r\n";

    /// A server with these limits, and how it is told to end.
    async fn started(
        limits: Limits,
    ) -> (SocketAddr, watch::Sender<bool>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let whence =
            |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
        let router = Router::new().route("/", get(whence));
        let (close, closed) = watch::channel(false);
        (
            address,
            close,
            tokio::spawn(serve(listener, router, limits, closed)),
        )
    }

    async fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn who_sends_no_whole_head_makes_room_for_others() {
        let limits = Limits {
            at_once: 1,
            head: Duration::from_millis(20),
        };
        let (address, close, server) = started(limits).await;
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(HEAD.as_bytes()).await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other
            .write_all(format!("{HEAD}\r\n").as_bytes())
            .await
            .unwrap();
        let answer = rest(other).await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"),
            "{answer}"
        );
        assert!(!rest(slow).await.contains("200 OK"));
        close.send_replace(true);
        server.await.unwrap();
    }

    #[tokio::test]
    async fn connections_that_rest_do_not_hold_up_the_end() {
        let (address, close, server) = started(Limits::default()).await;
        let mut resting = TcpStream::connect(address).await.unwrap();
        resting
            .write_all(format!("{HEAD}\r\n").as_bytes())
            .await
            .unwrap();
        let mut first = [0; 12];
        resting.read_exact(&mut first).await.unwrap();
        close.send_replace(true);
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
