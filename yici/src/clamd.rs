//! The virus scanner ClamAV: its daemon takes a content over a socket and says what it found
//! (clamd(8), command `INSTREAM`).

use std::{fmt, io, path::PathBuf, pin::Pin, str::FromStr, time::Duration};

use anyhow::{anyhow, bail};
use kernel::{
    limits::{SCAN_PIECE_BYTES, SCAN_SECONDS_MAX},
    ports::{Scanner, Verdict},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// How long one scan may take.
const PATIENCE: Duration = Duration::from_secs(SCAN_SECONDS_MAX);
/// Bytes of an answer: a name of a virus and a few words.
const ANSWER_BYTES_MAX: u64 = 1_000;
/// Letters of a name of a virus that are told on.
const NAME_CHARS_MAX: usize = 100;

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A host and a port.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let place = text.strip_prefix("tcp://").and_then(|place| {
            let (host, port) = place.rsplit_once(':')?;
            let port: u16 = port.parse().ok()?;
            (!host.is_empty() && port > 0).then(|| place.to_owned())
        });
        match place {
            Some(place) => Ok(Self::Tcp(place)),
            None => bail!("the virus scanner is tcp://HOST:PORT or unix:/PATH"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(place) => write!(f, "tcp://{place}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The daemon at an address.
#[derive(Debug, Clone)]
pub struct Clamd(pub Address);

impl Clamd {
    /// What the daemon says it is, with the day of its signatures.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn version(&self) -> anyhow::Result<String> {
        let said = self.ask(b"zVERSION\0", None).await;
        let said = said.map_err(|fault| anyhow!("{fault}"))?;
        if said.starts_with("ClamAV") {
            Ok(said)
        } else {
            bail!("what answers there is not clamd")
        }
    }

    async fn ask(&self, command: &[u8], content: Option<&[u8]>) -> io::Result<String> {
        let asked = async {
            match &self.0 {
                Address::Tcp(place) => {
                    talk(TcpStream::connect(place).await?, command, content).await
                }
                Address::Unix(path) => {
                    talk(UnixStream::connect(path).await?, command, content).await
                }
            }
        };
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        timeout(PATIENCE, asked).await.map_err(late)?
    }
}

/// Sends a command, and a content in pieces with their lengths before them; an empty one ends it.
async fn talk<S>(mut stream: S, command: &[u8], content: Option<&[u8]>) -> io::Result<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(command).await?;
    if let Some(content) = content {
        for piece in content.chunks(SCAN_PIECE_BYTES).chain([&[][..]]) {
            let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
            stream.write_all(&length.to_be_bytes()).await?;
            stream.write_all(piece).await?;
        }
    }
    stream.flush().await?;
    let mut answer = Vec::new();
    stream
        .take(ANSWER_BYTES_MAX)
        .read_to_end(&mut answer)
        .await?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.trim_end_matches(['\0', '\n']).to_owned())
}

fn verdict(answer: &str) -> Verdict {
    let said = answer.strip_prefix("stream: ").unwrap_or_default();
    if said == "OK" {
        return Verdict::Clean;
    }
    let Some(name) = said.strip_suffix(" FOUND") else {
        return Verdict::Unavailable;
    };
    let shown = |c: &char| c.is_ascii_graphic();
    let virus = name.chars().filter(shown).take(NAME_CHARS_MAX).collect();
    Verdict::Infected { virus }
}

impl Scanner for Clamd {
    fn scan<'a>(&'a self, content: &'a [u8]) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>> {
        Box::pin(async move {
            let answer = self.ask(b"zINSTREAM\0", Some(content)).await;
            let verdict = answer.as_deref().map_or(Verdict::Unavailable, verdict);
            if verdict == Verdict::Unavailable {
                let said = answer.unwrap_or_else(|fault| fault.to_string());
                tracing::warn!(scanner = %self.0, said, "the virus scanner gave no answer");
            }
            verdict
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_port_or_a_socket() {
        for text in [
            "tcp://127.0.0.1:3310",
            "tcp://[::1]:3310",
            "unix:/run/clamav/clamd.ctl",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "unix:",
            "tcp://",
            "tcp://host",
            "tcp://:3310",
            "tcp://host:0",
            "host:3310",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_is_said_to_be_clean_is_clean() {
        assert_eq!(verdict("stream: OK"), Verdict::Clean);
        let virus = "Win.Test.EICAR_HDB-1".to_owned();
        let found = verdict("stream: Win.Test.EICAR_HDB-1 FOUND");
        assert_eq!(found, Verdict::Infected { virus });
        for other in [
            "",
            "OK",
            "INSTREAM size limit exceeded. ERROR",
            "stream: OK FOUND?",
            "PONG",
        ] {
            assert_eq!(verdict(other), Verdict::Unavailable, "{other}");
        }
    }
}
