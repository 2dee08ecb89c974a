//! Files as they arrive: read piece by piece, within a size and a time.

use std::time::Duration;

use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use kernel::{AppError, Refusal, codes, limits};
use tokio::time::timeout;

use crate::Patience;

/// A file as it was sent.
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Upload {
    /// What makes it the same upload; the bytes around it differ each time they are sent.
    pub fn digest(&self, slot: &str) -> Vec<u8> {
        let name = seal::sm3(self.name.as_bytes());
        let content = seal::sm3(&self.content);
        [slot.as_bytes(), &name, &content].concat()
    }
}

/// Reads a file of at most so many bytes out of a multipart body.
///
/// # Errors
/// `E1004` when it is none, `E1003` when it is too large, `E1016` when it comes too slowly, `E1002`
/// when there is no file in it or it is cut.
pub async fn receive(
    multipart: Result<Multipart, MultipartRejection>,
    patience: Patience,
    most: usize,
) -> Result<Upload, AppError> {
    let multipart = multipart.map_err(|_| no_multipart())?;
    timeout(patience.whole, read_body(multipart, patience.piece, most))
        .await
        .map_err(|_| halted())?
}

async fn read_body(
    mut multipart: Multipart,
    patience: Duration,
    most: usize,
) -> Result<Upload, AppError> {
    let mut upload = None;
    let fault = |fault| too_large(&fault, most).unwrap_or_else(no_multipart);
    loop {
        let next = timeout(patience, multipart.next_field()).await;
        let Some(field) = next.map_err(|_| halted())?.map_err(fault)? else {
            break;
        };
        if field.name() == Some("file") {
            upload = Some(read(field, patience, most).await?);
        }
    }
    let missing = || Refusal::fields(Vec::new()).field("/file", &codes::E1020);
    upload.ok_or_else(|| missing().into())
}

async fn read(mut field: Field<'_>, patience: Duration, most: usize) -> Result<Upload, AppError> {
    let name: String = field
        .file_name()
        .unwrap_or("")
        .chars()
        .take(limits::LINE_CHARS_MAX)
        .collect();
    let mut content = Vec::new();
    let cut = || Refusal::fields(Vec::new()).field("/file", &codes::E1023);
    let fault = |fault| too_large(&fault, most).unwrap_or_else(cut);
    loop {
        let next = timeout(patience, field.chunk()).await;
        let Some(piece) = next.map_err(|_| halted())?.map_err(fault)? else {
            break;
        };
        content.extend_from_slice(&piece);
        if content.len() > most {
            return Err(beyond(most).into());
        }
    }
    Ok(Upload { name, content })
}

fn no_multipart() -> Refusal {
    Refusal::new(&codes::E1004).with("wanted", "multipart/form-data")
}

fn halted() -> Refusal {
    Refusal::new(&codes::E1016)
}

/// The refusal when it was the limit that broke the reading off.
fn too_large(fault: &MultipartError, most: usize) -> Option<Refusal> {
    (fault.status() == StatusCode::PAYLOAD_TOO_LARGE).then(|| beyond(most))
}

fn beyond(most: usize) -> Refusal {
    let limit = format!("{} MB", most / 1024 / 1024);
    Refusal::new(&codes::E1003).with("limit", limit)
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, Bytes},
        extract::FromRequest as _,
        http::{Request, header},
    };
    use futures_util::{StreamExt as _, stream};

    use super::*;

    const HEAD: &str =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";

    /// A body of these pieces that never ends.
    async fn halting(pieces: Vec<&'static str>) -> Result<Multipart, MultipartRejection> {
        let pieces = pieces.into_iter().map(|piece| Ok(Bytes::from(piece)));
        let body = stream::iter(pieces).chain(stream::pending::<std::io::Result<Bytes>>());
        let request = Request::builder()
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from_stream(body))
            .unwrap();
        Multipart::from_request(request, &()).await
    }

    #[tokio::test]
    async fn who_sends_nothing_more_is_given_up_wherever_he_stops() {
        let hour = Duration::from_hours(1);
        let no_time = Duration::ZERO;
        for pieces in [vec![], vec!["--b\r\n"], vec![HEAD, "content"]] {
            for (piece, whole) in [(no_time, hour), (hour, no_time)] {
                let multipart = halting(pieces.clone()).await;
                let refused = receive(multipart, Patience { piece, whole }, 100)
                    .await
                    .err();
                assert_eq!(
                    refused.map(|error| error.code()),
                    Some("E1016"),
                    "{pieces:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn what_is_complete_is_not_waited_for() {
        let multipart = halting(vec![HEAD, "content", "\r\n--b--\r\n"]).await;
        let upload = receive(multipart, Patience::UPLOAD, 7).await.unwrap();
        assert_eq!(
            (upload.name.as_str(), upload.content.as_slice()),
            ("a.png", &b"content"[..])
        );
        let multipart = halting(vec![HEAD, "content", "\r\n--b--\r\n"]).await;
        let refused = receive(multipart, Patience::UPLOAD, 6).await.err();
        assert_eq!(refused.map(|error| error.code()), Some("E1003"));
    }
}
