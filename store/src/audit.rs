//! The audit log: who did what to what, chained entry by entry.
//!
//! Every lane of every running program writes a chain of its own; an entry holds the digest of
//! the one before it (SM3). A signed anchor of all heads goes to a file outside the database, so
//! that changes, gaps, reordering and truncation are found up to the last anchor.

use crate::{Store, StoreError, command::Envelope, row::Row};
use sea_orm::{
    Condition, FromQueryResult as _, QueryOrder as _, QuerySelect as _, Statement,
    entity::prelude::*,
};
use seal::chain::Link;

/// The end of every audit chain. Numbers of lanes are found by skipping from one to the next in the
/// key's index: the work grows with the lanes, not with the entries.
const HEADS: &str = "WITH RECURSIVE chain (lane) AS (SELECT min(lane) FROM audit_entry UNION ALL \
    SELECT (SELECT min(next.lane) FROM audit_entry AS next WHERE next.lane > chain.lane) \
    FROM chain WHERE chain.lane IS NOT NULL) \
    SELECT entry.* FROM chain JOIN audit_entry AS entry ON entry.lane = chain.lane \
    AND entry.seq = (SELECT max(last.seq) FROM audit_entry AS last WHERE last.lane = chain.lane) \
    ORDER BY entry.lane";

/// One entry. Text columns hold references only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// The chain it belongs to; also the distribution column.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lane: i64,
    /// 1, 2, 3, … within the chain.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// When.
    pub at_us: i64,
    /// The agency that acted.
    pub bureau: String,
    /// Who, as JSON of [`kernel::caller::Actor`].
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// What, such as `case.accept`.
    pub action: String,
    /// To what: a printed id.
    pub subject: String,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// The request.
    pub request_id: Uuid,
    /// The window or terminal, empty if none.
    pub station: String,
    /// SM3 of this entry and of the one before it.
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Row for Model {
    const RANK: u16 = 920;
}

/// What an entry says, before it is chained.
#[derive(Debug, Clone)]
pub struct Note {
    /// The agency that acted.
    pub bureau: String,
    /// What was done.
    pub action: &'static str,
    /// To what.
    pub subject: String,
    /// `done`, or the code of the refusal.
    pub outcome: &'static str,
}

impl Model {
    /// The fields under the digest, in their fixed order.
    pub fn fields(&self) -> [Vec<u8>; 9] {
        [
            self.at_us.to_be_bytes().to_vec(),
            self.bureau.clone().into_bytes(),
            self.actor.clone().into_bytes(),
            self.action.clone().into_bytes(),
            self.subject.clone().into_bytes(),
            self.outcome.clone().into_bytes(),
            self.request_id.as_bytes().to_vec(),
            self.station.clone().into_bytes(),
            self.lane.to_be_bytes().to_vec(),
        ]
    }
}

/// The end of one chain, held by the lane that writes it.
#[derive(Debug, Clone)]
pub(crate) struct Tip(pub Link);

impl Tip {
    pub(crate) fn add(&mut self, note: Note, envelope: &Envelope) -> Model {
        let mut entry = Model {
            lane: self.0.lane,
            seq: self.0.seq + 1,
            at_us: envelope.now.as_micros(),
            bureau: note.bureau,
            actor: serde_json::to_string(&envelope.actor).unwrap_or_default(),
            action: note.action.to_owned(),
            subject: note.subject,
            outcome: note.outcome.to_owned(),
            request_id: kernel::ids::Id::uuid(envelope.request),
            station: envelope.station.clone().unwrap_or_default(),
            hash: Vec::new(),
        };
        self.0 = self.0.add(entry.fields().iter().map(Vec::as_slice));
        entry.hash = self.0.hash.to_vec();
        entry
    }
}

impl Store {
    /// The end of every chain.
    pub async fn audit_heads(&self) -> Result<Vec<Link>, StoreError> {
        let ends = Statement::from_string(self.db().backend, HEADS);
        let rows = self.read().query_all_raw(ends).await?;
        rows.iter()
            .map(|row| link_of(&Model::from_query_result(row, "")?))
            .collect()
    }

    pub(crate) async fn audit_tip(&self, lane: i64) -> Result<Option<Link>, StoreError> {
        let last = Entity::find()
            .filter(Column::Lane.eq(lane))
            .order_by_desc(Column::Seq)
            .one(self.read())
            .await?;
        last.map(|entry| link_of(&entry)).transpose()
    }

    /// Entries of one chain after a number, at most `limit`, with the digest each should have.
    pub async fn audit_after(
        &self,
        lane: i64,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<Model>, StoreError> {
        Ok(Entity::find()
            .filter(Column::Lane.eq(lane))
            .filter(Column::Seq.gt(seq))
            .order_by_asc(Column::Seq)
            .limit(limit)
            .all(self.read())
            .await?)
    }
}

/// Which entries an auditor looks at.
#[derive(Debug, Clone)]
pub struct Search {
    /// His agency.
    pub bureau: kernel::DivisionCode,
    /// Only about this printed id.
    pub subject: Option<String>,
    /// Not before this instant.
    pub from: Option<kernel::Timestamp>,
    /// Before this instant.
    pub until: Option<kernel::Timestamp>,
}

/// A place in the list of entries: time, lane, number.
pub type Place = (i64, i64, i64);

impl Model {
    /// Where the list goes on after this entry.
    pub const fn place(&self) -> Place {
        (self.at_us, self.lane, self.seq)
    }
}

impl Store {
    /// Entries of an agency before a place, newest first, at most `rows`.
    pub async fn audit_entries(
        &self,
        search: &Search,
        before: Option<Place>,
        rows: u32,
    ) -> Result<Vec<Model>, StoreError> {
        let mut select = Entity::find().filter(Column::Bureau.eq(search.bureau.to_string()));
        if let Some(subject) = &search.subject {
            select = select.filter(Column::Subject.eq(subject.as_str()));
        }
        if let Some(from) = search.from {
            select = select.filter(Column::AtUs.gte(from.as_micros()));
        }
        if let Some(until) = search.until {
            select = select.filter(Column::AtUs.lt(until.as_micros()));
        }
        if let Some((at, lane, seq)) = before {
            let same_lane = Condition::all()
                .add(Column::Lane.eq(lane))
                .add(Column::Seq.lt(seq));
            let same_time = Condition::all()
                .add(Column::AtUs.eq(at))
                .add(Condition::any().add(Column::Lane.lt(lane)).add(same_lane));
            // The first says to the index where to begin.
            select = select
                .filter(Column::AtUs.lte(at))
                .filter(Condition::any().add(Column::AtUs.lt(at)).add(same_time));
        }
        Ok(select
            .order_by_desc(Column::AtUs)
            .order_by_desc(Column::Lane)
            .order_by_desc(Column::Seq)
            .limit(u64::from(rows))
            .all(self.read())
            .await?)
    }
}

fn link_of(entry: &Model) -> Result<Link, StoreError> {
    let hash = entry
        .hash
        .as_slice()
        .try_into()
        .map_err(|_| StoreError::BadRow {
            table: "audit_entry",
            key: format!("{}/{}", entry.lane, entry.seq),
            fault: "the digest does not have 32 bytes".to_owned(),
        })?;
    Ok(Link {
        lane: entry.lane,
        seq: entry.seq,
        hash,
    })
}
