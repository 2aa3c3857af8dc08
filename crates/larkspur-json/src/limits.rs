//! How much text is read.

/// Bounds on what [`parse_with`](crate::parse_with) accepts, so that no text can take memory or stack without end.
///
/// ```
/// use larkspur_json::{Limits, parse_with};
///
/// let limits = Limits::new().max_depth(2);
/// assert!(parse_with("[[1]]", &limits).is_ok());
/// assert!(parse_with("[[[1]]]", &limits).unwrap_err().is_limit());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) bytes: usize,
    pub(crate) depth: usize,
    pub(crate) values: usize,
}

impl Limits {
    /// The deepest nesting that can be asked for.
    ///
    /// A tree is walked, copied, dropped and deserialised by recursion; at this depth all of it fits in the 2 MiB stack
    /// of a thread in an unoptimised build, with room to spare.
    pub const DEEPEST: usize = 512;

    /// 64 MiB of text, 128 levels, 4 million values.
    pub const fn new() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 128,
            values: 4_000_000,
        }
    }

    /// Longest text, in bytes. Default: 64 MiB.
    pub const fn max_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Deepest nesting of arrays and objects; `[[1]]` is 2 deep. Default: 128, as in `serde_json`.
    ///
    /// More than [`Limits::DEEPEST`] is taken as [`Limits::DEEPEST`].
    pub const fn max_depth(mut self, depth: usize) -> Self {
        self.depth = if depth < Self::DEEPEST {
            depth
        } else {
            Self::DEEPEST
        };
        self
    }

    /// Most values in a text, each array, object and scalar counted. Default: 4,000,000.
    ///
    /// A value takes up to 100 bytes of memory beside its text, but can be one byte of text: this is the bound on memory.
    pub const fn max_values(mut self, values: usize) -> Self {
        self.values = values;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
