//! Latencies in buckets that keep two digits.

/// Counts of microseconds: exact below 128, then 64 buckets for each doubling (at most 1.6 % wide).
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

const FINE: u64 = 64;

fn bucket(micros: u64) -> u64 {
    let doublings = u64::from(micros.max(1).ilog2().saturating_sub(FINE.ilog2()));
    doublings * FINE + (micros >> doublings)
}

/// The least value that falls into a bucket.
fn value(bucket: u64) -> u64 {
    let doublings = (bucket / FINE).saturating_sub(1);
    (bucket - doublings * FINE) << doublings
}

impl Histogram {
    pub(crate) fn add(&mut self, micros: u64) {
        let at = usize::try_from(bucket(micros)).unwrap_or(0);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.total += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (own, more) in self.counts.iter_mut().zip(&other.counts) {
            *own += more;
        }
        self.total += other.total;
    }

    pub(crate) const fn total(&self) -> u64 {
        self.total
    }

    /// The latency in milliseconds that so many of a thousand do not exceed.
    pub(crate) fn at(&self, per_mille: u64) -> f64 {
        let wanted = (self.total * per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        let found = self.counts.iter().zip(0_u64..).find(|(count, _)| {
            seen += *count;
            seen >= wanted
        });
        let micros = found.map_or(0, |(_, bucket)| value(bucket));
        f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, bucket, value};

    #[test]
    fn buckets_are_in_order_and_narrow() {
        for micros in (0..200_000).chain([5_000_000, 60_000_000]) {
            let found = value(bucket(micros));
            assert!(
                found <= micros && micros - found <= micros / 64,
                "{micros}: {found}"
            );
            assert!(bucket(micros + 1) >= bucket(micros));
        }
    }

    #[test]
    fn percentiles_are_read() {
        let mut histogram = Histogram::default();
        (1..=100).for_each(|micros| histogram.add(micros * 1000));
        let near =
            |per_mille, wanted: f64| (histogram.at(per_mille) - wanted).abs() < wanted / 50.0;
        assert!(
            near(500, 50.0) && near(990, 99.0) && near(1000, 100.0),
            "{histogram:?}"
        );
        let mut twice = histogram.clone();
        twice.merge(&histogram);
        assert_eq!(twice.total(), 200);
    }
}
