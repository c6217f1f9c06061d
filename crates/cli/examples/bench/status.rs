//! `status` over the register: today and at a past date, cold and warm, small and large.

use std::sync::Arc;

use app::Ledger;
use catalogue::Catalogue;

use crate::child::{Place, asked};
use crate::figure::{median, ms, now};
use crate::generate::{SYSTEMS, register};
use crate::{Bench, Figure, Figures};

/// Days on which the register was there: when most of its later entries were not, and when nearly
/// all were. Of the past, the one that takes longest counts.
const PAST: [&str; 4] = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-20"];

/// The most that the large register may take over the small one.
const OVER: f64 = 1.5;

/// What was taken of one register, in milliseconds: cold today, cold past, warm today, warm past.
type Taken = [f64; 4];

const NAMES: [(&str, f64); 4] = [
    ("cold process, today", 1_000.0),
    ("cold process, the slowest of four past dates", 1_000.0),
    ("warm process, today", 10.0),
    ("warm process, the slowest of four past dates", 10.0),
];

/// Measures the register as it was imported, and with about 275 later entries of each system.
pub fn measure(bench: &Bench) -> Figures {
    let small = taken(bench, &register(bench, "register", SYSTEMS)?)?;
    let name = format!("register-{}", bench.entries);
    let large = taken(bench, &register(bench, &name, bench.entries)?)?;
    let mut figures = Vec::new();
    for (index, (name, limit)) in NAMES.iter().enumerate() {
        let value = (small[index], "ms");
        figures.push(Figure::absolute(format!("status, {name}"), value, *limit));
    }
    for (index, (name, _)) in NAMES.iter().enumerate() {
        let name = format!("status of {} entries, {name}", bench.entries);
        let value = (large[index], "ms");
        figures.push(Figure::beside(name, value, small[index] * OVER));
    }
    Ok(figures)
}

fn taken(bench: &Bench, place: &Place) -> anyhow::Result<Taken> {
    let cold = |as_of: Option<&str>| -> anyhow::Result<f64> {
        let mut seconds = Vec::new();
        for _ in 0..bench.runs {
            let mut command = place.command(&["status", "--json"]);
            command.args(as_of.map(|day| format!("--as-of={day}")));
            seconds.push(asked(&mut command)?.seconds * 1_000.0);
        }
        Ok(median(seconds))
    };
    let [today, past] = warm(bench, place)?;
    let mut slowest = 0.0_f64;
    for day in PAST {
        slowest = slowest.max(cold(Some(day))?);
    }
    Ok([cold(None)?, slowest, today, past])
}

/// Asks a ledger that stays open; the first of each question is not counted.
fn warm(bench: &Bench, place: &Place) -> anyhow::Result<[f64; 2]> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let catalogue = Arc::new(Catalogue::iso_42001()?);
        let ledger = Ledger::open(&place.data, Arc::new(kinds::registry()), catalogue).await?;
        let mut medians = [0.0_f64; 2];
        let past = PAST.map(|day| Some(day.to_owned()));
        for as_of in [None].into_iter().chain(past) {
            let index = usize::from(as_of.is_some());
            let about = app::Asked {
                as_of,
                ..app::Asked::default()
            };
            ledger.status(&about).await?;
            let mut times = Vec::new();
            for _ in 0..bench.runs {
                let begun = now();
                ledger.status(&about).await?;
                times.push(ms(begun.elapsed()));
            }
            medians[index] = medians[index].max(median(times));
        }
        Ok(medians)
    })
}
