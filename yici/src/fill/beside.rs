//! What stands beside a copied case: who handled it, ratings, jobs, messages, audit entries.

use anyhow::Context as _;
use kernel::{
    Timestamp,
    ids::{CaseId, Id as _},
};
use store::copy::{Cell, CellRow};
use uuid::Uuid;

use super::{AUDIT_LANE, Dice, Rows, Work, model::ModelCase, moved, number, rewrite::Shift, text};

const DAY_US: i64 = 86_400_000_000;
/// What is added to a rating later is the second part.
const FIRST_PART: i64 = 1;

impl Work<'_> {
    /// Who handled it, and what others keep of it.
    pub(super) fn beside(
        &mut self,
        model: &ModelCase,
        file: &CellRow,
        shift: Shift,
        dice: &mut Dice,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("case_file")?;
        let cell = |column| anyhow::Ok(file[shape.at(column)?].clone());
        let (bureau, case) = (cell("bureau")?, cell("case_id")?);
        let updated = cell("updated_us")?;
        for permission in ["case.accept", "case.review"] {
            let who = self.places.colleague(dice, &text(&bureau), permission);
            if who != Cell::Null {
                let hand = [
                    ("bureau", bureau.clone()),
                    ("staff_id", who),
                    ("case_id", case.clone()),
                    ("at_us", updated.clone()),
                ];
                rows.add("case_hand", self.made("case_hand", hand)?);
            }
        }
        if model.is_open {
            self.job(dice, shift, &bureau, rows)?;
        } else if dice.below(100) < 30 {
            self.rating(dice, shift, file, rows)?;
        }
        if dice.below(2) == 0 {
            self.sent(dice, shift, rows)?;
        }
        self.audited(dice, &bureau, &case, &updated, rows)
    }

    /// A row of a table; columns that are not given are null.
    fn made(
        &self,
        table: &str,
        cells: impl IntoIterator<Item = (&'static str, Cell)>,
    ) -> anyhow::Result<CellRow> {
        let shape = self.models.shape(table)?;
        let mut row = vec![Cell::Null; shape.width()];
        for (column, cell) in cells {
            row[shape.at(column)?] = cell;
        }
        Ok(row)
    }

    fn rating(
        &mut self,
        dice: &mut Dice,
        shift: Shift,
        file: &CellRow,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let (shape, of) = (
            self.models.shape("rating")?,
            self.models.shape("case_file")?,
        );
        let Some(model) = dice.pick(&self.models.ratings) else {
            return Ok(());
        };
        let mut row = moved(shape, model, shift);
        for column in ["bureau", "case_id", "item", "name_zh", "name_en", "org"] {
            row[shape.at(column)?] = file[of.at(column)?].clone();
        }
        let given = Timestamp::from_micros(number(&file[of.at("updated_us")?])).day();
        row[shape.at("given_in")?] = Cell::Text(given.strftime("%Y-%m").to_string());
        row[shape.at("part")?] = Cell::Int(FIRST_PART);
        let stars = number(&row[shape.at("stars")?]);
        rows.add("rating", row);
        self.rated(file, stars)
    }

    /// A limit that waits for its day, far ahead: nothing becomes due while it is measured. One in so
    /// many was given up.
    fn job(
        &self,
        dice: &mut Dice,
        shift: Shift,
        bureau: &Cell,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("job")?;
        let Some(model) = dice.pick(&self.models.jobs) else {
            return Ok(());
        };
        let mut row = moved(shape, model, shift);
        let ahead = DAY_US * i64::try_from(60 + dice.below(60))?;
        let dead = dice.below(50) == 0;
        row[shape.at("bureau")?] = bureau.clone();
        row[shape.at("job_id")?] =
            Cell::Id(shift.id(Uuid::from_u64_pair(dice.next(), dice.next())));
        row[shape.at("state")?] = Cell::Text(if dead { "dead" } else { "ready" }.to_owned());
        row[shape.at("due_us")?] = if dead {
            Cell::Null
        } else {
            Cell::Int(self.now.as_micros() + ahead)
        };
        rows.add("job", row);
        Ok(())
    }

    fn sent(&self, dice: &mut Dice, shift: Shift, rows: &mut Rows) -> anyhow::Result<()> {
        let shape = self.models.shape("demo_outbox")?;
        let Some(model) = dice.pick(&self.models.outbox) else {
            return Ok(());
        };
        let mut row = moved(shape, model, shift);
        row[shape.at("dispatch_key")?] = Cell::Text(format!("copy-{:016x}", shift.salt));
        rows.add("demo_outbox", row);
        Ok(())
    }

    fn audited(
        &mut self,
        dice: &mut Dice,
        bureau: &Cell,
        case: &Cell,
        at: &Cell,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("audit_entry")?;
        let model = dice
            .pick(&self.models.audit)
            .context("the audit log is empty")?;
        let Cell::Id(id) = *case else {
            anyhow::bail!("a case without an id");
        };
        let mut entry = store::audit::Model {
            lane: AUDIT_LANE,
            seq: self.link.seq + 1,
            at_us: number(at),
            bureau: text(bureau),
            actor: text(&model[shape.at("actor")?]),
            action: "case.review".to_owned(),
            subject: CaseId::from_uuid(id).to_string(),
            outcome: "done".to_owned(),
            request_id: id,
            station: String::new(),
            hash: Vec::new(),
        };
        self.link = self.link.add(entry.fields().iter().map(Vec::as_slice));
        entry.hash = self.link.hash.to_vec();
        let row = self.made(
            "audit_entry",
            [
                ("lane", Cell::Int(entry.lane)),
                ("seq", Cell::Int(entry.seq)),
                ("at_us", Cell::Int(entry.at_us)),
                ("bureau", Cell::Text(entry.bureau)),
                ("actor", Cell::Text(entry.actor)),
                ("action", Cell::Text(entry.action)),
                ("subject", Cell::Text(entry.subject)),
                ("outcome", Cell::Text(entry.outcome)),
                ("request_id", Cell::Id(entry.request_id)),
                ("station", Cell::Text(entry.station)),
                ("hash", Cell::Bytes(entry.hash)),
            ],
        )?;
        rows.add("audit_entry", row);
        Ok(())
    }
}
