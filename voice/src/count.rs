//! Counts a rating on its day: the job behind `rating.given`.

use std::pin::Pin;

use ::store::{
    Command, Loads, Work,
    jobs::{Handler, Lease},
    key,
};
use kernel::{AppError, DivisionCode, Timestamp, error::Broken};
use serde::Deserialize;

use crate::{Voice, store::day};

/// The kind of job.
pub(crate) const JOB: &str = "voice.count";

/// Counts ratings.
pub(crate) struct Count(pub Voice);

#[derive(Debug, Deserialize)]
struct Payload {
    at: Timestamp,
    body: Body,
}

#[derive(Debug, Deserialize)]
struct Body {
    item: String,
    org: String,
    stars: i32,
}

impl Handler for Count {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        _now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async move {
            let payload: Payload = lease.read()?;
            let add = AddToDay {
                bureau: lease.bureau,
                day: payload.at.day().to_string(),
                body: payload.body,
            };
            self.0.kit.run(self.0.kit.envelope_for(lease), add).await
        })
    }
}

struct AddToDay {
    bureau: DivisionCode,
    day: String,
    body: Body,
}

impl AddToDay {
    fn key(&self) -> ::store::Key {
        let body = &self.body;
        key!(
            self.bureau,
            self.day.clone(),
            body.org.clone(),
            body.item.clone()
        )
    }
}

impl Command for AddToDay {
    type Out = ();
    const NAME: &'static str = "rating.count";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        // Which one it was, with the moment that the audit notes, would lead to the rater.
        "rating".to_owned()
    }
    fn lane(&self) -> u64 {
        u64::from(self.bureau.number())
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<day::Model>(self.key());
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let body = &self.body;
        let mut day = work
            .get::<day::Model>(&self.key())?
            .cloned()
            .unwrap_or_else(|| day::Model::empty(self.bureau, &self.day, &body.org, &body.item));
        let count = day
            .stars_mut(body.stars)
            .ok_or_else(|| Broken::new("a rating has stars outside 1 to 5"))?;
        *count += 1;
        work.put(day)
    }
}
