//! Forms: what an applicant is asked, as data.
//!
//! A form is one JSON document. It says what data an item takes (JSON Schema 2020-12), how each
//! field is shown, what the registers know already, and when a field is asked for. The crate reads
//! it, fills it from registers, checks what is submitted against it, and tells the browser. It is
//! pure: it follows no remote reference and knows no clock.
//!
//! # The document
//!
//! ```json
//! {
//!   "format": 1,
//!   "schema": {
//!     "type": "object",
//!     "properties": {
//!       "leave_reason": { "type": "string" },
//!       "leave_date": { "type": "string" },
//!       "wage": { "type": "integer", "minimum": 0, "maximum": 100000000 },
//!       "jobs": { "type": "array", "maxItems": 5, "items": {
//!         "type": "object", "properties": { "employer": { "type": "string", "maxLength": 100 } } } }
//!     }
//!   },
//!   "fields": {
//!     "leave_reason": {
//!       "label": { "zh": "失业原因", "en": "Reason" },
//!       "widget": "choice",
//!       "options": [ { "value": "ended", "label": { "zh": "合同终止", "en": "Contract ended" } } ],
//!       "required": true
//!     },
//!     "leave_date": {
//!       "label": { "zh": "离职日期", "en": "Date of leaving" },
//!       "widget": "date",
//!       "prefill": "insurance.stopped_on", "source": "insurance", "locked": true,
//!       "visible": "leave_reason != null", "required": "leave_reason = \"ended\""
//!     },
//!     "wage": { "label": { "zh": "月工资", "en": "Wage" }, "widget": "money", "sensitive": true },
//!     "jobs": { "label": { "zh": "工作经历", "en": "Jobs" }, "widget": "list", "fields": {
//!       "employer": { "label": { "zh": "单位", "en": "Employer" }, "widget": "text", "required": true } } }
//!   },
//!   "layout": [ { "section": { "zh": "失业情况", "en": "Unemployment" },
//!                 "fields": ["leave_reason", "leave_date", "wage", "jobs"] } ]
//! }
//! ```
//!
//! Every key not named here is a fault, and so is a field without schema, a property without
//! field, and a field that is in no section or in two.
//!
//! **`schema`**: the top has `type`, `properties`, and if wanted `$schema`, `$defs`, `title`,
//! `description`, `additionalProperties: false`. It has no `required` (that is the field's
//! matter), and `$ref` leads to `#/$defs/<name>` only, never from there.
//!
//! **Fields** are keyed by `[a-z][a-z0-9_]*`. Words are always `{"zh", "en"}`.
//!
//! | key | meaning |
//! |---|---|
//! | `label`, `widget` | always there |
//! | `hint`, `unit`, `error` | words beside the field; `error` is told when it is empty or wrong |
//! | `options` | of `choice` and `select`: `[{"value", "label", "hint"?}]`, values are texts |
//! | `sensitive` | `true`: kept encrypted, see [`Form::split`] |
//! | `prefill` | FEEL over the registers, `{"population": {..}, "insurance": {..}}` |
//! | `source` | the register named to the applicant |
//! | `locked` | `true`: a known fact is shown and cannot be edited; while it is unknown, the field is asked like any other |
//! | `past` | `true`: of `date`, a day that cannot lie in the future |
//! | `visible` | a condition (below); absent means always |
//! | `required` | `true`, `false` or a condition; asked only while the field is visible |
//! | `fields` | of `list`: the fields of a row, with `label`, `hint`, `unit`, `error`, `widget`, `options`, `required` (true or false) |
//!
//! | widget | schema `type` | value |
//! |---|---|---|
//! | `text`, `textarea` | string | at most `maxLength` characters, default [`LINE_CHARS_MAX`](kernel::limits::LINE_CHARS_MAX) and [`TEXT_CHARS_MAX`](kernel::limits::TEXT_CHARS_MAX) |
//! | `number` | number, integer | `minimum` and `maximum` are needed |
//! | `money` | integer | whole fen (分); `minimum` and `maximum` are needed |
//! | `date`, `month` | string | `2026-11-01`, `2026-11` |
//! | `choice`, `select` | string | one of the options; few side by side, or many in a list |
//! | `checkbox` | boolean | when required it must be `true` (a confirmation) |
//! | `phone` | string | a mobile number of 11 digits |
//! | `citizen_no`, `credit_code` | string | with the right check character (GB 11643, GB 32100) |
//! | `bank_account` | string | 16 to 19 digits with the right check digit (GB/T 15120.1, Luhn) |
//! | `list` | array of objects | `maxItems` default [`limits::ROWS_MAX`] |
//!
//! # Conditions
//!
//! `visible` and `required` are FEEL of a part so small that the browser evaluates it too:
//!
//! ```text
//! condition  = term { "or" term }                 term = factor { "and" factor }
//! factor     = "not(" condition ")" | "(" condition ")" | key | "true" | "false" | comparison
//! comparison = operand ("=" | "!=" | "<" | "<=" | ">" | ">=") operand
//!            | operand "in" "[" literal { "," literal } "]"
//! operand    = key | literal
//! literal    = "text" | number | -number | "true" | "false" | "null"
//! ```
//!
//! A key stands for the value of that field; it is null while the field is empty or not visible.
//! The logic has three values, as in DMN 1.3 §10.3.2:
//!
//! - `=`: when the right side is null, true if the left is null too, else false. Otherwise texts,
//!   numbers and booleans are compared with their like, and null or another type on the left gives
//!   null. `!=` is the opposite; null stays null.
//! - `<` and the like: two numbers, or two texts by code point; anything else gives null.
//! - `in`: true when the value equals an item (null equals the item null), else false.
//! - `and` is false when a side is false, true when both are true, else null; `or` likewise;
//!   `not` turns true and false around; anything else in their places counts as null.
//!
//! Only true shows a field, and only true makes it required. A field may not depend on itself, also
//! not through others. `conditions.json` beside the sources holds cases that both sides must pass.

mod cell;
mod check;
mod fault;
mod field;
mod form;
pub mod limits;
mod normalise;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod value;
mod visible;

pub use cell::{Cell, Takes};
pub use fault::Fault;
pub use form::Form;
