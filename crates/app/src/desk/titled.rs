//! A refusal says who and what it speaks of by name, beside the id.

use record::{Refusal, flat};
use store::Rows;
use uuid::Uuid;

use super::Desk;
use crate::error::Result;

impl Desk {
    /// Puts what a record is called before its kind and id, wherever a refusal names those.
    pub(super) async fn titled(&mut self, rows: Rows<'_>, mut refusal: Refusal) -> Result<Refusal> {
        let texts = [Some(&mut refusal.message), refusal.hint.as_mut()];
        for text in texts.into_iter().flatten() {
            for id in ids_in(text) {
                let Some(row) = self.row(rows, id).await? else {
                    continue;
                };
                let bare = format!("the {} {id}", row.kind);
                *text = text.replace(&bare, &format!("“{}” ({bare})", flat(&row.title)));
            }
        }
        Ok(refusal)
    }
}

fn ids_in(text: &str) -> Vec<Uuid> {
    let words = text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
    let whole = words.filter(|word| word.len() == 36);
    let mut ids: Vec<Uuid> = whole.filter_map(|word| word.parse().ok()).collect();
    ids.sort();
    ids.dedup();
    ids
}
