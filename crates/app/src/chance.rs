//! The only source of randomness: ids, salts, keys and one-time secrets.

use uuid::Uuid;

use crate::error::{AppError, Result};

/// Returns 32 random bytes.
///
/// # Errors
/// When the operating system has none to give.
pub fn bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AppError::Fault(format!("the operating system gave no randomness: {error}")))?;
    Ok(bytes)
}

/// Returns a random id (UUID version 4).
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn id() -> Result<Uuid> {
    let bytes = bytes()?;
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    Ok(uuid::Builder::from_random_bytes(half).into_uuid())
}
