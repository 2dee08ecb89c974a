//! SQL of the tables of this context.

use ::store::{Row, Store, StoreError};
use kernel::{
    Timestamp,
    ids::{DispatchId, Id as _, MessageId, PersonId},
};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*};

/// One message in a box.
pub(crate) mod message {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_message")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub message_id: Uuid,
        /// Number within the box.
        pub seq: i64,
        pub bureau: String,
        pub template: String,
        #[sea_orm(column_type = "Text")]
        pub places: String,
        pub case_id: Option<Uuid>,
        pub notice_id: Option<Uuid>,
        pub at_us: i64,
        pub read_us: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A box: how many messages it took, up to which number all are read, how many are not.
pub(crate) mod mailbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_message_box")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub last_seq: i64,
        pub read_seq: i64,
        pub read_us: Option<i64>,
        pub unread: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What is handed to a provider.
pub(crate) mod dispatch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_dispatch")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub dispatch_id: Uuid,
        pub message_id: Uuid,
        pub channel: String,
        pub state: String,
        pub attempts: i32,
        #[sea_orm(column_type = "Text")]
        pub receipt: String,
        pub queued_us: i64,
        pub done_us: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What the demo provider would have sent.
pub(crate) mod outbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "demo_outbox")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dispatch_key: String,
        pub channel: String,
        pub to_masked: String,
        #[sea_orm(column_type = "Text")]
        pub words: String,
        pub at_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for mailbox::Model {
    const RANK: u16 = 500;
}
impl Row for message::Model {
    const RANK: u16 = 510;
}
impl Row for dispatch::Model {
    const RANK: u16 = 520;
}
impl Row for outbox::Model {
    const RANK: u16 = 530;
}

impl mailbox::Model {
    /// The box of a person who never got a message.
    pub(crate) fn empty(person: PersonId) -> Self {
        Self {
            person_id: person.uuid(),
            last_seq: 0,
            read_seq: 0,
            read_us: None,
            unread: 0,
        }
    }

    /// When a message of this box was read, by itself or together with all others.
    pub(crate) fn read_at(&self, message: &message::Model) -> Option<Timestamp> {
        let with_all = self.read_us.filter(|_| message.seq <= self.read_seq);
        message.read_us.or(with_all).map(Timestamp::from_micros)
    }
}

/// The box of a person.
pub(crate) async fn mailbox_of(
    store: &Store,
    person: PersonId,
) -> Result<mailbox::Model, StoreError> {
    Ok(mailbox::Entity::find_by_id(person.uuid())
        .one(store.read())
        .await?
        .unwrap_or_else(|| mailbox::Model::empty(person)))
}

/// The messages of a person below a number, newest first.
pub(crate) async fn messages_of(
    store: &Store,
    person: PersonId,
    below: Option<i64>,
    rows: u32,
) -> Result<Vec<message::Model>, StoreError> {
    let mut select = message::Entity::find().filter(message::Column::PersonId.eq(person.uuid()));
    if let Some(below) = below {
        select = select.filter(message::Column::Seq.lt(below));
    }
    Ok(select
        .order_by_desc(message::Column::Seq)
        .limit(u64::from(rows))
        .all(store.read())
        .await?)
}

/// One message of a person.
pub(crate) async fn find_message(
    store: &Store,
    person: PersonId,
    message: MessageId,
) -> Result<Option<message::Model>, StoreError> {
    Ok(message::Entity::find_by_id((person.uuid(), message.uuid()))
        .one(store.read())
        .await?)
}

/// One dispatch of a person.
pub(crate) async fn find_dispatch(
    store: &Store,
    person: PersonId,
    dispatch: DispatchId,
) -> Result<Option<dispatch::Model>, StoreError> {
    Ok(
        dispatch::Entity::find_by_id((person.uuid(), dispatch.uuid()))
            .one(store.read())
            .await?,
    )
}

/// What the demo provider took before a position, newest first.
pub(crate) async fn outbox_before(
    store: &Store,
    before: Option<(i64, String)>,
    rows: u32,
) -> Result<Vec<outbox::Model>, StoreError> {
    use outbox::Column::{AtUs, DispatchKey};
    let mut select = outbox::Entity::find();
    if let Some((at, key)) = before {
        select = select.filter(
            // The first says to the index where to begin.
            Condition::all().add(AtUs.lte(at)).add(
                Condition::any()
                    .add(AtUs.lt(at))
                    .add(Condition::all().add(AtUs.eq(at)).add(DispatchKey.lt(key))),
            ),
        );
    }
    Ok(select
        .order_by_desc(AtUs)
        .order_by_desc(DispatchKey)
        .limit(u64::from(rows))
        .all(store.read())
        .await?)
}
