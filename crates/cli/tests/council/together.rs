//! Requests that reach the writer at once: one batch or several, each has its own answer.

use app::{Acting, GuardDir, Init, Model, Opening, Outcome, WriterHandle};
use record::Command;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_answered_about_its_own_commands() {
    let dir = tempfile::tempdir().unwrap();
    let (data, guard) = (dir.path().join("data"), GuardDir(dir.path().join("guard")));
    let model = Model {
        registry: std::sync::Arc::new(kinds::registry()),
        catalogue: std::sync::Arc::new(catalogue::Catalogue::iso_42001().unwrap()),
    };
    let new = Init {
        organisation: "Example (fictional)".to_owned(),
        aims_start: None,
        time_zone: "UTC".to_owned(),
        operator: None,
        simulated_clock: Some("2026-01-05T09:00:00Z".to_owned()),
        ids: None,
    };
    drop(app::init(&data, model.clone(), &guard, &new).await.unwrap());
    let opening = Opening {
        dir: data,
        model,
        guard,
        acting: Acting {
            email: None,
            holder: "test".to_owned(),
            accept_clock: false,
        },
    };
    let writer = WriterHandle::start(opening).await.unwrap();
    let asked = (0..40_u128).map(|number| {
        let writer = writer.clone();
        let ids: Vec<_> = (0..=number % 3)
            .map(|n| uuid::Uuid::from_u128(1_000 + number * 10 + n))
            .collect();
        let put = |id| json!({"do": "put", "kind": "person", "id": id, "body": {"name": "Ada"}});
        let commands = ids.iter().map(|id| Command::from_value(put(id)).unwrap());
        let commands: Vec<_> = commands.collect();
        tokio::spawn(async move { (ids, writer.submit(commands).await.unwrap()) })
    });
    for asked in asked.collect::<Vec<_>>() {
        let (ids, outcomes) = asked.await.unwrap();
        let answered: Vec<_> = outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Done(written) => written[0].id,
                Outcome::Refused(refusal) => panic!("{refusal:?}"),
            })
            .collect();
        assert_eq!(answered, ids);
    }
}
