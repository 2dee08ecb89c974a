//! `yici accounts`.

use std::process::ExitCode;

use anyhow::Context as _;
use identity::{NewAccount, create_account};
use kernel::{CitizenNo, Private};
use yici::{city::told, settings::Resolved};

use super::{
    say,
    start::{self, How},
};

/// Making accounts. The password is read from the environment variable `YICI_PASSWORD`, so that it
/// stands in no history of commands.
#[derive(clap::Subcommand)]
pub(crate) enum Accounts {
    /// Gives a colleague of the pack a password.
    Staff {
        /// His account.
        account: String,
    },
    /// Gives a citizen an account.
    Citizen {
        /// His name.
        name: String,
        /// His citizen number.
        number: CitizenNo,
    },
}

pub(crate) async fn run(settings: &Resolved, command: &Accounts) -> anyhow::Result<ExitCode> {
    start::log();
    let password =
        std::env::var("YICI_PASSWORD").context("set YICI_PASSWORD to the new password")?;
    let password = Private::new(password);
    let opened = start::open(settings, How::default()).await?;
    let account = match command {
        Accounts::Staff { account } => NewAccount::Staff {
            account: account.clone(),
            password,
        },
        Accounts::Citizen { name, number } => NewAccount::Citizen {
            name: Private::new(name.clone()),
            number: Private::new(number.clone()),
            mobile: None,
            password,
        },
    };
    create_account(&opened.app.identity, account)
        .await
        .map_err(told)?;
    opened.leave().await?;
    say("The account is ready.");
    Ok(ExitCode::SUCCESS)
}
