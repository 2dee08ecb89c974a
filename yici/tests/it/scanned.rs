//! Viruses in uploads: refused at once, looked for later while the scanner is silent, on record.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use kernel::{
    limits::SCAN_AGAIN_SECONDS,
    ports::{Scanner, Verdict},
};
use serde_json::{Value, json};
use testkit::on_both;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixListener},
};
use yici::clamd::{Address, Clamd};

use crate::{
    binary::Installation,
    client::{Call, PDF},
    commands::out,
    harness::TestApp,
    story::Story,
};

/// The test file that every scanner knows (EICAR), in two halves so that none finds it here.
fn eicar() -> Vec<u8> {
    let halves = [
        "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-",
        "ANTIVIRUS-TEST-FILE!$H+H*",
    ];
    halves.concat().into_bytes()
}

/// A paper that carries it.
fn infected() -> Vec<u8> {
    [PDF, &eicar()].concat()
}

fn has_virus(content: &[u8]) -> bool {
    let virus = eicar();
    content.windows(virus.len()).any(|piece| piece == virus)
}

/// A scanner that is silent for a while.
pub(crate) struct Moody {
    silent: AtomicUsize,
}

impl Moody {
    /// Silent for so many files.
    pub(crate) fn silent_first(times: usize) -> Self {
        let silent = AtomicUsize::new(times);
        Self { silent }
    }
}

impl Scanner for Moody {
    fn scan<'a>(&'a self, content: &'a [u8]) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>> {
        let less = |left: usize| left.checked_sub(1);
        let silent = self
            .silent
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        Box::pin(async move {
            match silent {
                Ok(_) => Verdict::Unavailable,
                Err(_) if has_virus(content) => Verdict::Infected {
                    virus: "Eicar-Test-Signature".to_owned(),
                },
                Err(_) => Verdict::Clean,
            }
        })
    }
}

/// As much of clamd as is needed; while it is `down` it hangs up.
async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    down: bool,
) -> std::io::Result<()> {
    if down {
        return Ok(());
    }
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        command.push(stream.read_u8().await?);
    }
    if command == b"zVERSION\0" {
        return stream
            .write_all(b"ClamAV 1.4.3/27400/Mon Mar  2 08:00:00 2026\0")
            .await;
    }
    assert_eq!(command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let length = stream.read_u32().await?;
        if length == 0 {
            break;
        }
        let mut piece = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut piece).await?;
        content.extend_from_slice(&piece);
    }
    let said: &[u8] = if has_virus(&content) {
        b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    } else {
        b"stream: OK\0"
    };
    stream.write_all(said).await
}

/// A clamd on a port of this machine, and what switches it off.
async fn clamd() -> (Address, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let down = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&down);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, down.load(Ordering::SeqCst)));
        }
    });
    (address.parse().unwrap(), switch)
}

#[tokio::test]
async fn the_daemon_is_asked_over_a_port_or_a_socket() {
    let (port, down) = clamd().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.ctl");
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, false));
        }
    });
    let large = vec![b'%'; 3_000_000];
    for address in [port.clone(), Address::Unix(path)] {
        let clamd = Clamd(address);
        assert_eq!(clamd.scan(PDF).await, Verdict::Clean);
        assert_eq!(clamd.scan(&large).await, Verdict::Clean);
        let virus = "Win.Test.EICAR_HDB-1".to_owned();
        assert_eq!(clamd.scan(&infected()).await, Verdict::Infected { virus });
        assert!(clamd.version().await.unwrap().starts_with("ClamAV 1.4.3"));
    }
    down.store(true, Ordering::SeqCst);
    let nobody = Address::Unix(folder.path().join("nobody"));
    for address in [port, nobody] {
        assert_eq!(Clamd(address.clone()).scan(PDF).await, Verdict::Unavailable);
        assert!(Clamd(address).version().await.is_err());
    }
}

/// Sends a file in one part and finishes it.
async fn send(
    story: &Story<'_>,
    who: &crate::client::Who,
    content: &[u8],
) -> crate::client::Answer {
    let upload = story.begin(who, "m2", content).await.good();
    story.part(who, &upload, 0, content).await.good();
    story.finish(who, &upload).await
}

/// A material as its page shows it.
async fn shown(app: &TestApp, who: &crate::client::Who, case: &str) -> Value {
    let draft = app.get(who, &format!("/cases/{case}/draft")).await;
    let mut slots = draft["materials"].as_array().unwrap().iter();
    slots.find(|slot| slot["id"] == "m2").unwrap().clone()
}

async fn scans(app: &TestApp, who: &crate::client::Who, case: &str) -> Vec<Value> {
    let slot = shown(app, who, case).await;
    let files = slot["files"].as_array().unwrap().iter();
    files.map(|file| file["scan"].clone()).collect()
}

on_both! {
    async fn a_file_with_a_virus_is_not_taken_and_that_is_on_record(database) {
        let (address, _) = clamd().await;
        let app = TestApp::with_scanner(database, Arc::new(Clamd(address))).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let problem = send(&story, &who, &infected()).await.refused(422, "E1053");
        assert!(problem["detail"].as_str().unwrap().contains("Win.Test.EICAR_HDB-1"), "{problem}");
        let whole = Call::new(axum::http::Method::POST, format!("/cases/{}/files?material=m2", story.case));
        app.call(whole.file("证明.pdf", &infected()).by(&who)).await.refused(422, "E1053");
        assert!(app.rows("SELECT upload_id FROM case_upload").await.is_empty());
        assert_eq!(scans(&app, &who, &story.case).await, Vec::<Value>::new());
        let refused = app.audited("case.refuse_file").await;
        assert_eq!(refused.len(), 2);
        assert!(refused.iter().all(|entry| entry.outcome == "E1053" && entry.subject == story.case));
        send(&story, &who, PDF).await.good();
        assert_eq!(scans(&app, &who, &story.case).await, [json!("clean")]);
    }
}

on_both! {
    async fn while_the_scanner_is_silent_files_wait_and_nobody_opens_them(database) {
        let (address, down) = clamd().await;
        let app = TestApp::with_scanner(database, Arc::new(Clamd(address))).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        down.store(true, Ordering::SeqCst);
        let good = send(&story, &who, PDF).await.good();
        assert_eq!(scans(&app, &who, &story.case).await, [json!("waiting")]);
        let body = json!({ "declaration": true, "electronic_service": false });
        app.act(&who, &story.case, "submit", &body).await.good();
        let clerk = app.staff("lijuan").await;
        let file = format!("/cases/{}/files/{}", story.case, good["material_id"].as_str().unwrap());
        for reader in [&who, &clerk] {
            app.call(Call::get(&file).by(reader)).await.refused(409, "E1054");
        }
        app.later(SCAN_AGAIN_SECONDS);
        app.run_jobs().await;
        app.call(Call::get(&file).by(&clerk)).await.refused(409, "E1054");
        down.store(false, Ordering::SeqCst);
        app.later(SCAN_AGAIN_SECONDS);
        app.run_jobs().await;
        let shown = app.call(Call::get(&file).by(&clerk)).await;
        assert_eq!((shown.status, shown.text.as_bytes()), (200, PDF));
    }
}

on_both! {
    async fn a_virus_that_is_found_later_takes_the_file_away(database) {
        let app = TestApp::with_scanner(database, Arc::new(Moody::silent_first(1))).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let bad = send(&story, &who, &infected()).await.good();
        app.later(SCAN_AGAIN_SECONDS);
        app.run_jobs().await;
        let slot = shown(&app, &who, &story.case).await;
        assert_eq!((&slot["files"], &slot["infected"]), (&json!([]), &json!(["材料.png"])));
        let file = format!("/cases/{}/files/{}", story.case, bad["material_id"].as_str().unwrap());
        app.call(Call::get(&file).by(&who)).await.refused(409, "E1059");
        let found = app.audited("case.scan_file").await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].outcome, "E1053");
        assert_eq!(app.events("case.file_scanned").await[0]["virus"], "Eicar-Test-Signature");
        let files = app.files();
        let left = yici::files::left_behind(files.as_ref(), &app.app.kit.store).await;
        assert_eq!(left.unwrap(), 0);
        assert!(std::fs::read_dir(app.folder.path().join(format!("files/180100/{}", story.case))).is_ok_and(|mut files| {
            files.all(|entry| entry.unwrap().path().read_dir().unwrap().next().is_none())
        }));
        // Another file takes its place; then nobody speaks of it any more.
        send(&story, &who, PDF).await.good();
        assert_eq!(scans(&app, &who, &story.case).await, [json!("clean")]);
        assert_eq!(shown(&app, &who, &story.case).await["infected"], json!([]));
        app.call(Call::delete(format!("/cases/{}", story.case)).by(&who)).await.good();
        assert!(app.rows("SELECT material_id FROM case_material").await.is_empty());
    }
}

on_both! {
    async fn the_doctor_asks_the_scanner(database) {
        let installation = Installation::new(database).await;
        let (address, down) = clamd().await;
        let doctor = || {
            let mut command = installation.command(&["doctor"]);
            command.env("YICI_SCANNER", address.to_string());
            async move { tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap() }
        };
        let well = doctor().await;
        assert!(out(&well).contains(&format!("ok     scanner: {address} is ClamAV 1.4.3/27400")), "{}", out(&well));
        down.store(true, Ordering::SeqCst);
        let ill = doctor().await;
        assert_eq!(ill.status.code(), Some(1));
        assert!(out(&ill).contains(&format!("WRONG  scanner: {address}: ")), "{}", out(&ill));
    }
}
