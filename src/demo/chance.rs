//! Chance that is the same each time: SplitMix64, enough for a demo and for nothing else.

#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1; 0 for 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1).max(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }

    /// True in `percent` of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// `n` different ones, or all.
    pub fn some<T: Copy>(&mut self, from: &[T], n: usize) -> Vec<T> {
        let mut left = from.to_vec();
        let mut taken = Vec::new();
        while taken.len() < n && !left.is_empty() {
            let index = self.below(left.len());
            taken.push(left.swap_remove(index));
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_each_time_and_spreads() {
        let (mut one, mut two) = (Chance::new(7), Chance::new(7));
        let drawn: Vec<_> = (0..100).map(|_| one.below(10)).collect();
        assert!(drawn.iter().all(|n| *n == two.below(10)));
        assert!((0..10).all(|n| drawn.contains(&n)));
        assert_eq!(one.some(&[1, 2, 3], 5).len(), 3);
    }
}
