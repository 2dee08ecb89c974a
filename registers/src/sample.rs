//! Whom the simulator may send: subjects by their situation, always in the same order.

use kernel::{AppError, CitizenNo, CreditCode};

use crate::{EmployerSituation, Registers, Situation, store as tables};

impl Registers {
    /// People in a situation, in the order of loading.
    ///
    /// # Errors
    /// Broken when the database does not answer.
    pub async fn candidates(
        &self,
        situation: Situation,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<CitizenNo>, AppError> {
        let (limit, offset) = (limit.into(), offset.into());
        let rows = tables::persons_in(&self.store, situation.as_str(), limit, offset).await?;
        let numbers = rows.iter().map(|row| Ok(self.vault.open(row)?.number));
        numbers.collect()
    }

    /// Enterprises in a situation, in the order of loading.
    ///
    /// # Errors
    /// Broken when the database does not answer.
    pub async fn employer_candidates(
        &self,
        situation: EmployerSituation,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<CreditCode>, AppError> {
        let (limit, offset) = (limit.into(), offset.into());
        tables::enterprises_in(&self.store, situation.as_str(), limit, offset).await
    }
}
