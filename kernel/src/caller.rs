//! Who is calling, and the proof that he may.
//!
//! A handler takes a [`Caller<P>`]; it can only be made by [`Caller::prove`], which checks the
//! permission `P`. A handler without one does not get a caller and cannot reach a use case.

use std::{fmt, marker::PhantomData, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    codes,
    division::DivisionCode,
    error::{AppError, Refusal},
    ids::{EmployerId, PersonId, RequestId, SessionId, StaffId},
    lang::Lang,
    limits::ORGS_NAMED_MAX,
};

/// A place in the tree of organisations: `180100/intake/hall`, root first.
/// The first part is the division code of the agency.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgPath(Arc<str>);

/// A text is not an organisation path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an organisation path is lower-case words separated by slashes")]
pub struct NotAnOrgPath;

impl OrgPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this organisation or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        Self::holds(self.as_str(), other.as_str())
    }

    /// The same for paths as columns keep them.
    pub fn holds(outer: &str, inner: &str) -> bool {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What lies both in some organisations and in others.
    pub fn common(some: &[Self], others: &[Self]) -> Vec<Self> {
        let inner = |one: &Self, other: &Self| {
            let inner = if one.contains(other) { other } else { one };
            (one.contains(other) || other.contains(one)).then(|| inner.clone())
        };
        let all = some.iter();
        all.flat_map(|one| others.iter().filter_map(move |other| inner(one, other)))
            .collect()
    }

    /// The organisations in a text, separated by commas.
    ///
    /// # Errors
    /// One of them is no path, or they are more than [`ORGS_NAMED_MAX`].
    pub fn several(text: &str) -> Result<Vec<Self>, NotAnOrgPath> {
        let paths = text.split(',').filter(|path| !path.is_empty());
        let orgs: Vec<Self> = paths.map(str::parse).collect::<Result<_, _>>()?;
        if orgs.len() > ORGS_NAMED_MAX {
            return Err(NotAnOrgPath);
        }
        Ok(orgs)
    }
}

impl FromStr for OrgPath {
    type Err = NotAnOrgPath;
    fn from_str(text: &str) -> Result<Self, NotAnOrgPath> {
        let word = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if text.len() <= 120 && text.split('/').all(word) {
            Ok(Self(text.into()))
        } else {
            Err(NotAnOrgPath)
        }
    }
}

impl TryFrom<String> for OrgPath {
    type Error = NotAnOrgPath;
    fn try_from(text: String) -> Result<Self, NotAnOrgPath> {
        text.parse()
    }
}

impl From<OrgPath> for String {
    fn from(path: OrgPath) -> Self {
        path.0.as_ref().to_owned()
    }
}

impl fmt::Display for OrgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One permission of one staff member, valid in an organisation and below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The permission's name, such as `case.review`.
    pub permission: String,
    /// Where it holds.
    pub org: OrgPath,
    /// The post that carries it, such as `reviewer`.
    pub post: String,
    /// The absent colleague for whom it is held (AB岗), if any.
    pub deputy_for: Option<StaffId>,
}

/// A signed-in citizen in the role he chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// His session.
    pub session: SessionId,
    /// Who he is.
    pub person: PersonId,
    /// For whom he acts.
    pub acting: Acting,
}

/// For whom a citizen acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acting {
    /// For himself.
    Myself,
    /// As agent of an enterprise.
    Enterprise(EmployerId),
}

/// A signed-in staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// His session.
    pub session: SessionId,
    /// Who he is at work.
    pub staff: StaffId,
    /// Who he is as a citizen: he never handles a case in which this person is a party.
    pub person: Option<PersonId>,
    /// His agency.
    pub bureau: DivisionCode,
    /// His place in the organisation.
    pub org: OrgPath,
    /// His name as colleagues see it.
    pub name: Arc<str>,
    /// What he may do, and where.
    pub grants: Arc<[Grant]>,
}

impl Staff {
    /// The organisations in which he holds a permission; empty means he does not hold it.
    pub fn scopes<'a>(&'a self, permission: &'a str) -> impl Iterator<Item = &'a OrgPath> {
        self.grants
            .iter()
            .filter(move |grant| grant.permission == permission)
            .map(|g| &g.org)
    }

    /// Whether he holds a permission for work of this organisation.
    pub fn may(&self, permission: &str, org: &OrgPath) -> bool {
        self.scopes(permission).any(|scope| scope.contains(org))
    }
}

/// Who is behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody signed in.
    Stranger,
    /// A citizen.
    Citizen(Citizen),
    /// A staff member.
    Staff(Staff),
    /// The system itself, named by the job or command that acts.
    System(&'static str),
}

/// A reference to whoever acted, as it stands in events and audit: no name, no number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// Nobody signed in.
    Stranger,
    /// A citizen for himself.
    Person(PersonId),
    /// A citizen as agent of an enterprise.
    Agent {
        /// The citizen.
        person: PersonId,
        /// The enterprise.
        employer: EmployerId,
    },
    /// A staff member.
    Staff(StaffId),
    /// The system, by the name of the job or rule.
    System(String),
}

impl Principal {
    /// The reference kept in events and audit entries.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Stranger => Actor::Stranger,
            Self::Citizen(Citizen {
                person,
                acting: Acting::Myself,
                ..
            }) => Actor::Person(*person),
            Self::Citizen(Citizen {
                person,
                acting: Acting::Enterprise(employer),
                ..
            }) => Actor::Agent {
                person: *person,
                employer: *employer,
            },
            Self::Staff(staff) => Actor::Staff(staff.staff),
            Self::System(name) => Actor::System((*name).to_owned()),
        }
    }
}

/// Who passes a permission check at the door. Scope is checked again where the row is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody signed in.
    SignedIn,
    /// Citizens.
    Citizen,
    /// Staff, whatever their posts.
    Staff,
    /// Staff holding the permission somewhere.
    Granted,
}

/// A permission as a type.
pub trait Permission: Send + Sync + 'static {
    /// The stable name, such as `case.review`.
    const NAME: &'static str;
    /// Who passes.
    const RULE: Rule;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $rule:ident, $zh:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Permission for $name {
                const NAME: &'static str = $text;
                const RULE: Rule = Rule::$rule;
            }
        )*
        /// Every permission: name, rule and Chinese name, in the order of the staff page.
        pub const PERMISSIONS: &[(&str, Rule, &str)] = &[$(($text, Rule::$rule, $zh)),*];
    };
}

permissions! {
    /// Public pages.
    Anyone = "public", Anyone, "公开";
    /// Anything that only needs a session.
    SignedIn = "signed_in", SignedIn, "登录即可";
    /// What citizens do for themselves or an enterprise.
    CanApply = "case.apply", Citizen, "申请办事";
    /// What every staff member sees.
    IsStaff = "staff.any", Staff, "工作人员";
    /// 受理: take in papers, accept, ask for corrections, refuse acceptance.
    CanAccept = "case.accept", Granted, "收件受理";
    /// 审查: review, check on site.
    CanReview = "case.review", Granted, "审查";
    /// 决定: grant or deny.
    CanDecide = "case.decide", Granted, "决定";
    /// 出件: hand out results.
    CanDeliver = "case.deliver", Granted, "出件送达";
    /// Look at cases and tasks of one's organisation.
    CanViewCases = "case.view", Granted, "查看办件";
    /// Take lists of cases out of the house as spreadsheets; every use is an audit entry.
    CanExportCases = "case.export", Granted, "导出办件清单";
    /// Reassign tasks, hand over, allow a second correction notice.
    CanSupervise = "case.supervise", Granted, "督导调度";
    /// Show in full what pages mask of a case, numbers and sensitive answers; every use is an audit entry.
    CanUnmask = "person.unmask", Granted, "查看遮住的号码和内容";
    /// Give a citizen who stands at the window a one-time password.
    CanResetPasswords = "account.reset", Granted, "重置群众密码";
    /// See key figures and curves.
    CanViewInsight = "insight.view", Granted, "查看运行数据";
    /// See ratings without the rater.
    CanViewRatings = "rating.view", Granted, "查看评价";
    /// Keep staff, posts, absences and deputies.
    CanManageStaff = "staff.manage", Granted, "人员岗位管理";
    /// Find drafts of standards right that others made.
    CanReviewItems = "item.review", Granted, "审定事项标准";
    /// Publish, suspend and end standards of items.
    CanPublishItems = "item.publish", Granted, "发布事项标准";
    /// See failed jobs and send them again.
    CanManageJobs = "job.manage", Granted, "后台任务管理";
    /// Read the audit log.
    CanAudit = "audit.view", Granted, "安全审计";
}

/// One request: who sends it, in which language, and under which number it is logged.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its number in logs and problem documents.
    pub id: RequestId,
    /// The reader's language.
    pub lang: Lang,
    /// The window or terminal it came from, if any.
    pub station: Option<Arc<str>>,
}

/// Proof that the caller holds permission `P`.
#[derive(Debug)]
pub struct Caller<P> {
    principal: Principal,
    request: Request,
    proof: PhantomData<fn() -> P>,
}

impl<P> Clone for Caller<P> {
    fn clone(&self) -> Self {
        Self {
            principal: self.principal.clone(),
            request: self.request.clone(),
            proof: PhantomData,
        }
    }
}

impl<P: Permission> Caller<P> {
    /// Checks the permission and gives the proof.
    ///
    /// # Errors
    /// `E1101` when nobody is signed in, `E1102` when the caller may not.
    pub fn prove(principal: Principal, request: Request) -> Result<Self, AppError> {
        let allowed = match (P::RULE, &principal) {
            (Rule::Anyone, _)
            | (Rule::SignedIn, Principal::Citizen(_) | Principal::Staff(_))
            | (Rule::Citizen, Principal::Citizen(_))
            | (Rule::Staff, Principal::Staff(_))
            | (_, Principal::System(_)) => true,
            (Rule::Granted, Principal::Staff(staff)) => staff.scopes(P::NAME).next().is_some(),
            (_, Principal::Stranger) => return Err(Refusal::new(&codes::E1101).into()),
            _ => false,
        };
        if allowed {
            Ok(Self {
                principal,
                request,
                proof: PhantomData,
            })
        } else {
            Err(Refusal::new(&codes::E1102).into())
        }
    }
}

impl<P> Caller<P> {
    /// Who is behind the request.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The request itself.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// The citizen behind the request.
    ///
    /// # Errors
    /// `E1102` when the caller is not a citizen.
    pub fn citizen(&self) -> Result<&Citizen, AppError> {
        match &self.principal {
            Principal::Citizen(citizen) => Ok(citizen),
            _ => Err(Refusal::new(&codes::E1102).into()),
        }
    }

    /// The staff member behind the request.
    ///
    /// # Errors
    /// `E1102` when the caller is not staff.
    pub fn staff(&self) -> Result<&Staff, AppError> {
        match &self.principal {
            Principal::Staff(staff) => Ok(staff),
            _ => Err(Refusal::new(&codes::E1102).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn request() -> Request {
        Request {
            id: RequestId::from_uuid(uuid::Uuid::nil()),
            lang: Lang::Zh,
            station: None,
        }
    }

    fn staff(permission: &str, org: &str) -> Principal {
        let org: OrgPath = org.parse().unwrap();
        Principal::Staff(Staff {
            session: SessionId::from_uuid(uuid::Uuid::nil()),
            staff: StaffId::from_uuid(uuid::Uuid::nil()),
            person: None,
            bureau: "180100".parse().unwrap(),
            org: org.clone(),
            name: "测试".into(),
            grants: [Grant {
                permission: permission.into(),
                org,
                post: "p".into(),
                deputy_for: None,
            }]
            .into(),
        })
    }

    #[test]
    fn organisations_in_a_text_are_narrowed_to_what_lies_in_both() {
        let orgs = |text: &str| OrgPath::several(text);
        let common = |some: &str, others: &str| {
            OrgPath::common(&orgs(some).unwrap(), &orgs(others).unwrap())
        };
        let insurance = "180100/insurance,180100/cards";
        let inner = orgs("180100/insurance/injury,180100/cards").unwrap();
        assert_eq!(
            common(insurance, "180100/insurance/injury,180100/cards"),
            inner
        );
        assert_eq!(common("180100", insurance), orgs(insurance).unwrap());
        assert_eq!(common(insurance, "180100/insurance-cards,180102"), []);
        assert_eq!(orgs("").unwrap(), []);
        assert!(orgs("180100/hall,x y").is_err());
        assert!(orgs(&"180100/hall,".repeat(ORGS_NAMED_MAX + 1)).is_err());
    }

    #[test]
    fn a_stranger_is_asked_to_sign_in_and_a_colleague_without_the_post_is_refused() {
        let code = |result: Result<Caller<CanReview>, AppError>| result.unwrap_err().code();
        assert_eq!(code(Caller::prove(Principal::Stranger, request())), "E1101");
        assert_eq!(
            code(Caller::prove(staff("case.accept", "180100"), request())),
            "E1102"
        );
        assert!(Caller::<CanReview>::prove(staff("case.review", "180100"), request()).is_ok());
        assert!(Caller::<Anyone>::prove(Principal::Stranger, request()).is_ok());
    }

    #[test]
    fn a_permission_holds_in_its_organisation_and_below_only() {
        let Principal::Staff(staff) = staff("case.review", "180100/social") else {
            unreachable!()
        };
        let may = |org: &str| staff.may("case.review", &org.parse().unwrap());
        assert!(may("180100/social") && may("180100/social/pension"));
        assert!(!may("180100") && !may("180100/social-card") && !may("180102/social"));
    }
}
