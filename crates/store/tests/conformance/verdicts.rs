//! What rules say of their subjects along time, kept and found again.

use store::{FOR_EVER, KnownBy, NewVerdicts, Stretch, TallyChange};

use super::*;

pub fn stretch(from: i64, until: i64, body: &str) -> Stretch {
    Stretch {
        from,
        until,
        since: from,
        says: 2,
        sort: from,
        body: body.to_owned(),
    }
}

pub fn known<'a>(subject: &'a [u8], known_from: i64, stretches: &'a [Stretch]) -> NewVerdicts<'a> {
    NewVerdicts {
        rule: "policy.exists",
        subject,
        known_from,
        fresh: false,
        stretches,
    }
}

#[test]
fn what_was_known_of_a_subject_stays_known_for_its_days() {
    on_each(async |mut writer, reader| {
        let first = [stretch(0, 10, "not shown"), stretch(10, FOR_EVER, "shown")];
        let second = [
            first[0].clone(),
            stretch(10, 15, "shown"),
            stretch(15, FOR_EVER, "overdue"),
        ];
        let mut batch = writer.begin().await.unwrap();
        let none = batch.set_verdicts(&known(b"a", 5, &first)).await.unwrap();
        assert_eq!(none, []);
        batch.set_verdicts(&known(b"b", 5, &first)).await.unwrap();
        let before = batch.set_verdicts(&known(b"a", 8, &second)).await.unwrap();
        assert_eq!(before, first);
        batch.commit().await.unwrap();

        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        let rule = ("policy.exists", 2);
        let named = |subject: &[u8], one: &Stretch| (subject.to_vec(), one.clone());
        for (when, expected) in [
            (
                (20, 8),
                vec![named(b"b", &first[1]), named(b"a", &second[2])],
            ),
            (
                (12, 8),
                vec![named(b"a", &second[1]), named(b"b", &first[1])],
            ),
            (
                (20, 7),
                vec![named(b"a", &first[1]), named(b"b", &first[1])],
            ),
            ((20, 4), vec![]),
            ((-1, 8), vec![]),
        ] {
            let known = KnownBy::Day(when.1);
            let found = rows.first_verdicts(rule, (when.0, known), 9).await.unwrap();
            assert_eq!(found, expected, "{when:?}");
            let counts = rows.verdict_counts(when.0, when.1).await.unwrap();
            let of = counts.first().map_or(0, |(_, _, count)| *count);
            assert_eq!(of, expected.len() as i64);
            if when.1 == 8 {
                let now = (when.0, KnownBy::Now);
                let now = rows.first_verdicts(rule, now, 9).await.unwrap();
                assert_eq!(now, expected, "{when:?}");
            }
        }
        let now = (12, KnownBy::Now);
        let two = rows.first_verdicts(rule, now, 1).await.unwrap();
        assert_eq!(two, [named(b"a", &second[1])]);
        assert_eq!(
            rows.first_verdicts(rule, (20, KnownBy::Day(8)), 1)
                .await
                .unwrap()
                .len(),
            1
        );
    });
}

#[test]
fn the_first_as_known_on_the_day_are_found_however_long_they_last() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        let mut seed = 7_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from((seed >> 33) % n).unwrap()
        };
        for subject in 0..200_u8 {
            let mut known_from = 0;
            for _ in 0..6 {
                known_from += 1 + below(if subject % 3 == 0 { 40 } else { 900 });
                let (mut stretches, mut from) = (Vec::new(), below(60));
                while stretches.len() < 5 {
                    let until = match below(6) {
                        0 => FOR_EVER,
                        _ => from + 1 + below(if subject % 2 == 0 { 30 } else { 3_000 }),
                    };
                    let sort = match below(8) {
                        0 => FOR_EVER,
                        1 => until.min(9_000),
                        2 => from - below(50),
                        _ => from,
                    };
                    let one = stretch(from, until, "");
                    stretches.push(Stretch { sort, ..one });
                    from = until;
                    if from == FOR_EVER {
                        break;
                    }
                }
                let new = known(std::slice::from_ref(&subject), known_from, &stretches);
                batch.set_verdicts(&new).await.unwrap();
            }
        }
        batch.commit().await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        let rule = ("policy.exists", 2);
        let mut several = 0;
        for about in (-10..6_000).step_by(37) {
            for limit in [1, 20, 500] {
                let on_it = (about, KnownBy::Day(about));
                let meant = rows.first_verdicts(rule, on_it, limit).await;
                let then = (about, KnownBy::Then);
                let found = rows.first_verdicts(rule, then, limit).await;
                let (meant, found) = (meant.unwrap(), found.unwrap());
                assert_eq!(found, meant, "{about}, the first {limit}");
                several += usize::from(found.len() > 20);
            }
        }
        assert!(several > 50, "{several}");
    });
}

#[test]
fn changes_of_a_tally_add_up_and_what_comes_to_nothing_is_not_kept() {
    on_each(async |mut writer, reader| {
        let change = |day, as_known_now, as_known_then| TallyChange {
            rule: "policy.exists".to_owned(),
            day,
            says: 2,
            as_known_now,
            as_known_then,
        };
        let mut batch = writer.begin().await.unwrap();
        for one in [
            change(9, 4, 0),
            change(7, 1, 0),
            change(7, 2, 3),
            change(8, 5, 0),
            change(8, -5, 0),
            change(9, -4, 1),
        ] {
            batch.change_tally(&one).await.unwrap();
        }
        batch.commit().await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let kept = snapshot.rows().tally().await.unwrap();
        assert_eq!(kept, [change(7, 3, 3), change(9, 0, 1)]);
    });
}

#[test]
fn a_day_taken_at_once_or_in_parts_leaves_the_same_rows() {
    on_each(async |mut writer, _| {
        let a = [stretch(0, FOR_EVER, "shown")];
        let b = [stretch(0, 3, "shown"), stretch(3, FOR_EVER, "overdue")];
        let c = [stretch(0, 3, "shown"), stretch(3, FOR_EVER, "shown again")];
        // Away from what was known and back, and on to something else, on one day.
        for (through, end) in [(vec![&b[..], &c, &a], &a[..]), (vec![&b[..], &a, &c], &c)] {
            let mut batch = writer.begin().await.unwrap();
            batch.set_verdicts(&known(b"x", 1, &a)).await.unwrap();
            for part in through {
                batch.set_verdicts(&known(b"x", 2, part)).await.unwrap();
            }
            let parts = dump(batch.rows()).await;
            batch.drop_derived().await.unwrap();
            batch.set_verdicts(&known(b"x", 1, &a)).await.unwrap();
            batch.set_verdicts(&known(b"x", 2, end)).await.unwrap();
            assert_eq!(dump(batch.rows()).await, parts);
            batch.rollback().await.unwrap();
        }
    });
}
