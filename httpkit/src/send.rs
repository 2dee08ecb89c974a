//! A file on its way to a reader: it leaves memory when he has it, or takes too long; and the name
//! under which he keeps it.
//!
//! A server that waits for its reader does not ask for the rest; so the rest is offered by a task of
//! its own, which looks at the time. A reader who got too little sees it by the length.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, header},
};
use futures_util::stream;
use tokio::{sync::mpsc, time::timeout};

use crate::{Patience, Place};

/// Bytes offered at once.
const PIECE_BYTES: usize = 64 * 1024;

/// The body of an answer; the place in memory is held as long as the content is there.
pub fn body(content: Bytes, place: Place, patience: Patience) -> Body {
    let (sender, receiver) = mpsc::channel::<Bytes>(1);
    tokio::spawn(async move {
        // Who goes away gets no more, and who is too slow.
        if timeout(patience.whole, offer(&content, &sender, patience.piece))
            .await
            .is_err()
        {
            tracing::debug!("a file was taken too slowly");
        }
        drop(place);
    });
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((Ok::<_, io::Error>(piece), receiver))
    });
    Body::from_stream(pieces)
}

async fn offer(content: &[u8], sender: &mpsc::Sender<Bytes>, patience: Duration) {
    for piece in content.chunks(PIECE_BYTES) {
        // A copy: a piece that lingers in a socket must not keep the whole.
        let sent = timeout(patience, sender.send(Bytes::copy_from_slice(piece))).await;
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

/// A file that a browser keeps under a name, and nobody on the way keeps at all.
pub fn download(body: Body, kind: &'static str, name: &str) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (header, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(header, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The name under which a browser keeps a file (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| {
        let digit = HEX.get(usize::from(value & 15));
        char::from(digit.copied().unwrap_or(b'0'))
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if name.bytes().all(plain) {
        return format!("attachment; filename=\"{name}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Places;
    use futures_util::StreamExt as _;

    fn content() -> Bytes {
        (0..300_000_u32)
            .map(|n| u8::try_from(n % 251).unwrap_or(0))
            .collect()
    }

    async fn read(body: Body) -> Vec<u8> {
        let pieces = body.into_data_stream().map(|piece| piece.unwrap().to_vec());
        pieces.collect::<Vec<_>>().await.concat()
    }

    #[tokio::test]
    async fn a_file_arrives_whole_and_then_its_place_is_free() {
        let places = Places::new(1, 1, 5);
        let place = places.take("ann", 1).await.unwrap();
        assert_eq!(
            read(body(content(), place, Patience::DOWNLOAD)).await,
            content()
        );
        places.take("ann", 1).await.unwrap();
    }

    #[tokio::test]
    async fn who_reads_too_slowly_or_goes_away_holds_no_memory() {
        let places = Places::new(1, 1, 5);
        let hour = Duration::from_hours(1);
        for (piece, whole) in [(Duration::ZERO, hour), (hour, Duration::ZERO)] {
            let place = places.take("ann", 1).await.unwrap();
            let unread = body(content(), place, Patience { piece, whole });
            places.take("ann", 1).await.unwrap();
            assert!(read(unread).await.len() < content().len());
        }
        let place = places.take("ann", 1).await.unwrap();
        drop(body(
            content(),
            place,
            Patience {
                piece: hour,
                whole: hour,
            },
        ));
        places.take("ann", 1).await.unwrap();
    }

    #[test]
    fn a_name_is_kept_in_any_language() {
        let simple = "attachment; filename=\"cases-1.xlsx\"";
        assert_eq!(disposition("cases-1.xlsx"), simple);
        assert_eq!(
            disposition("名册 1.xlsx"),
            "attachment; filename*=UTF-8''%E5%90%8D%E5%86%8C%201.xlsx"
        );
    }
}
