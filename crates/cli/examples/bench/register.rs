//! The import of the US federal register of 2025.

use crate::child::Place;
use crate::figure::median;
use crate::{Bench, Figure, Figures};

/// Measures it from process start to exit, when the last row is under a signed checkpoint.
pub fn measure(bench: &Bench) -> Figures {
    let Some(register) = &bench.register else {
        eprintln!("   SKIPPED: the register of 2025 is not here; name it with --register FILE");
        return Ok(Vec::new());
    };
    let mut seconds = Vec::new();
    for run in 0..bench.runs {
        let place = Place::new(&bench.dir, &format!("import-{run}"), &bench.minutebook);
        place.remove()?;
        place.init(None)?;
        seconds.push(place.import(register)?.seconds);
        place.remove()?;
    }
    let value = (median(seconds), "s");
    let name = "import of the register of 2025, process start to exit";
    Ok(vec![Figure::absolute(name, value, 2.0)])
}
