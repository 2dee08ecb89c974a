//! From a cookie to the proof that the caller may.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use kernel::{
    Lang, Principal,
    caller::{Caller, Permission, Request},
    ids::{Id as _, RequestId},
};

use crate::{Kit, Problem, layer::RequestFacts, refused::Trace};

/// The cookie of citizens.
pub const PORTAL_COOKIE: &str = "yici_session";
/// The cookie of staff: one browser may hold both, and neither gives the other's rights.
pub const STAFF_COOKIE: &str = "yici_staff";
/// Names the surface a request comes from; it decides which cookie counts.
pub const SURFACE_HEADER: &str = "x-yici-surface";

/// The address a request comes from, put among the request's extensions by the program where it
/// knows it (a proxy's own address is worth nothing).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub std::net::IpAddr);

/// The surface a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Citizens.
    Portal,
    /// Staff.
    Workbench,
}

impl Surface {
    /// By header, or by the `surface` query parameter where a browser cannot send headers
    /// (live pages, downloads); the portal otherwise.
    pub fn of(headers: &HeaderMap, query: Option<&str>) -> Self {
        let named = headers
            .get(SURFACE_HEADER)
            .and_then(|value| value.to_str().ok());
        let asked = query.is_some_and(|query| query.split('&').any(|p| p == "surface=workbench"));
        if named == Some("workbench") || (named.is_none() && asked) {
            Self::Workbench
        } else {
            Self::Portal
        }
    }

    /// Its cookie.
    pub const fn cookie(self) -> &'static str {
        match self {
            Self::Portal => PORTAL_COOKIE,
            Self::Workbench => STAFF_COOKIE,
        }
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A caller who holds permission `P`, taken from the request.
#[derive(Debug)]
pub struct Authorised<P>(pub Caller<P>);

impl<S, P> FromRequestParts<S> for Authorised<P>
where
    S: Send + Sync,
    Kit: FromRef<S>,
    P: Permission,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let kit = Kit::from_ref(state);
        let facts = parts
            .extensions
            .get::<RequestFacts>()
            .cloned()
            .unwrap_or(RequestFacts {
                id: RequestId::from_uuid(uuid::Uuid::nil()),
                lang: Lang::Zh,
            });
        let surface = Surface::of(&parts.headers, parts.uri.query());
        let principal = match cookie(&parts.headers, surface.cookie()) {
            Some(token) => kit.sessions.resolve(token, kit.clock.now()).await?,
            None => Principal::Stranger,
        };
        let station = parts
            .headers
            .get("x-yici-station")
            .and_then(|value| value.to_str().ok())
            .filter(|text| text.len() <= 40 && text.bytes().all(|b| b.is_ascii_graphic()))
            .map(Into::into);
        let request = Request {
            id: facts.id,
            lang: facts.lang,
            station,
        };
        Trace::leave(parts, &principal, &request, P::NAME);
        Ok(Self(Caller::prove(principal, request)?))
    }
}
