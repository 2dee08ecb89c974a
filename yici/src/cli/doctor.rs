//! `yici doctor`: what is wrong with the installation, and how to mend it.

use std::process::ExitCode;

use kernel::Entropy as _;
use store::{Options, Store, system::SystemEntropy};
use yici::{city, clamd::Clamd, files, keys::Keys, settings::Resolved};

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
    let database = database(settings).await;
    let uploads = uploads(settings, database.is_ok()).await;
    tell("database", database);
    tell("uploads", uploads);
    tell("scanner", scanner(settings).await);
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

/// The file of the embedded database, while it has not been made yet.
fn missing(settings: &Resolved) -> Option<&str> {
    let file = settings.database.strip_prefix("sqlite:")?;
    (!std::path::Path::new(file).exists()).then_some(file)
}

async fn database(settings: &Resolved) -> Result<String, String> {
    if let Some(file) = missing(settings) {
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

async fn scanner(settings: &Resolved) -> Result<String, String> {
    let Some(address) = &settings.scanner else {
        return Ok(
            "none; uploads are taken without a look for viruses (--scanner names a clamd)"
                .to_owned(),
        );
    };
    let version = Clamd(address.clone()).version().await;
    version.map(|version| format!("{address} is {version}")).map_err(|fault| {
        format!("{address}: {fault}: does clamd run there, and may the user who runs yici reach it? Until it answers, files wait and staff cannot open them")
    })
}

/// `known` says whether the database can tell what belongs there.
async fn uploads(settings: &Resolved, known: bool) -> Result<String, String> {
    let place = &settings.files;
    let hint = match place {
        files::Place::Folder(folder) if !folder.exists() => {
            return Ok(format!(
                "{place} does not exist yet; the first start makes it"
            ));
        }
        files::Place::Folder(_) => {
            "give it to the user who runs yici, or choose another with --files"
        }
        files::Place::Bucket { .. } => {
            "is the bucket there, and are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL and AWS_VIRTUAL_HOSTED_STYLE_REQUEST as its provider wants them?"
        }
    };
    let wrong = |fault: anyhow::Error| format!("{place}: {fault:#}: {hint}");
    let files = place.open().map_err(wrong)?;
    let mark = SystemEntropy.below(u64::MAX);
    files::probe(files.as_ref(), mark).await.map_err(wrong)?;
    if !known || missing(settings).is_some() {
        return Ok(format!("{place} can be used"));
    }
    let left = async {
        let store = Store::open(&Options::new(settings.database.clone())).await?;
        let left = files::left_behind(files.as_ref(), &store).await;
        store.close().await;
        left
    };
    Ok(match left.await {
        Ok(0) => format!("{place} can be used; every file there belongs to a case"),
        Ok(left) => format!(
            "{place} can be used; files that belong to no case: {left}. They come from attempts that were broken off; no page shows them"
        ),
        Err(fault) => format!("{place} can be used; what lies there cannot be listed: {fault:#}"),
    })
}
