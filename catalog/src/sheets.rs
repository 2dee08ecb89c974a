//! What a pack says beside its items: everyday words, life events, calculators. Unlike an edition, a
//! sheet is replaced: no case depends on it.

use std::collections::BTreeMap;

use kernel::item::{ApplicantKind, ItemCode, Words};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

/// The sheet with [`Everyday`] words.
pub(crate) const WORDS: &str = "words";
/// The sheet with [`LifeEvent`]s.
pub(crate) const LIFE_EVENTS: &str = "life_events";
/// The sheet with [`Topic`]s.
pub(crate) const TOPICS: &str = "topics";
/// The sheet with [`Hall`]s.
pub(crate) const HALLS: &str = "halls";
/// The sheet with [`CalculatorText`](crate::calculator::CalculatorText)s.
pub(crate) const CALCULATORS: &str = "calculators";

/// The sheet with what is [`Elsewhere`].
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// The sheet with each [`OwnPage`].
pub(crate) const PAGES: &str = "pages";

/// How people speak of an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Everyday {
    pub(crate) item: ItemCode,
    /// Words and short phrases.
    pub(crate) words: Vec<String>,
    /// Whole questions.
    pub(crate) asked: Vec<String>,
    /// English words.
    pub(crate) english: Vec<String>,
}

/// Something that happens in a life or a firm, with the items it leads to.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    /// Such as `unemployed`.
    pub id: String,
    /// What happened.
    pub title: Words,
    /// What can be done, in a few words.
    pub lead: Words,
    /// The picture that pages show, one of those they know.
    pub glyph: String,
    /// To whom it happens.
    pub applicant: ApplicantKind,
    /// What is asked to leave out what does not concern him, in this order.
    #[serde(default)]
    pub questions: Vec<LifeQuestion>,
    /// What there is to do, in this order.
    pub parts: Vec<LifePart>,
}

/// A question about the circumstances.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifeQuestion {
    /// The name under which conditions read the answer.
    pub id: String,
    /// The question.
    pub text: Words,
    /// The answers to choose from.
    pub options: Vec<LifeOption>,
    /// Asked only if this holds of the answers before (the FEEL that forms use).
    #[serde(default)]
    pub when: Option<String>,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifeOption {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: Words,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifePart {
    /// What.
    pub title: Words,
    /// Why, and what to know.
    pub text: Words,
    /// Only if this holds of the answers; always if none.
    #[serde(default)]
    pub when: Option<String>,
    /// Pages of the portal that help here.
    #[serde(default)]
    pub links: Vec<LifeLink>,
    /// The items.
    #[serde(default)]
    pub items: Vec<ItemCode>,
}

/// A page of the portal that helps with one thing to do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LifeLink {
    /// Its path on the portal, such as `/calculators/retirement`.
    pub path: String,
    /// What it is good for.
    pub text: Words,
}

/// A field in which people look for items.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Such as `pension`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Its items.
    pub items: Vec<ItemCode>,
}

/// A matter that people bring here and another body handles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// The matter.
    pub matter: Words,
    /// Everyday words for it.
    pub words: Vec<String>,
    /// Who handles it.
    pub body: Words,
    /// How to get there.
    pub how: Words,
    /// The telephone of that body.
    pub phone: String,
}

/// A page of the portal that people ask for and that is no item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPage {
    /// Its path on the portal, such as `/progress`.
    pub path: String,
    /// What it is called.
    pub title: Words,
    /// What it is good for.
    pub lead: Words,
    /// Everyday words for it.
    pub words: Vec<String>,
}

/// A place with windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hall {
    /// Such as `city`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Where it is.
    pub address: Words,
    /// When it is open.
    pub hours: Words,
    /// Its telephone.
    pub phone: String,
    /// How to get there, and what helps who walks badly.
    pub travel: Words,
}

/// One sheet.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) version: i64,
    /// SM3 of the content, hex.
    pub(crate) digest: String,
    pub(crate) content: Value,
}

/// All open sheets by name.
#[derive(Debug, Default)]
pub(crate) struct Sheets(pub(crate) BTreeMap<String, Sheet>);

impl Sheets {
    /// What a sheet lists; nothing when there is no such sheet.
    pub(crate) fn list<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        let sheet = self.0.get(name);
        let content = sheet.map(|sheet| Vec::<T>::deserialize(&sheet.content));
        // Written by this program from these types, or by one that knows more.
        content.and_then(Result::ok).unwrap_or_default()
    }

    /// The digest of a sheet.
    pub(crate) fn digest(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |sheet| &sheet.digest)
    }

    /// Whether these names and versions are all there is.
    pub(crate) fn are(&self, heads: &[(String, i64)]) -> bool {
        let known = |(name, version): &(String, i64)| {
            let sheet = self.0.get(name);
            sheet.is_some_and(|sheet| sheet.version == *version)
        };
        self.0.len() == heads.len() && heads.iter().all(known)
    }
}
