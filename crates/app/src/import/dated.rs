//! Which day each row's record has: an import dates what it makes, and nothing that is there already.

use exchange::plan::{Outcome, Plan};
use record::{Day, KindSpec, counted};

/// Says in each row the day of its record: the one asked for, or today, where it makes a version;
/// else that which the record has. Warns where a day was asked for and a row cannot take it: it
/// makes no version, and no version is ever dated again.
pub(super) fn settle(plan: &mut Plan, (asked, today): (Option<Day>, Day), kind: &KindSpec) {
    let (mut takes, mut stayed) = (false, 0);
    for row in &mut plan.rows {
        match (row.outcome, asked, row.effective_on) {
            (Outcome::Created | Outcome::Revised, ..) => {
                row.effective_on = Some(asked.unwrap_or(today));
                takes = true;
            }
            (Outcome::Unchanged, Some(asked), Some(stays)) if stays != asked => {
                stayed += 1;
                row.warnings.push(format!(
                    "its record says the same already, and goes on saying so from {}, not from {}",
                    stays.in_words(),
                    asked.in_words()
                ));
            }
            _ => {}
        }
    }
    if let Some(asked) = asked.filter(|_| stayed > 0) {
        plan.warnings.push(in_words(asked, (takes, stayed), kind));
    }
}

fn in_words(asked: Day, (takes, stayed): (bool, usize), kind: &KindSpec) -> String {
    let took = match takes {
        false => "no row takes",
        true => "only a row that is created or revised takes",
    };
    let (say, their, they) = match stayed {
        1 => ("says", "its record says", "it keeps its day"),
        _ => ("say", "their records say", "they keep their days"),
    };
    let stayed = counted(stayed, "row");
    format!(
        "{took} {}: {stayed} {say} what {their} already, and {they}. An import dates what it changes; to give a record another day, put its body again with `minutebook record put {} --id ID --effective-on DATE`",
        asked.in_words(),
        kind.name
    )
}
