//! Keyset cursors: where the next page begins, opaque to the caller.

use kernel::{AppError, Refusal, codes, limits};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What a list endpoint is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PageQuery {
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

impl PageQuery {
    /// Rows to give: what was asked, within [`limits::PAGE_ROWS_MAX`].
    pub fn rows(&self) -> u32 {
        self.limit
            .unwrap_or(limits::PAGE_ROWS_DEFAULT)
            .clamp(1, limits::PAGE_ROWS_MAX)
    }

    /// The position of the cursor, if one was given.
    ///
    /// # Errors
    /// `E1014` when it is not one of ours.
    pub fn position<T: DeserializeOwned>(&self) -> Result<Option<T>, AppError> {
        let Some(text) = &self.cursor else {
            return Ok(None);
        };
        let wrong = || AppError::from(Refusal::new(&codes::E1014).with("name", "cursor"));
        let bytes = seal::hex::decode(text).ok_or_else(wrong)?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        if has_control(&value) {
            return Err(wrong());
        }
        serde_json::from_value(value).map(Some).map_err(|_| wrong())
    }
}

/// Whether a text in it holds a control character: no row of ours does, and PostgreSQL breaks off
/// at NUL.
fn has_control(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(char::is_control),
        Value::Array(parts) => parts.iter().any(has_control),
        Value::Object(parts) => parts.values().any(has_control),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor of the next page; none at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts one row more than wanted into a page and a cursor of its last row.
    pub fn cut<P: Serialize>(mut rows: Vec<T>, wanted: u32, position: impl Fn(&T) -> P) -> Self {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        if rows.len() <= wanted {
            return Self { rows, next: None };
        }
        rows.truncate(wanted);
        let next = rows.last().and_then(|last| Self::cursor(&position(last)));
        Self { rows, next }
    }

    /// The cursor of a place, for a list that goes on from where no row of it stands.
    pub fn cursor<P: Serialize>(place: &P) -> Option<String> {
        let bytes = serde_json::to_vec(place).ok()?;
        Some(seal::hex::encode(&bytes))
    }

    /// The same page of something else.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(each).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_has_a_cursor_that_reads_back() {
        let page = Page::cut(vec![1, 2, 3], 2, |last| (*last, "x".to_owned()));
        assert_eq!(page.rows, [1, 2]);
        let query = PageQuery {
            cursor: page.next,
            limit: None,
        };
        assert_eq!(
            query.position::<(i32, String)>().unwrap(),
            Some((2, "x".to_owned()))
        );
        assert_eq!(Page::cut(vec![1, 2], 2, |last| *last).next, None);
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        for text in ["zz", "abc", "7b", "é"] {
            let query = PageQuery {
                cursor: Some(text.into()),
                limit: None,
            };
            assert_eq!(query.position::<i64>().unwrap_err().code(), "E1014");
        }
    }
    #[test]
    fn a_cursor_with_a_control_character_is_refused_before_it_meets_a_database() {
        for text in ["a\0b", "\n", "\u{7f}"] {
            let position = (7, Some(("x".to_owned(), text.to_owned())));
            let query = PageQuery {
                cursor: Page::cut(vec![1, 2], 1, |_| position.clone()).next,
                limit: None,
            };
            let error = query
                .position::<(i32, Option<(String, String)>)>()
                .unwrap_err();
            assert_eq!(error.code(), "E1014");
        }
    }
}
