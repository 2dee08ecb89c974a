//! Limits of a form, each with its reason.

/// Fields of one form: the longest form of the catalogue has about 60.
pub const FIELDS_MAX: usize = 200;
/// Options of one field: the longest list is the industries of GB/T 4754 at two digits, 97.
pub const OPTIONS_MAX: usize = 200;
/// Rows of a list when the schema does not say less.
pub const ROWS_MAX: u64 = 100;
