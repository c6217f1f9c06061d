//! The only source of randomness: ids, salts, keys and one-time secrets.

use pack::SECRET_BYTES;
use uuid::Uuid;

use crate::error::{AppError, Result};

/// Returns 32 random bytes.
///
/// # Errors
/// When the operating system has none to give.
pub fn bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Returns what a verification of a pack makes its sums with.
///
/// # Errors
/// When the operating system has none to give.
pub fn secret() -> Result<[u8; SECRET_BYTES]> {
    let mut secret = [0; SECRET_BYTES];
    fill(&mut secret)?;
    Ok(secret)
}

/// Randomness taken from the operating system many pieces at a time: each entry takes five.
pub struct Chance {
    bytes: [[u8; 32]; 128],
    left: usize,
}

impl std::fmt::Debug for Chance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What is left becomes salts, which are nobody's to read.
        formatter.debug_struct("Chance").finish_non_exhaustive()
    }
}

impl Chance {
    /// Returns an empty one, which asks for more when first asked.
    pub fn new() -> Self {
        Self {
            bytes: [[0; 32]; 128],
            left: 0,
        }
    }

    /// Returns 32 random bytes, each once.
    ///
    /// # Errors
    /// When the operating system has none to give.
    pub fn bytes(&mut self) -> Result<[u8; 32]> {
        if self.left == 0 {
            fill(self.bytes.as_flattened_mut())?;
            self.left = self.bytes.len();
        }
        self.left -= 1;
        Ok(std::mem::take(&mut self.bytes[self.left]))
    }

    /// Returns a random id (UUID version 4).
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn id(&mut self) -> Result<Uuid> {
        Ok(id_of(self.bytes()?))
    }
}

impl Default for Chance {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one source of randomness")]
fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(none_given)
}

fn none_given(error: getrandom::Error) -> AppError {
    AppError::Fault(format!("the operating system gave no randomness: {error}"))
}

fn id_of(bytes: [u8; 32]) -> Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    uuid::Builder::from_random_bytes(half).into_uuid()
}

/// Returns a random id (UUID version 4).
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn id() -> Result<Uuid> {
    Ok(id_of(bytes()?))
}
