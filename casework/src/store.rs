//! SQL of the tables `case_*`: rows, and the queries that lists and pages need.

pub(crate) mod lists;

use kernel::{
    AppError, DivisionCode, codes,
    ids::{CaseId, Id as _, MaterialId, NoticeId, TaskId},
};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use store::{Row, Store, StoreError, key};
use uuid::Uuid;

macro_rules! table {
    ($(#[$doc:meta])* $module:ident, $name:literal, rank $rank:literal $(, taken $taken:ident)?, {
        keys { $($(#[$kdoc:meta])* $key:ident: $kty:ty,)* }
        $($(#[$fdoc:meta])* $field:ident: $ty:ty,)*
    }) => {
        $(#[$doc])*
        #[expect(unreachable_pub, reason = "the derive of SeaORM writes public types")]
        pub(crate) mod $module {
            use sea_orm::entity::prelude::*;

            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model {
                $($(#[$kdoc])* #[sea_orm(primary_key, auto_increment = false)] pub $key: $kty,)*
                $($(#[$fdoc])* pub $field: $ty,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }

        impl Row for $module::Model {
            const RANK: u16 = $rank;
            $(const TAKEN: &'static kernel::Code = &codes::$taken;)?
        }
    };
}

table! {
    /// A case: columns for lists, the folded state in `body`.
    file, "case_file", rank 100, {
        keys { bureau: String, case_id: Uuid, }
        version: i64,
        state: String,
        number: Option<String>,
        item: String,
        edition: i32,
        name_zh: String,
        name_en: String,
        person_id: Uuid,
        employer_id: Option<Uuid>,
        applicant_masked: String,
        number_tail: String,
        org: String,
        channel: String,
        /// The hall to which somebody came for it.
        hall: Option<String>,
        received_us: Option<i64>,
        expected_on: Option<String>,
        provisional: bool,
        /// The oldest edition of the calendar that counted a clock that runs; none while none does.
        calendar: Option<i32>,
        ready_us: Option<i64>,
        /// Where the result is handed out, while it waits for that.
        ready_org: Option<String>,
        /// Since when its flow cannot go on.
        stuck_us: Option<i64>,
        /// Who fills it in at a window, while it is a draft.
        opened_by: Option<Uuid>,
        /// The other party, person or enterprise, once it was told.
        other_party: Option<Uuid>,
        /// Since when a paper waits to be served on the other party by hand or by mail.
        serve_us: Option<i64>,
        /// Where that is done.
        serve_org: Option<String>,
        closed_us: Option<i64>,
        /// The days of acceptance, of the decision, of the end, and of delivery.
        accepted_on: Option<String>,
        decided_on: Option<String>,
        closed_on: Option<String>,
        delivered_on: Option<String>,
        /// Decided in time, and within the limit of the law where there is one.
        on_time: Option<bool>,
        within_law: Option<bool>,
        /// Delivered with at most one visit.
        one_visit: Option<bool>,
        /// Of an instant item.
        instant: Option<bool>,
        /// Decided after corrections had been asked for.
        corrected: Option<bool>,
        /// The day that presses while it is open; [`NO_LIMIT`] while it waits for the applicant.
        due_on: Option<String>,
        updated_us: i64,
        wrapped_key: Vec<u8>,
        sealed_query_code: Vec<u8>,
        body: String,
    }
}

table! {
    /// An open task, for the inbox; gone when it is done.
    task, "case_task", rank 110, {
        keys { bureau: String, task_id: Uuid, }
        case_id: Uuid,
        case_number: String,
        item: String,
        name_zh: String,
        name_en: String,
        applicant_masked: String,
        number_tail: String,
        channel: String,
        stage: String,
        permission: String,
        org: String,
        holder: Option<Uuid>,
        waiting: bool,
        due_on: String,
        provisional: bool,
        promised_from: Option<String>,
        received_us: i64,
        opened_us: i64,
        party: Uuid,
        employer: Option<Uuid>,
        /// The other party, person or enterprise.
        other_party: Option<Uuid>,
        barred: String,
        note: String,
        version: i64,
    }
}

table! {
    /// One version of the form's data.
    data, "case_data", rank 120, {
        keys { bureau: String, case_id: Uuid, version: i64, }
        plain: String,
        sealed: Vec<u8>,
        at_us: i64,
    }
}

table! {
    /// A sealed text: opinions, reasons, records, answers of registers.
    text, "case_text", rank 130, {
        keys { bureau: String, case_id: Uuid, text_id: Uuid, }
        kind: String,
        sealed: Vec<u8>,
        at_us: i64,
    }
}

table! {
    /// A paper the case has issued.
    notice, "case_notice", rank 140, {
        keys { bureau: String, case_id: Uuid, notice_id: Uuid, }
        kind: String,
        number: Option<String>,
        facts: String,
        sealed: Option<Vec<u8>>,
        at_us: i64,
    }
}

table! {
    /// An uploaded file; its content lies sealed in the object store.
    material, "case_material", rank 150, {
        keys { bureau: String, case_id: Uuid, material_id: Uuid, }
        slot: String,
        sealed_name: Vec<u8>,
        media_type: String,
        size_bytes: i64,
        digest: Vec<u8>,
        at_us: i64,
        /// The parts in which it came, as JSON; none when it came whole.
        parts: Option<String>,
        /// What a virus scanner said of it.
        scan: String,
    }
}

table! {
    /// A file on its way; its parts lie sealed in the object store.
    upload, "case_upload", rank 155, {
        keys { bureau: String, case_id: Uuid, upload_id: Uuid, }
        slot: String,
        /// Its name and digest.
        sealed: Vec<u8>,
        size_bytes: i64,
        received_bytes: i64,
        /// The parts that are there, as JSON, in their order.
        parts: String,
        changed_us: i64,
    }
}

table! {
    /// That a staff member has handled a case, and when last.
    hand, "case_hand", rank 152, {
        keys { bureau: String, staff_id: Uuid, case_id: Uuid, }
        at_us: i64,
    }
}

table! {
    /// A staff member's own views of the list of cases, as JSON.
    views, "case_views", rank 154, {
        keys { bureau: String, staff_id: Uuid, }
        version: i64,
        views: String,
    }
}

table! {
    /// A list of cases that left the house as a spreadsheet: who took it, by which filter, how many.
    export, "case_export", rank 156, {
        keys { bureau: String, export_id: Uuid, }
        staff_id: Uuid,
        filter: String,
        outcome: String,
        row_count: i64,
        at_us: i64,
        ended_us: Option<i64>,
    }
}

table! {
    /// One open case of an applicant per item.
    open, "case_open", rank 160, taken E1205, {
        keys { bureau: String, owner_id: Uuid, item: String, }
        case_id: Uuid,
    }
}

pub(crate) mod rosters;

table! {
    /// The last number given in a series; locked last.
    counter, "case_counter", rank 990, {
        keys { bureau: String, series: String, }
        value: i64,
    }
}

use sea_orm::entity::prelude::*;

/// Sorts after every day: no limit presses.
pub(crate) const NO_LIMIT: &str = "9999-12-31";

/// Finds a case of one agency.
pub(crate) async fn find_in(
    store: &Store,
    bureau: DivisionCode,
    case: CaseId,
) -> Result<file::Model, AppError> {
    let file = store.find(key!(bureau, case.uuid())).await?;
    file.ok_or_else(|| AppError::refused(&codes::E1012))
}

/// Finds a case by its id alone; the caller checks that it is his.
pub(crate) async fn find_own(
    store: &Store,
    case: CaseId,
    is_his: impl Fn(&file::Model) -> bool,
) -> Result<file::Model, AppError> {
    file::Entity::find()
        .filter(file::Column::CaseId.eq(case.uuid()))
        .one(store.read())
        .await
        .map_err(StoreError::from)?
        .filter(is_his)
        .ok_or_else(|| AppError::refused(&codes::E1012))
}

/// Finds a case by its number, for those who also know its query code.
pub(crate) async fn find_by_number(
    store: &Store,
    number: &str,
) -> Result<Option<file::Model>, StoreError> {
    Ok(file::Entity::find()
        .filter(file::Column::Number.eq(number))
        .one(store.read())
        .await?)
}

/// Finds an open task of one agency.
pub(crate) async fn find_task(
    store: &Store,
    bureau: DivisionCode,
    task: TaskId,
) -> Result<task::Model, AppError> {
    let task = store.find(key!(bureau, task.uuid())).await?;
    task.ok_or_else(|| AppError::refused(&codes::E1012))
}

/// The newest form data of a case; `version` is that of the data when the case was read.
pub(crate) async fn newest_data(
    store: &Store,
    file: &file::Model,
    version: i64,
) -> Result<Option<data::Model>, StoreError> {
    let known = store.find(key!(file.bureau.clone(), file.case_id, version));
    if let Some(row) = known.await? {
        return Ok(Some(row));
    }
    // Saved again since: a draft keeps its newest data alone.
    Ok(data::Entity::find()
        .filter(data::Column::Bureau.eq(&file.bureau))
        .filter(data::Column::CaseId.eq(file.case_id))
        .order_by_desc(data::Column::Version)
        .limit(1)
        .one(store.read())
        .await?)
}

/// A sealed text of a case.
pub(crate) async fn text_of(
    store: &Store,
    file: &file::Model,
    id: Uuid,
) -> Result<Option<text::Model>, StoreError> {
    let key = key!(file.bureau.clone(), file.case_id, id);
    store.find(key).await
}

/// A paper of a case.
pub(crate) async fn notice_of(
    store: &Store,
    file: &file::Model,
    id: NoticeId,
) -> Result<notice::Model, AppError> {
    notice::Entity::find_by_id((file.bureau.clone(), file.case_id, id.uuid()))
        .one(store.read())
        .await
        .map_err(StoreError::from)?
        .ok_or_else(|| AppError::refused(&codes::E1012))
}

/// All papers of a case, oldest first.
pub(crate) async fn notices_of(
    store: &Store,
    file: &file::Model,
) -> Result<Vec<notice::Model>, StoreError> {
    Ok(notice::Entity::find()
        .filter(notice::Column::Bureau.eq(&file.bureau))
        .filter(notice::Column::CaseId.eq(file.case_id))
        .order_by_asc(notice::Column::AtUs)
        .order_by_asc(notice::Column::NoticeId)
        .all(store.read())
        .await?)
}

/// The files of a case, oldest first.
pub(crate) async fn materials_of(
    store: &Store,
    file: &file::Model,
) -> Result<Vec<material::Model>, StoreError> {
    Ok(material::Entity::find()
        .filter(material::Column::Bureau.eq(&file.bureau))
        .filter(material::Column::CaseId.eq(file.case_id))
        .order_by_asc(material::Column::AtUs)
        .order_by_asc(material::Column::MaterialId)
        .all(store.read())
        .await?)
}

/// One file of a case.
pub(crate) async fn material_of(
    store: &Store,
    file: &file::Model,
    id: MaterialId,
) -> Result<material::Model, AppError> {
    material::Entity::find_by_id((file.bureau.clone(), file.case_id, id.uuid()))
        .one(store.read())
        .await
        .map_err(StoreError::from)?
        .ok_or_else(|| AppError::refused(&codes::E1012))
}

/// The files of a case that are on their way, oldest first.
pub(crate) async fn uploads_of(
    store: &Store,
    file: &file::Model,
) -> Result<Vec<upload::Model>, StoreError> {
    Ok(upload::Entity::find()
        .filter(upload::Column::Bureau.eq(&file.bureau))
        .filter(upload::Column::CaseId.eq(file.case_id))
        .order_by_asc(upload::Column::UploadId)
        .all(store.read())
        .await?)
}

/// The cases of a person, or of an enterprise for which he acts, that are submitted and not over.
pub(crate) async fn open_of_person(
    store: &Store,
    person: Uuid,
) -> Result<Vec<file::Model>, StoreError> {
    Ok(file::Entity::find()
        .filter(file::Column::PersonId.eq(person))
        .filter(file::Column::Number.is_not_null())
        .filter(file::Column::ClosedUs.is_null())
        .order_by_asc(file::Column::UpdatedUs)
        .all(store.read())
        .await?)
}

/// Cases of an agency with a clock that runs and was counted with an older edition of the calendar,
/// after a position.
pub(crate) async fn counted_before(
    store: &Store,
    bureau: DivisionCode,
    edition: i32,
    after: Uuid,
    limit: u64,
) -> Result<Vec<file::Model>, StoreError> {
    Ok(file::Entity::find()
        .filter(file::Column::Bureau.eq(bureau.to_string()))
        .filter(file::Column::Calendar.lt(edition))
        .filter(file::Column::CaseId.gt(after))
        .order_by_asc(file::Column::CaseId)
        .limit(limit)
        .all(store.read())
        .await?)
}
