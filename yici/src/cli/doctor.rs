//! `yici doctor`: what is wrong with the installation, and how to mend it.

use std::process::ExitCode;

use store::{Options, Store, system::SystemEntropy};
use yici::{city, keys::Keys, settings::Resolved};

use super::say;

pub(crate) async fn run(settings: &Resolved) -> anyhow::Result<ExitCode> {
    let mut wrong = 0;
    let mut tell = |what: &str, result: Result<String, String>| match result {
        Ok(words) => say(format!("ok     {what}: {words}")),
        Err(words) => {
            wrong += 1;
            say(format!("WRONG  {what}: {words}"));
        }
    };
    tell("data folder", data_folder(settings));
    tell("pack", pack(settings));
    tell("keys", keys(settings));
    tell("database", database(settings).await);
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn data_folder(settings: &Resolved) -> Result<String, String> {
    let folder = settings.data.display();
    let probe = settings.data.join(".doctor");
    std::fs::create_dir_all(&settings.data)
        .and_then(|()| std::fs::write(&probe, "probe"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map(|()| folder.to_string())
        .map_err(|fault| {
            format!("{folder} cannot be written ({fault}): give it to the user who runs yici, or choose another with --data")
        })
}

fn pack(settings: &Resolved) -> Result<String, String> {
    match city::read_pack(&settings.pack) {
        Ok(pack) => Ok(format!(
            "{} with {} items",
            settings.pack.display(),
            pack.items.len()
        )),
        Err(fault) => Err(format!(
            "{fault}\n       mend these lines, or choose another pack with --pack"
        )),
    }
}

fn keys(settings: &Resolved) -> Result<String, String> {
    if !settings.data.join("keys").exists() {
        return Ok("none yet; the first start makes them".to_owned());
    }
    Keys::open(&settings.data, &mut SystemEntropy)
        .map(|keys| format!("signing key {}", keys.signing.verifying_key().fingerprint()))
        .map_err(|fault| format!("{fault:#}"))
}

async fn database(settings: &Resolved) -> Result<String, String> {
    if let Some(file) = settings.database.strip_prefix("sqlite:")
        && !std::path::Path::new(file).exists()
    {
        return Ok(format!(
            "{file} does not exist yet; the first start makes it"
        ));
    }
    let options = Options::new(settings.database.clone());
    let store = Store::open(&options).await.map_err(|fault| {
        format!("{fault}: is the server running, and are user, password and name right?")
    })?;
    let answer = store.ping().await.map_err(|fault| fault.to_string());
    let heads = store.audit_heads().await;
    let misplaced = store.events_misplaced().await;
    store.close().await;
    answer?;
    if let Ok(misplaced @ 1..) = misplaced {
        return Err(format!(
            "{misplaced} events bear numbers of another cluster: stop all programs, run `yici renumber`, and start again"
        ));
    }
    let heads = heads.map_err(|_| "it has no schema: run `yici migrate`".to_owned())?;
    Ok(format!("answers; {} audit chains", heads.len()))
}
