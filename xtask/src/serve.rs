//! `cargo xtask serve`: builds, serves, prints the URL, stays up.

use crate::http::Site;
use crate::site;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::time::Instant;

/// First port that is tried, and how many after it.
const PORTS: std::ops::Range<u16> = 8080..8180;

/// Builds and serves for ever: `www/`, or with `dist` the folder to upload, below a path as a static host might do.
pub fn serve(dist: bool) -> Result<()> {
    let start = Instant::now();
    let (root, base) = if dist { (site::build()?, "/some/path/") } else { (site::build_page()?, "/") };
    let Some(listener) = PORTS.clone().find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()) else {
        bail!("no port from {} to {} is free", PORTS.start, PORTS.end - 1);
    };
    let address = listener.local_addr().context("reading the address")?;
    println!("ready in {:.1} s: http://{address}{base}  (stop with Ctrl+C)", start.elapsed().as_secs_f64());
    // While files are edited, the list of files must be of now: the service worker trusts it.
    let site = Site {
        root,
        base: base.into(),
        generated: |root, path| (path == site::LIST).then(|| site::list(root).ok().map(String::into_bytes)).flatten(),
    };
    site.serve(&listener);
    Ok(())
}
