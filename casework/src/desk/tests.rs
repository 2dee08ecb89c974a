//! Who may look at which case.
