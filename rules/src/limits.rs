//! Every limit of rules, each with its reason.

/// Characters of one FEEL text: the longest condition of the catalogue has some 400.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Words, numbers, texts and signs of one FEEL text: it bounds the height of the tree, which the
/// evaluator walks on the stack.
pub const TOKENS_MAX: usize = 1_000;
/// Open brackets at any place of a FEEL text: nobody can read more.
pub const BRACKETS_DEPTH_MAX: usize = 24;
/// Height of the parsed tree. A chain of `and` grows by one with each term.
pub const TREE_DEPTH_MAX: usize = 120;
/// Names and arithmetic signs in a row: the FEEL parser looks for names of many words among them
/// in cubic time. Brackets break a row.
pub const NAME_RUN_MAX: usize = 60;
/// Steps that the iterations of one expression may take together, below a second of work. A list
/// of the scope counts as [`LIST_ITEMS_MAX`], and a `for` costs the square of its rounds: two
/// nested quantifiers over lists are allowed, a `for` in a `for` over lists is not.
pub const ITERATION_STEPS_MAX: u64 = 5_000_000;
/// Items of one list in a scope: insurance records of a whole working life are about 600 months.
pub const LIST_ITEMS_MAX: usize = 1_000;
/// Nesting of a scope: register answers have at most five levels.
pub const SCOPE_DEPTH_MAX: usize = 24;
/// Bytes of one DMN file: a table of 500 rules has about 300 kB.
pub const MODEL_BYTES_MAX: usize = 1024 * 1024;
/// Nesting of elements in a DMN file: boxed expressions beyond it cannot be read by people.
pub const MODEL_DEPTH_MAX: usize = 48;
/// Decisions that one decision may need in a row, each evaluated on the stack of the one before.
pub const DECISION_CHAIN_MAX: usize = 16;
/// Prefixes tried to find the place of a syntax error.
pub const PROBES_MAX: usize = 200;
/// Decisions evaluated for one answer, each counted as often as it is needed.
pub const DECISION_EVALUATIONS_MAX: usize = 256;
