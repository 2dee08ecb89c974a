//! A part of a file as it arrives: where it begins, and its bytes, within a size and a time. The
//! shape is that of the core protocol of tus 1.0 (<https://tus.io/protocols/resumable-upload>).

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, header},
};
use futures_util::StreamExt as _;
use kernel::{AppError, Refusal, codes, limits};
use tokio::time::timeout;

use crate::{Patience, Problem};

/// Says where a part begins, and in answers how much is there.
pub const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// Says how large the whole file is.
pub const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// What the body of a part is.
pub const PART_TYPE: &str = "application/offset+octet-stream";

/// A part whose bytes have not been read yet.
#[derive(Debug)]
pub struct Part {
    /// Where in the file it begins, in bytes.
    pub offset: i64,
    body: Body,
}

impl<S: Send + Sync> FromRequest<S> for Part {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        let kind = headers.get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != PART_TYPE) {
            return Err(Refusal::new(&codes::E1004).with("wanted", PART_TYPE).into());
        }
        Ok(Self {
            offset: offset_of(headers)?,
            body: request.into_body(),
        })
    }
}

fn offset_of(headers: &HeaderMap) -> Result<i64, AppError> {
    let value = headers.get(UPLOAD_OFFSET);
    value
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .filter(|offset| *offset >= 0)
        .ok_or_else(|| {
            Refusal::new(&codes::E1015)
                .with("name", "Upload-Offset")
                .into()
        })
}

impl Part {
    /// Reads the bytes.
    ///
    /// # Errors
    /// `E1057` when there are too many or none, `E1016` when they come too slowly or break off.
    pub async fn read(self, patience: Patience) -> Result<Vec<u8>, AppError> {
        let read = read(self.body, patience.piece);
        let content = timeout(patience.whole, read).await;
        let content = content.map_err(|_| Refusal::new(&codes::E1016))??;
        if content.is_empty() {
            return Err(wrong_size().into());
        }
        Ok(content)
    }
}

async fn read(body: Body, patience: Duration) -> Result<Vec<u8>, AppError> {
    let mut content = Vec::new();
    let mut pieces = body.into_data_stream();
    let halted = || Refusal::new(&codes::E1016);
    loop {
        let next = timeout(patience, pieces.next()).await;
        let Some(piece) = next.map_err(|_| halted())? else {
            return Ok(content);
        };
        content.extend_from_slice(&piece.map_err(|_| halted())?);
        if content.len() > limits::PART_BYTES_MAX {
            return Err(wrong_size().into());
        }
    }
}

/// The refusal of a part that is too small or too large.
pub fn wrong_size() -> Refusal {
    Refusal::new(&codes::E1057)
        .with("min", limits::PART_BYTES_MIN.to_string())
        .with("max", limits::PART_BYTES_MAX.to_string())
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    fn request(kind: &str, offset: &str, body: Body) -> Request {
        Request::builder()
            .header(header::CONTENT_TYPE, kind)
            .header(UPLOAD_OFFSET, offset)
            .body(body)
            .unwrap()
    }

    async fn part(body: Body) -> Part {
        let request = request(PART_TYPE, "5", body);
        Part::from_request(request, &()).await.unwrap()
    }

    async fn refused(part: Part, patience: Patience) -> &'static str {
        part.read(patience).await.unwrap_err().code()
    }

    #[tokio::test]
    async fn a_part_says_where_it_begins_and_what_it_is() {
        let good = part(Body::from("content")).await;
        assert_eq!(good.offset, 5);
        assert_eq!(good.read(Patience::PART).await.unwrap(), b"content");
        for (kind, offset, status) in [
            ("application/json", "5", 415),
            (PART_TYPE, "-1", 400),
            (PART_TYPE, "five", 400),
            (PART_TYPE, "", 400),
        ] {
            let wrong = Part::from_request(request(kind, offset, Body::empty()), &()).await;
            let answer = axum::response::IntoResponse::into_response(wrong.unwrap_err());
            assert_eq!(answer.status(), status, "{kind} {offset}");
        }
    }

    #[tokio::test]
    async fn a_part_has_a_size_and_a_time() {
        let large = vec![0; limits::PART_BYTES_MAX + 1];
        let hour = Duration::from_hours(1);
        assert_eq!(
            refused(part(Body::from(large)).await, Patience::PART).await,
            "E1057"
        );
        assert_eq!(
            refused(part(Body::empty()).await, Patience::PART).await,
            "E1057"
        );
        for (piece, whole) in [(Duration::ZERO, hour), (hour, Duration::ZERO)] {
            let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from("begun"))]);
            let halting = Body::from_stream(begun.chain(stream::pending()));
            let refused = refused(part(halting).await, Patience { piece, whole }).await;
            assert_eq!(refused, "E1016");
        }
        let cut = stream::iter([Ok(Bytes::from("cut")), Err(std::io::Error::other("gone"))]);
        assert_eq!(
            refused(part(Body::from_stream(cut)).await, Patience::PART).await,
            "E1016"
        );
    }
}
