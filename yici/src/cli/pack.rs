//! `yici pack check`, `load`, `export` and `diff`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use catalog::{
    PackLoaded, Publication, differences,
    pack::{Files, Pack as Checked},
};
use kernel::{Date, item::ItemCode};
use yici::{city, settings::Resolved};

use super::{
    say,
    start::{self, How},
};

/// What to do with a pack.
#[derive(clap::Subcommand)]
pub(crate) enum Pack {
    /// Tells every fault of a pack; exit code 1 when there is one.
    Check {
        /// Folder of the pack; the configured one if none.
        folder: Option<PathBuf>,
        /// Lists what general items do not say yet.
        #[arg(long)]
        gaps: bool,
    },
    /// Loads the configured pack into the database.
    Load {
        /// Items that changed become drafts, to be reviewed and published in the workbench; nothing
        /// that is in force changes.
        #[arg(long)]
        draft: bool,
        /// The day from which new editions are in force; today if none.
        #[arg(long, conflicts_with = "draft")]
        effective: Option<Date>,
    },
    /// Writes what is in force, as the database has it, over the configured pack's files.
    Export {
        /// The folder, which must be empty or not be there.
        folder: PathBuf,
    },
    /// Tells how the items of two packs differ; exit code 1 when they do.
    Diff {
        /// Folder of the first pack.
        before: PathBuf,
        /// Folder of the second.
        after: PathBuf,
        /// Only this item.
        #[arg(long)]
        item: Option<ItemCode>,
    },
}

pub(crate) async fn run(settings: &Resolved, command: &Pack) -> anyhow::Result<ExitCode> {
    match command {
        Pack::Check { folder, gaps } => {
            let folder = folder.as_ref().unwrap_or(&settings.pack);
            Ok(check(folder, *gaps))
        }
        Pack::Load { draft, effective } => load(settings, *draft, *effective).await,
        Pack::Export { folder } => export(settings, folder).await,
        Pack::Diff {
            before,
            after,
            item,
        } => diff((before, after), item.as_ref()),
    }
}

fn check(folder: &Path, gaps: bool) -> ExitCode {
    let checked = Files::read(folder).and_then(|files| Checked::check(&files));
    match checked {
        Ok(pack) => {
            if gaps {
                pack.gaps.iter().for_each(say);
            }
            say(format!(
                "{}: {} items, 0 faults, {} gaps",
                folder.display(),
                pack.items.len(),
                pack.gaps.len()
            ));
            ExitCode::SUCCESS
        }
        Err(faults) => {
            faults.iter().for_each(say);
            say(format!("{}: {} faults", folder.display(), faults.len()));
            ExitCode::FAILURE
        }
    }
}

async fn load(
    settings: &Resolved,
    draft: bool,
    effective: Option<Date>,
) -> anyhow::Result<ExitCode> {
    start::log();
    let opened = start::open(settings, How::default()).await?;
    let (app, pack) = (&opened.app, &opened.pack);
    let today = app.kit.clock.now().day();
    if effective.is_some_and(|day| day < today) {
        bail!("--effective: the day has passed; today is {today}");
    }
    let publication = if draft {
        Publication::Draft
    } else {
        Publication::From(effective.unwrap_or(today))
    };
    let loaded = city::load_as(app, pack, publication).await?;
    opened.leave().await?;
    tell(&loaded, publication);
    say(format!("{} is loaded.", settings.pack.display()));
    Ok(ExitCode::SUCCESS)
}

fn tell(loaded: &PackLoaded, publication: Publication) {
    for (code, edition) in &loaded.editions {
        say(match publication {
            Publication::Draft => format!("{code}: edition {edition}, a draft to be reviewed"),
            Publication::From(day) => format!("{code}: edition {edition}, in force from {day}"),
        });
    }
    for code in &loaded.closed {
        say(format!("{code}: not offered any more"));
    }
}

async fn export(settings: &Resolved, folder: &Path) -> anyhow::Result<ExitCode> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{}: the folder is not empty", folder.display());
    }
    start::log();
    let opened = start::open(settings, How::default()).await?;
    let files = Files::read(&settings.pack).ok();
    let files = files.with_context(|| format!("{} cannot be read", settings.pack.display()))?;
    let written = catalog::export_pack(&opened.app.catalog, (&files, &opened.pack)).await;
    let written = written.map_err(city::told)?;
    opened.leave().await?;
    for (path, text) in &written.0 {
        let file = folder.join(path);
        let place = file.parent().unwrap_or(folder);
        fs::create_dir_all(place).with_context(|| place.display().to_string())?;
        fs::write(&file, text).with_context(|| file.display().to_string())?;
    }
    say(format!("{}: {} files", folder.display(), written.0.len()));
    Ok(check(folder, false))
}

fn diff(folders: (&Path, &Path), only: Option<&ItemCode>) -> anyhow::Result<ExitCode> {
    let (before, after) = (city::read_pack(folders.0)?, city::read_pack(folders.1)?);
    let is_asked = |code: &ItemCode| only.is_none_or(|only| only == code);
    let find = |pack: &'_ Checked, code: &ItemCode| {
        pack.items.iter().position(|item| item.facts.code == *code)
    };
    let (mut both, mut differing, mut alone) = (0, 0, 0);
    for item in before
        .items
        .iter()
        .filter(|item| is_asked(&item.facts.code))
    {
        let (code, name) = (&item.facts.code, &item.facts.name.zh);
        let Some(other) = find(&after, code).and_then(|at| after.items.get(at)) else {
            alone += 1;
            say(format!("{code} {name}: only in {}", folders.0.display()));
            continue;
        };
        both += 1;
        let found = differences(item, other);
        if found.is_empty() {
            continue;
        }
        differing += 1;
        say(format!("{code} {name}"));
        for one in &found {
            say(format!("  {}", one.place));
            one.before
                .iter()
                .for_each(|text| say(format!("    - {text}")));
            one.after
                .iter()
                .for_each(|text| say(format!("    + {text}")));
        }
    }
    let new = after.items.iter().filter(|item| is_asked(&item.facts.code));
    for item in new.filter(|item| find(&before, &item.facts.code).is_none()) {
        alone += 1;
        let name = &item.facts.name.zh;
        say(format!(
            "{} {name}: only in {}",
            item.facts.code,
            folders.1.display()
        ));
    }
    say(format!(
        "{both} items in both, {differing} differ, {alone} in one alone"
    ));
    Ok(if differing + alone == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
