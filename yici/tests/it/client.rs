//! One HTTP request and its answer.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, header},
};
use serde_json::Value;

/// A PNG of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, b'I', b'D', b'A', b'T',
    0x78, 0x9C, 0x62, 0, 1, 0, 0, 5, 0, 1, 0x0D, 0x0A, 0x2D, 0xB4, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xAE, 0x42, 0x60, 0x82,
];
/// A PDF without pages.
pub(crate) const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const BOUNDARY: &str = "yici-test-boundary";

/// Somebody's session.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// `portal` or `workbench`.
    pub(crate) surface: &'static str,
    /// The cookie as the browser sends it.
    pub(crate) cookie: String,
}

/// A request under construction.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Vec<u8>,
}

impl Call {
    pub(crate) fn new(method: Method, path: impl AsRef<str>) -> Self {
        Self {
            method,
            path: format!("/api/v1{}", path.as_ref()),
            headers: Vec::new(),
            content: Vec::new(),
        }
    }

    /// A path that is not the API's.
    pub(crate) fn outside(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..Self::get("")
        }
    }

    pub(crate) fn get(path: impl AsRef<str>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl AsRef<str>, body: &Value) -> Self {
        Self::new(Method::POST, path).json(body)
    }

    pub(crate) fn put(path: impl AsRef<str>, body: &Value) -> Self {
        Self::new(Method::PUT, path).json(body)
    }

    pub(crate) fn delete(path: impl AsRef<str>) -> Self {
        Self::new(Method::DELETE, path)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.content("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn content(mut self, kind: &str, content: Vec<u8>) -> Self {
        self.headers.push(("content-type", kind.to_owned()));
        self.content = content;
        self
    }

    /// One file, as a browser sends it.
    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        let mut content = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        content.extend_from_slice(bytes);
        content.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        self.content(
            &format!("multipart/form-data; boundary={BOUNDARY}"),
            content,
        )
    }

    /// A part of a file that begins at this offset.
    pub(crate) fn part(self, offset: usize, bytes: &[u8]) -> Self {
        self.header("upload-offset", offset.to_string())
            .content("application/offset+octet-stream", bytes.to_vec())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn version(self, version: i64) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    pub(crate) fn by(self, who: &Who) -> Self {
        self.header("x-yici-surface", who.surface)
            .header("cookie", who.cookie.clone())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| *known == name)
    }

    pub(crate) fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.content)).unwrap()
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
    /// The content as it came.
    pub(crate) content: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: HeaderMap, content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status,
            headers,
            text,
            body,
            content: content.to_vec(),
        }
    }

    /// The code of a problem document, or the empty text.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    /// The body of an answer that must be good.
    #[track_caller]
    pub(crate) fn good(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text
        );
        self.body
    }

    /// Fails unless the request was refused with this code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        self.body
    }

    /// The cookie a browser would send back.
    pub(crate) fn cookie(&self) -> String {
        let set = self
            .headers
            .get(header::SET_COOKIE)
            .unwrap()
            .to_str()
            .unwrap();
        set.split(';').next().unwrap().to_owned()
    }
}
