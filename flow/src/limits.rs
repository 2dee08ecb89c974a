//! Limits of what is read; the limit of a step is [`kernel::limits::FLOW_STEPS_MAX`].

/// Bytes of a model: 500 nodes with their diagram are about 500 kB.
pub const XML_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Nesting of elements: sub-processes ten deep with extensions and diagram stay below 40.
pub const XML_DEPTH_MAX: usize = 64;
/// Elements of a model: 500 nodes with their diagram are about 6,000.
pub const XML_ELEMENTS_MAX: usize = 100_000;
/// Attributes of one element: comparing each with all others for doubles must stay cheap.
pub const XML_ATTRIBUTES_MAX: usize = 128;
/// Nodes of one process: nobody can review a drawing with more.
pub const NODES_MAX: usize = 5_000;
