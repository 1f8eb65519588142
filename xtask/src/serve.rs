//! A static file server for this machine only.

use crate::{Outcome, root};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

const FIRST_PORT: u16 = 8080;
const LAST_PORT: u16 = 8180;
/// A request line longer than this is refused.
const LONGEST_LINE: usize = 8_192;

/// Serves `www/` until the process ends.
pub fn run() -> Outcome {
    let listener = (FIRST_PORT..=LAST_PORT)
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .ok_or_else(|| format!("no free port between {FIRST_PORT} and {LAST_PORT}; stop a server and try again"))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    println!("glassgpt: http://{address}/");
    println!("Stop with Ctrl-C.");
    for stream in listener.incoming().flatten() {
        thread::spawn(move || {
            // A visitor who goes away in the middle is no failure of the server.
            let _ = answer(stream, &root().join("www"));
        });
    }
    Ok(())
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if !["GET", "HEAD"].contains(&method) || line.len() > LONGEST_LINE {
        return send(&mut stream, "405 Method Not Allowed", "text/plain", b"Only GET and HEAD.", true);
    }
    let content = locate(folder, target).and_then(|path| Some((kind(&path), fs::read(path).ok()?)));
    match content {
        Some((kind, bytes)) => send(&mut stream, "200 OK", kind, &bytes, method == "GET"),
        None => send(&mut stream, "404 Not Found", "text/plain", b"There is no such file.", method == "GET"),
    }
}

fn send(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8], with_body: bool) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )?;
    if with_body { stream.write_all(body) } else { Ok(()) }
}

/// The file that a request names, if it lies below the folder.
fn locate(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = decode(target.split(['?', '#']).next()?)?;
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|c| matches!(c, Component::Normal(_)));
    let full = folder.join(relative);
    plain.then(|| if full.is_dir() { full.join("index.html") } else { full })
}

/// Undoes `%41` in a path; `None` if that is malformed.
fn decode(path: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte == b'%' {
            let digits = core::str::from_utf8(rest.get(..2)?).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_never_leave_the_folder() {
        let folder = Path::new("/srv/page");
        assert_eq!(locate(folder, "/a/b.js?x#y"), Some(PathBuf::from("/srv/page/a/b.js")));
        assert_eq!(locate(folder, "/a%20b.js"), Some(PathBuf::from("/srv/page/a b.js")));
        for hostile in ["/../x", "/%2e%2e/x", "/a/../../x", "/%", "/%zz", "//etc/../../passwd", "/..%2fx"] {
            assert_eq!(locate(folder, hostile), None, "{hostile}");
        }
    }

    #[test]
    fn webassembly_and_modules_have_the_types_that_browsers_insist_on() {
        assert_eq!(kind(Path::new("x.wasm")), "application/wasm");
        assert!(kind(Path::new("x.js")).starts_with("text/javascript"));
    }
}
