//! Entries: one writing each.

use ledger::Entry;
use proptest::prelude::*;

use crate::generated::{Tampering, entry};

proptest! {
    #[test]
    fn every_entry_reads_back(entry in entry()) {
        let bytes = entry.encode().unwrap();
        prop_assert_eq!(Entry::parse(&bytes), Ok(entry));
    }

    #[test]
    fn a_changed_byte_never_leaves_the_same_entry(
        entry in entry(),
        tampering in Tampering::any(),
    ) {
        let bytes = tampering.of(&entry.encode().unwrap());
        if let Ok(read) = Entry::parse(&bytes) {
            prop_assert_ne!(&read, &entry);
            prop_assert_eq!(read.encode(), Ok(bytes));
        }
    }

    #[test]
    fn the_order_given_makes_no_difference(entry in entry()) {
        let mut reversed = entry.clone();
        reversed.refs.reverse();
        reversed.groups.reverse();
        prop_assert_eq!(reversed.encode(), entry.encode());
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in any::<Vec<u8>>()) {
        prop_assert!(Entry::parse(&bytes).is_err());
    }
}
