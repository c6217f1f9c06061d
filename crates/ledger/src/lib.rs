//! The ledger core: bytes in; sequence number, proof, checkpoint out.
