//! Whose figures are shown.

use kernel::{
    AppError, Caller, Date, DivisionCode, OrgPath, Permission, Refusal,
    caller::{CanViewInsight, Staff},
    codes,
};

/// What the caller may count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    /// The whole city: what is published, and what those see who hold their post in its own root.
    Everything,
    /// Organisations of one agency.
    Staff {
        bureau: DivisionCode,
        scopes: Vec<OrgPath>,
    },
}

/// A view, narrowed to items, a channel and a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slice {
    pub view: View,
    pub items: Items,
    pub channel: Option<String>,
    pub hall: Option<OrgPath>,
}

/// Which items are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Items {
    All,
    One(String),
    /// Those of a field, by their codes.
    Domain {
        name: String,
        codes: Vec<String>,
    },
}

impl Items {
    /// Their codes; none for all.
    pub(crate) fn codes(&self) -> Option<&[String]> {
        match self {
            Self::All => None,
            Self::One(code) => Some(std::slice::from_ref(code)),
            Self::Domain { codes, .. } => Some(codes),
        }
    }
}

impl View {
    /// What the posts of the caller let him see. A post in the root of the city's own agency covers
    /// the districts: figures name nobody.
    pub(crate) fn of(
        caller: &Caller<CanViewInsight>,
        city: DivisionCode,
    ) -> Result<Self, AppError> {
        let staff = caller.staff()?;
        let root = city.to_string();
        let scopes: Vec<OrgPath> = staff.scopes(CanViewInsight::NAME).cloned().collect();
        if staff.bureau == city && scopes.iter().any(|scope| scope.as_str() == root) {
            return Ok(Self::Everything);
        }
        Ok(Self::Staff {
            bureau: staff.bureau,
            scopes,
        })
    }

    /// The part of it that lies in an organisation.
    ///
    /// # Errors
    /// `E1922` when no part of it does.
    pub(crate) fn within(self, wanted: &OrgPath) -> Result<Self, AppError> {
        let refused = || AppError::from(Refusal::new(&codes::E1922));
        let first = wanted.as_str().split('/').next().unwrap_or_default();
        let bureau: DivisionCode = first.parse().map_err(|_| refused())?;
        let scopes = match self {
            Self::Everything => vec![wanted.clone()],
            Self::Staff { scopes, .. } if scopes.iter().any(|scope| scope.contains(wanted)) => {
                vec![wanted.clone()]
            }
            Self::Staff { scopes, .. } => {
                let inside = scopes.into_iter().filter(|scope| wanted.contains(scope));
                inside.collect()
            }
        };
        if scopes.is_empty() {
            return Err(refused());
        }
        Ok(Self::Staff { bureau, scopes })
    }

    /// The organisations that are counted; none for the whole city.
    pub(crate) fn orgs(&self) -> &[OrgPath] {
        match self {
            Self::Everything => &[],
            Self::Staff { scopes, .. } => scopes,
        }
    }

    /// Whether this organisation, or a part of it, is counted.
    pub(crate) fn touches(&self, org: &OrgPath) -> bool {
        match self {
            Self::Everything => true,
            Self::Staff { scopes, .. } => scopes
                .iter()
                .any(|scope| scope.contains(org) || org.contains(scope)),
        }
    }
}

/// Whose cases, or whose ratings, the caller may look at.
#[derive(Debug, Clone)]
pub(crate) struct Sight(Vec<OrgPath>);

impl Sight {
    /// What a permission lets a staff member look at: in his own agency only.
    pub(crate) fn of<P: Permission>(staff: &Staff) -> Self {
        let agency = staff.bureau.to_string();
        let scopes = staff.scopes(P::NAME).cloned();
        let own = |scope: &OrgPath| scope.as_str().split('/').next() == Some(agency.as_str());
        Self(scopes.filter(own).collect())
    }

    /// Whether he may look at everything of an organisation.
    pub(crate) fn covers(&self, org: &OrgPath) -> bool {
        self.0.iter().any(|scope| scope.contains(org))
    }

    /// Whether he may look at everything that is counted; `agencies` are all there are.
    pub(crate) fn covers_view(&self, view: &View, agencies: &[OrgPath]) -> bool {
        let counted = match view {
            View::Everything => agencies,
            View::Staff { scopes, .. } => scopes,
        };
        !counted.is_empty() && counted.iter().all(|org| self.covers(org))
    }
}

/// The day so many days before.
pub(crate) fn days_before(day: Date, days: i32) -> Date {
    (0..days).fold(day, |day, _| day.yesterday().unwrap_or(day))
}

/// The days from one to another, both included.
pub(crate) fn days_from(first: Date, last: Date) -> Vec<Date> {
    let mut days = vec![first];
    while let Some(day) = days.last().filter(|day| **day < last) {
        match day.tomorrow() {
            Ok(next) => days.push(next),
            Err(_) => break,
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use kernel::caller::CanViewCases;

    use super::*;

    fn org(path: &str) -> OrgPath {
        path.parse().unwrap()
    }

    fn seen(place: &str, permissions: &[&str]) -> (View, Sight) {
        let principal = testkit::staff(testkit::id(1), place, permissions);
        let caller: Caller<CanViewInsight> = testkit::caller(principal);
        let view = View::of(&caller, "180100".parse().unwrap()).unwrap();
        let sight = Sight::of::<CanViewCases>(caller.staff().unwrap());
        (view, sight)
    }

    const BOTH: [&str; 2] = ["insight.view", "case.view"];

    #[test]
    fn the_citys_root_covers_the_districts_and_nothing_else_does() {
        assert_eq!(seen("180100", &BOTH).0, View::Everything);
        for place in ["180102", "180100/insurance"] {
            let (view, _) = seen(place, &BOTH);
            assert!(matches!(view, View::Staff { ref scopes, .. } if *scopes == [org(place)]));
        }
    }

    #[test]
    fn nobody_narrows_his_view_to_what_lies_outside() {
        let (view, _) = seen("180100/insurance", &BOTH);
        for outside in ["180102", "180100/employment", "180100/insurance-cards", "x"] {
            assert!(view.clone().within(&org(outside)).is_err(), "{outside}");
        }
        let inner = org("180100/insurance/pension");
        let narrowed = view.clone().within(&inner).unwrap();
        assert!(matches!(narrowed, View::Staff { scopes, .. } if scopes == [inner]));
        // The agency as a whole is what he sees of it.
        assert_eq!(view.clone().within(&org("180100")).unwrap(), view);
    }

    #[test]
    fn cases_are_offered_where_all_of_them_can_be_seen() {
        let agencies = [org("180100"), org("180102")];
        let (city, sight) = seen("180100", &BOTH);
        assert!(!sight.covers_view(&city, &agencies));
        let own = city.within(&agencies[0]).unwrap();
        assert!(sight.covers_view(&own, &agencies));
        assert!(sight.covers(&org("180100/employment")) && !sight.covers(&org("180102/hall")));
        let (district, blind) = seen("180102", &["insight.view"]);
        assert!(!blind.covers_view(&district, &agencies));
    }
}
