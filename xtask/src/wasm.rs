//! Rust to WebAssembly with its JavaScript. What computes much is compiled twice, with and without SIMD.

use crate::command::{cargo, program, run};
use crate::files::{Fingerprint, Stamp, read, remove, root};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use wasm_bindgen_cli_support::Bindgen;

pub const TARGET: &str = "wasm32-unknown-unknown";
/// A target without a standard library: proof that the core needs none.
pub const CORE_TARGET: &str = "wasm32v1-none";

/// One crate to compile, and what it is made of.
pub struct Module {
    /// Name of the package.
    pub package: &'static str,
    /// File name of the outputs: `NAME.js`, `NAME_bg.wasm`.
    pub name: &'static str,
    /// Features of the package.
    pub features: &'static [&'static str],
    /// Files and folders that decide the output, relative to the project.
    pub sources: &'static [&'static str],
    /// Where the outputs go, relative to the project.
    pub output: &'static str,
    /// Level of optimization.
    pub level: &'static str,
    /// Instruction sets, each in a folder of its own below `output`.
    pub variants: &'static [Variant],
}

/// One way to compile a module.
pub struct Variant {
    /// Folder below the output; empty = the output itself.
    folder: &'static str,
    /// Flags of the compiler.
    flags: &'static str,
}

const PLAIN: Variant = Variant { folder: "", flags: "" };
const SCALAR: Variant = Variant { folder: "scalar", flags: "" };
const SIMD: Variant = Variant { folder: "simd", flags: "-Ctarget-feature=+simd128" };
/// As `SIMD`, without a folder of its own.
const LESSON: Variant = Variant { folder: "", flags: SIMD.flags };
/// Products and sums rounded once where the processor can: faster, and not the same on every machine.
const RELAXED: Variant = Variant { folder: "relaxed", flags: "-Ctarget-feature=+simd128,+relaxed-simd" };

/// The engine of the page.
pub const ENGINE: Module = Module {
    package: "glassgpt",
    name: "glassgpt",
    features: &["wasm"],
    sources: &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src"],
    output: "www/pkg",
    level: "3",
    variants: &[SCALAR, SIMD, RELAXED],
};

/// The tokenizer alone: no arithmetic, so SIMD would gain nothing.
pub const TOKENIZER: Module = Module {
    package: "glassgpt",
    name: "tokenizer",
    features: &["wasm-tokenizer"],
    sources: ENGINE.sources,
    output: "www/pkg/tokenizer",
    level: "3",
    variants: &[PLAIN],
};

/// Models out of the page and into it, in the formats of others.
pub const FILES: Module = Module {
    package: "glassgpt",
    name: "files",
    features: &["wasm-files"],
    sources: ENGINE.sources,
    output: "www/pkg/files",
    level: "s",
    variants: &[PLAIN],
};

/// What later chapters add to the engine: models taken apart, and models taught. Only with SIMD, which every browser of
/// the last three years has.
pub const LESSONS: Module = Module {
    package: "glassgpt",
    name: "lessons",
    features: &["wasm-lessons"],
    sources: ENGINE.sources,
    output: "www/pkg/lessons",
    level: "3",
    variants: &[LESSON],
};

/// The engine with kernels and generation to measure one by one.
pub const BENCH: Module = Module {
    package: "glassgpt",
    name: "bench",
    features: &["wasm-bench"],
    sources: ENGINE.sources,
    output: "target/bench-web",
    level: "3",
    variants: &[SCALAR, SIMD, RELAXED],
};

/// The golden checks, to run in browsers. (The scalar build gives the bits of the SIMD build: `determinism`.)
pub const GOLDEN: Module = Module {
    package: "glassgpt-golden",
    name: "golden",
    features: &[],
    sources: &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "tests/golden/Cargo.toml", "tests/golden/src"],
    output: "target/golden-web",
    level: "3",
    variants: &[SIMD],
};

/// The targets of `rust-toolchain.toml`, where rustup does not add them by itself.
pub fn ensure_target() -> Result<()> {
    for target in [TARGET, CORE_TARGET] {
        let mut where_to = program("rustc", &["--print", "target-libdir", "--target", target]);
        let printed = where_to.output().context("starting `rustc`")?;
        let folder = PathBuf::from(String::from_utf8_lossy(&printed.stdout).trim());
        if !folder.is_dir() {
            run(&mut program("rustup", &["target", "add", target]))?;
        }
    }
    Ok(())
}

impl Module {
    /// What tells two builds apart: a fingerprint of the sources. The compiled module gets it as `GLASSGPT_BUILD_ID`.
    pub fn build_id(&self) -> Result<String> {
        let mut fingerprint = Fingerprint::default();
        for source in self.sources {
            fingerprint.add_path(&root(), source)?;
        }
        Ok(fingerprint.finish())
    }

    /// Compiles all variants and writes their JavaScript, where the sources changed; gives the build id.
    pub fn build(&self) -> Result<String> {
        let id = self.build_id()?;
        self.build_as(&id)?;
        Ok(id)
    }

    /// The same under a build id of the caller's.
    pub fn build_as(&self, id: &str) -> Result<()> {
        let mut inputs = Fingerprint::default();
        inputs.add(&self.build_id()?, include_bytes!("wasm.rs"));
        inputs.add("id", id.as_bytes());
        let inputs = inputs.finish();
        let output = |variant: &Variant| root().join(self.output).join(variant.folder);
        let stamp = |variant: &Variant| {
            Stamp::new(root().join(format!("target/web/{}-{}.stamp", self.name, variant.folder)), inputs.clone())
        };
        let is_fresh = |variant: &&Variant| {
            stamp(variant).is_fresh() && output(variant).join(format!("{}_bg.wasm", self.name)).is_file()
        };
        let stale: Vec<&'static Variant> = self.variants.iter().filter(|variant| !is_fresh(variant)).collect();
        // The compiler's last pass uses one core only: variants are compiled side by side.
        let compiled: Vec<Result<PathBuf>> = thread::scope(|scope| {
            let start = |variant: &'static Variant| {
                println!("compiling {} for WebAssembly {}", self.name, variant.folder);
                scope.spawn(move || self.compile(variant, id))
            };
            let runs: Vec<_> = stale.iter().map(|&variant| start(variant)).collect();
            runs.into_iter()
                .map(|run| run.join().unwrap_or_else(|_| bail!("a compiler could not be followed")))
                .collect()
        });
        for (variant, wasm) in stale.into_iter().zip(compiled) {
            self.bind(&wasm?, &output(variant))?;
            stamp(variant).set()?;
        }
        Ok(())
    }

    /// Modules that use vectors, as compiled, with the names of functions.
    pub fn with_vectors(&self) -> Vec<PathBuf> {
        self.variants.iter().filter(|variant| variant.flags.contains("simd128")).map(|v| self.compiled(v)).collect()
    }

    /// Where a variant is kept as compiled: the next module of the package takes its place in the compiler's folder.
    fn compiled(&self, variant: &Variant) -> PathBuf {
        root().join(format!("target/web/{}-{}.wasm", self.name, variant.folder))
    }

    /// A folder for each set of flags: in RUSTFLAGS they would otherwise throw away the others' artefacts.
    fn target(variant: &Variant) -> PathBuf {
        let folder = match (variant.folder, variant.flags) {
            ("", "") => SCALAR.folder,
            ("", _) => SIMD.folder,
            (folder, _) => folder,
        };
        root().join("target/web").join(folder)
    }

    fn compile(&self, variant: &Variant, id: &str) -> Result<PathBuf> {
        let mut command = cargo(&["build", "--quiet", "--release", "--lib", "--target", TARGET]);
        command.args(["--package", self.package]).arg("--target-dir").arg(Self::target(variant));
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
        command
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.level)
            .env("RUSTFLAGS", variant.flags)
            .env("GLASSGPT_BUILD_ID", id)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        ensure_target()?;
        run(&mut command)?;
        let file = format!("{}.wasm", self.package.replace('-', "_"));
        let wasm = Self::target(variant).join(TARGET).join("release").join(file);
        let kept = self.compiled(variant);
        fs::copy(&wasm, &kept).with_context(|| format!("copying {} to {}", wasm.display(), kept.display()))?;
        Ok(kept)
    }

    fn bind(&self, wasm: &Path, output: &Path) -> Result<()> {
        remove(output)?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).out_name(self.name).typescript(true).omit_default_module_path(false).web(true)?;
        // Names of functions are a tenth of the download; panics still tell file and line.
        bindgen.remove_name_section(true).remove_producers_section(true);
        bindgen.generate(output).with_context(|| format!("writing the bindings of {}", wasm.display()))?;
        let compiled = output.join(format!("{}_bg.wasm", self.name));
        let size = read(&compiled)?.len();
        println!("{}: {} kB", compiled.strip_prefix(root()).unwrap_or(&compiled).display(), size / 1000);
        // The package of an empty boundary has no declarations of its own; a page that is checked needs the file.
        let types = output.join(format!("{}.d.ts", self.name));
        if !types.is_file() {
            fs::write(&types, "export {};\n").with_context(|| format!("writing {}", types.display()))?;
        }
        Ok(())
    }
}
