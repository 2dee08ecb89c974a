//! What stands in a cell.

/// A cell as it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Letters.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, `YYYY-MM-DD`.
    Day(String),
    /// Yes or no.
    Flag(bool),
    /// What a program could not work out, such as `#N/A`.
    Unreadable,
}

impl Cell {
    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as it is written back for the person who filled it in.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Day(text) => text.clone(),
            Self::Number(number) => plain(*number),
            Self::Flag(flag) => (if *flag { "TRUE" } else { "FALSE" }).to_owned(),
            Self::Unreadable => "#N/A".to_owned(),
        }
    }
}

/// A number without an exponent and without zeros behind the point.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e18 {
        return format!("{number:.0}");
    }
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn numbers_are_written_back_as_people_write_them() {
        assert_eq!(Cell::Number(6500.0).shown(), "6500");
        assert_eq!(Cell::Number(6500.5).shown(), "6500.5");
        assert_eq!(Cell::Number(1.8e17).shown(), "180000000000000000");
    }
}
