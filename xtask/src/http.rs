//! A file server for one folder: HTTP/1.1, GET and HEAD, one thread and one request a connection.
//! It serves this machine only; it is no server for the world.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest head of a request that is read, in bytes.
const LONGEST_HEAD: u64 = 16 * 1024;

/// Content made when it is asked for, by path relative to the folder.
pub type Generated = fn(root: &Path, path: &str) -> Option<Vec<u8>>;

/// What is served, and where.
pub struct Site {
    /// Folder of the files.
    pub root: PathBuf,
    /// Path in the URL below which the folder is seen: begins and ends with `/`.
    pub base: String,
    /// Asked before the file system.
    pub generated: Generated,
}

/// An answer: status line, headers in full, content.
struct Answer {
    status: &'static str,
    headers: String,
    content: Vec<u8>,
}

impl Answer {
    fn text(status: &'static str, headers: &str) -> Self {
        let headers = format!("Content-Type: text/plain; charset=utf-8\r\n{headers}");
        Self { status, headers, content: format!("{status}\n").into_bytes() }
    }
}

impl Site {
    /// Answers every connection, for ever.
    pub fn serve(self, listener: &TcpListener) {
        let site = Arc::new(self);
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            // A connection that breaks is the browser's affair: it will ask again.
            std::thread::spawn(move || drop(site.converse(stream)));
        }
    }

    fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new((&stream).take(LONGEST_HEAD));
        let mut request = String::new();
        reader.read_line(&mut request)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let mut words = request.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let answer = match method {
            "GET" | "HEAD" => self.answer(target),
            "" => return Ok(()),
            _ => Answer::text("405 Method Not Allowed", "Allow: GET, HEAD\r\n"),
        };
        write!(
            stream,
            "HTTP/1.1 {}\r\nContent-Length: {}\r\n{}Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.content.len(),
            answer.headers
        )?;
        if method == "GET" {
            stream.write_all(&answer.content)?;
        }
        stream.flush()
    }

    fn answer(&self, target: &str) -> Answer {
        let path = target.split(['?', '#']).next().unwrap_or("");
        if format!("{path}/") == self.base {
            return Answer::text("308 Permanent Redirect", &format!("Location: {}\r\n", self.base));
        }
        let Some(relative) = path.strip_prefix(&self.base).and_then(decode).filter(|path| is_inside(path)) else {
            return Answer::text("404 Not Found", "");
        };
        let relative = if relative.is_empty() || relative.ends_with('/') { relative + "index.html" } else { relative };
        let content = (self.generated)(&self.root, &relative).or_else(|| fs::read(self.root.join(&relative)).ok());
        match content {
            Some(content) => {
                let headers = format!("Content-Type: {}\r\n", content_type(&relative));
                Answer { status: "200 OK", headers, content }
            }
            None => Answer::text("404 Not Found", ""),
        }
    }
}

/// Percent-decoding (RFC 3986, section 2.1); nothing where it is malformed or not UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}

/// Whether a decoded path stays in its folder: plain names only, none hidden.
fn is_inside(path: &str) -> bool {
    !path.contains(['\\', '\0', ':']) && path.split('/').all(|name| !name.starts_with('.')) && !path.starts_with('/')
}

/// Content type by the ending of the name. Module scripts and streaming compilation insist on theirs.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "ts" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    /// Serves a small folder below `/sub/`, asks for each target, gives the answers as text.
    fn ask(name: &str, requests: &[&str]) -> Vec<String> {
        let root = std::env::temp_dir().join(format!("glassgpt-http-{name}-{}", std::process::id()));
        files::write(&root.join("page/index.html"), b"<p>home").unwrap();
        files::write(&root.join("page/a b.wasm"), b"\0asm").unwrap();
        files::write(&root.join("page/.hidden"), b"secret").unwrap();
        files::write(&root.join("outside.txt"), b"secret").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let generated: Generated = |_, path| (path == "made.json").then(|| b"{}".to_vec());
        let site = Site { root: root.join("page"), base: "/sub/".into(), generated };
        std::thread::spawn(move || site.serve(&listener));
        let answers = requests.iter().map(|request| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "{request} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        let answers = answers.collect();
        files::remove(&root).unwrap();
        answers
    }

    #[test]
    fn files_come_with_their_type_below_the_base_only() {
        let got = ask("types", &["GET /sub/", "GET /sub/a%20b.wasm?x=1", "GET /sub/made.json", "GET /", "GET /sub"]);
        assert!(got[0].starts_with("HTTP/1.1 200 OK\r\n") && got[0].ends_with("<p>home"), "{}", got[0]);
        assert!(got[0].contains("\r\nContent-Type: text/html; charset=utf-8\r\n"), "{}", got[0]);
        assert!(got[1].contains("\r\nContent-Type: application/wasm\r\n") && got[1].ends_with("\0asm"), "{}", got[1]);
        assert!(got[2].ends_with("\r\n\r\n{}"), "{}", got[2]);
        assert!(got[3].starts_with("HTTP/1.1 404 "), "{}", got[3]);
        assert!(got[4].starts_with("HTTP/1.1 308 ") && got[4].contains("\r\nLocation: /sub/\r\n"), "{}", got[4]);
    }

    #[test]
    fn nothing_outside_the_folder_and_nothing_hidden_is_served() {
        let targets = [
            "../outside.txt",
            "%2e%2e/outside.txt",
            "x/../../outside.txt",
            ".hidden",
            "..%5coutside.txt",
            "%zz",
            "/etc/passwd",
        ];
        for target in targets {
            let got = ask("inside", &[&format!("GET /sub/{target}")]);
            assert!(got[0].starts_with("HTTP/1.1 404 ") && !got[0].contains("secret"), "{target}: {}", got[0]);
        }
    }

    #[test]
    fn head_has_the_length_without_the_content_and_other_methods_are_refused() {
        let got = ask("head", &["HEAD /sub/", "POST /sub/"]);
        assert!(got[0].contains("\r\nContent-Length: 7\r\n") && got[0].ends_with("\r\n\r\n"), "{}", got[0]);
        assert!(got[1].starts_with("HTTP/1.1 405 ") && got[1].contains("\r\nAllow: GET, HEAD\r\n"), "{}", got[1]);
    }
}
