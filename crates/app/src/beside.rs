//! Readers that ask at the same time.

use std::sync::{Arc, Barrier};

use crate::{GuardDir, Init, Ledger, Model, init};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_together_for_one_reader_serves_all_who_ask_meanwhile() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let model = Model {
        registry: Arc::new(kinds::registry()),
        catalogue: Arc::new(catalogue::Catalogue::iso_42001().expect("it is ours")),
    };
    let new = Init {
        organisation: "Tarn & Fell".to_owned(),
        aims_start: None,
        time_zone: "Europe/London".to_owned(),
        operator: None,
        simulated_clock: Some("2026-03-31T09:00:00Z".to_owned()),
        ids: None,
    };
    let guard = GuardDir(dir.path().join("guard"));
    let made = init(&data, model.clone(), &guard, &new).await;
    made.expect("it is made");
    for _ in 0..20 {
        let ledger = Ledger::open(&data, model.registry.clone(), model.catalogue.clone()).await;
        let ledger = Arc::new(ledger.expect("it opens"));
        let together = Arc::new(Barrier::new(8));
        let readers: Vec<_> = (0..8)
            .map(|_| {
                let (ledger, together) = (ledger.clone(), together.clone());
                let runtime = tokio::runtime::Handle::current();
                tokio::task::spawn_blocking(move || {
                    runtime.block_on(async {
                        let snapshot = ledger.reader.snapshot().await.expect("it reads");
                        together.wait();
                        ledger.at_hand(snapshot.rows()).await.expect("it reads").1
                    })
                })
            })
            .collect();
        let mut first = None;
        for reader in readers {
            let read = reader.await.expect("it does not panic");
            let first = first.get_or_insert_with(|| read.records.clone());
            assert!(Arc::ptr_eq(first, &read.records));
        }
    }
}
