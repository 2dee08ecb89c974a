//! Randomness as a parameter.

/// A source of random bytes: the operating system in production, a seeded stream elsewhere.
pub trait Entropy: Send {
    /// Fills the whole buffer.
    fn fill(&mut self, buffer: &mut [u8]);

    /// A number below `bound` (0 when `bound` is 0), without noticeable bias for small bounds.
    fn below(&mut self, bound: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        let wide = u128::from(u64::from_le_bytes(bytes)) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }
}
