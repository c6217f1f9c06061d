//! Sums over commitments and groups: two that agree are over the same ones, in whatever order they came.
//!
//! That holds but for a chance of less than 2^-90 to whoever does not know the secret (decision 014).

use ledger::Hash;
use siphasher::sip128::SipHasher13;

use super::SECRET_BYTES;

/// What the pack's author could not know when the pack was written. It is printed nowhere.
#[derive(Clone, Copy)]
pub(super) struct Secret(SipHasher13);

impl From<[u8; SECRET_BYTES]> for Secret {
    fn from(bytes: [u8; SECRET_BYTES]) -> Secret {
        Secret(SipHasher13::new_with_key(&bytes))
    }
}

/// How many hashes there are, and the sum, modulo 2^128, of the number that the secret makes of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) count: u64,
    total: u128,
}

impl Sum {
    pub(super) fn of(secret: Secret, hash: &Hash) -> Sum {
        Sum {
            count: 1,
            total: secret.0.hash(hash.as_bytes()).into(),
        }
    }

    pub(super) fn add(&mut self, other: Sum) {
        self.count = self.count.wrapping_add(other.count);
        self.total = self.total.wrapping_add(other.total);
    }

    pub(super) fn subtract(&mut self, other: Sum) {
        self.count = self.count.wrapping_sub(other.count);
        self.total = self.total.wrapping_sub(other.total);
    }
}

#[cfg(test)]
mod tests {
    use ledger::hash::sha256;

    use super::*;

    fn sum(secret: [u8; SECRET_BYTES], contents: &[&str]) -> Sum {
        let secret = Secret::from(secret);
        let mut sum = Sum::default();
        for content in contents {
            sum.add(Sum::of(secret, &sha256(content.as_bytes())));
        }
        sum
    }

    #[test]
    fn a_sum_is_over_what_was_entered_and_not_subtracted_in_any_order() {
        let mut fewer = sum([7; 16], &["a", "b", "c"]);
        fewer.subtract(sum([7; 16], &["b"]));
        assert_eq!(fewer, sum([7; 16], &["c", "a"]));
        assert_ne!(fewer, sum([7; 16], &["c", "b"]));
        assert_ne!(fewer, sum([7; 16], &["c", "a", "a"]));
        fewer.subtract(sum([7; 16], &["a", "c"]));
        assert_eq!(fewer, Sum::default());
    }

    #[test]
    fn another_secret_makes_another_sum() {
        assert_ne!(sum([7; 16], &["a"]), sum([8; 16], &["a"]));
    }
}
