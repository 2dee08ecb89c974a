//! What copies add to the figures.

use anyhow::Context as _;
use insight::copies::{Copy, Rating};
use kernel::{Timestamp, item::Words};
use store::copy::CellRow;

use super::{Work, id, model::ModelCase, number, place::Face, rewrite::Shift, text};

impl Work<'_> {
    /// Counts a copy without a log.
    pub(super) fn counted(
        &mut self,
        model: &ModelCase,
        shift: Shift,
        face: &Face,
        file: &CellRow,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("case_file")?;
        let copy = Copy {
            bureau: face.bureau.clone(),
            case: id(&file[shape.at("case_id")?]).context("a case without an id")?,
            org: face.org.clone(),
            item: face.item.clone(),
            name: Words {
                zh: face.name_zh.clone(),
                en: face.name_en.clone(),
            },
            hall: text(&file[shape.at("hall")?]),
            days: shift.days,
            presses: face.presses.as_deref().map(str::parse).transpose()?,
        };
        self.figures.add(self.insight, &model.log, &copy);
        Ok(())
    }

    /// Counts a rating of a copy: whole ones have no event of it either.
    pub(super) fn rated(&mut self, file: &CellRow, stars: i64) -> anyhow::Result<()> {
        let shape = self.models.shape("case_file")?;
        let of = |column| anyhow::Ok(text(&file[shape.at(column)?]));
        let rating = Rating {
            bureau: of("bureau")?,
            org: of("org")?,
            item: of("item")?,
            channel: of("channel")?,
            hall: of("hall")?,
            day: Timestamp::from_micros(number(&file[shape.at("updated_us")?])).day(),
            stars: i32::try_from(stars)?,
        };
        self.figures.rate(self.insight, &rating);
        Ok(())
    }
}
