//! The rows of this context's tables.

/// What every table of this context has in common: its place in the order of locks, and the
/// refusal when a row that must be new exists already.
macro_rules! row {
    ($rank:literal) => {
        row!($rank, kernel::codes::E1010);
    };
    ($rank:literal, $taken:path) => {
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub(crate) enum Relation {}
        impl ActiveModelBehavior for ActiveModel {}
        impl store::Row for Model {
            const RANK: u16 = $rank;
            const TAKEN: &'static kernel::Code = &$taken;
        }
    };
}

pub(crate) mod throttle {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_throttle")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: Vec<u8>,
        pub failures: i32,
        pub failed_us: i64,
        pub rest_until_us: i64,
    }
    row!(100);
}

pub(crate) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub session_id: Uuid,
        pub surface: String,
        pub person_id: Option<Uuid>,
        pub employer_id: Option<Uuid>,
        /// The agency whose event log tells of the session.
        pub bureau: String,
        pub staff_id: Option<Uuid>,
        pub started_us: i64,
        pub seen_us: i64,
        pub version: i64,
    }
    row!(101);
}

pub(crate) mod staff_account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_account")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: String,
        pub bureau: String,
        pub staff_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub password_hash: Option<String>,
        pub changed_us: i64,
    }
    row!(102, kernel::codes::E1111);
}

pub(crate) mod staff {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        pub account: String,
        pub name: String,
        pub org: String,
        pub person_id: Option<Uuid>,
        pub active: bool,
        pub version: i64,
    }
    // A staff id is never taken: what is, is the person (index `staff_person`).
    row!(103, kernel::codes::E1119);
}

pub(crate) mod staff_post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_post")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub post: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
    }
    row!(104);
}

pub(crate) mod absence {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_absence")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub absence_id: Uuid,
        pub staff_id: Uuid,
        pub deputy_id: Uuid,
        pub from_day: String,
        pub to_day: String,
        #[sea_orm(column_type = "Text")]
        pub reason: String,
    }
    row!(105);
}

pub(crate) mod employer_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "employer_code")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub credit_code: String,
        pub employer_id: Uuid,
    }
    row!(106);
}

pub(crate) mod employer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "employer")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub employer_id: Uuid,
        pub credit_code: String,
        pub name: String,
        pub agents: i64,
        pub created_us: i64,
        pub version: i64,
    }
    row!(107);
}

pub(crate) mod agent {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "employer_agent")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub employer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub since_us: i64,
    }
    row!(108);
}

pub(crate) mod lookup {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_lookup")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_id: i64,
        pub person_id: Uuid,
    }
    row!(109, kernel::codes::E1111);
}

pub(crate) mod person {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub name_sealed: Vec<u8>,
        pub number_sealed: Vec<u8>,
        pub mobile_sealed: Option<Vec<u8>>,
        pub created_us: i64,
        pub version: i64,
        pub email_sealed: Option<Vec<u8>>,
    }
    row!(110);
}

pub(crate) mod person_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_key")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub key_id: Uuid,
        pub wrapped: Vec<u8>,
    }
    row!(111);
}

pub(crate) mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_account")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub password_hash: String,
        pub changed_us: i64,
        /// Until when the password is good, when it is a one-time password.
        pub one_time_until_us: Option<i64>,
    }
    row!(112, kernel::codes::E1111);
}

pub(crate) mod consent {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_consent")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        pub agreed: bool,
        pub since_us: i64,
    }
    row!(113);
}

pub(crate) mod organisation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub path: String,
        pub name_zh: String,
        pub name_en: String,
    }
    row!(114);
}

pub(crate) mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub post: String,
        pub place: i32,
        pub name_zh: String,
        pub name_en: String,
        /// Posts that nobody may hold beside this one, as a JSON list.
        #[sea_orm(column_type = "Text")]
        pub incompatible: String,
    }
    row!(115);
}

pub(crate) mod post_permission {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post_permission")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub post: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub permission: String,
    }
    row!(116);
}
