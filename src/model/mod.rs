//! The decoder: configuration, parameters, forward and backward pass, cached decoding.
//!
//! One engine for every style: the configuration's choices decide which kernels run. Parameters live outside, in one
//! flat buffer that the [`Table`] describes. Dimensions as in [`crate::kernels`]: B, T, C, H, K, D, V; L layers, I
//! values inside the MLP, N = B·T rows.

mod activations;
#[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
pub mod anatomy;
mod backward;
mod cache;
mod config;
mod forward;
mod init;
mod look_back;
mod table;
#[cfg(test)]
mod tests;

pub use activations::Activations;
pub use cache::{Cache, Mark};
pub use config::{Config, Mlp, Norm, Position, QkNorm};
pub use init::Init;
pub use table::{Start, Table, Tensor};

use crate::error::{Error, Result};
use crate::kernels::rope;
use alloc::vec::Vec;

/// Most bytes that a model may need unless the caller says otherwise: what 32-bit WebAssembly can hold with room to spare.
pub const ALLOWED_BYTES: u64 = 3 << 29;

/// A configuration with its table of parameters and the constants of its passes; the weights live outside.
pub struct Model {
    config: Config,
    table: Table,
    slots: table::Slots,
    rope: Option<rope::Table>,
    slopes: Option<Vec<f32>>,
}

impl Model {
    /// Checks the configuration and builds the table.
    ///
    /// # Errors
    /// [`Error::Setting`] as [`Config::validate`], and [`Error::Memory`] if even reading needs more than
    /// [`ALLOWED_BYTES`]; training needs [`Config::validate`] too.
    pub fn new(config: Config) -> Result<Self> {
        config.check()?;
        let (needed_bytes, allowed_bytes) = (config.reading_bytes(), ALLOWED_BYTES);
        if needed_bytes > allowed_bytes {
            return Err(Error::Memory { needed_bytes, allowed_bytes });
        }
        let (table, slots) = table::build(&config);
        let rope = match config.position {
            Position::Rope { theta, .. } => Some(rope::Table::new(config.context, config.head_dim(), theta)),
            _ => None,
        };
        let slopes = forward::slopes(&config);
        Ok(Self { config, table, slots, rope, slopes })
    }

    /// What the model is.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The one list of parameters.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Initial weights of `seed`, laid out as the table says.
    pub fn init(&self, seed: u64, init: Init) -> Vec<f32> {
        init::init(&self.config, &self.table, seed, init)
    }

    fn turn(&self) -> rope::Turn {
        match self.config.position {
            Position::Rope { back: true, .. } => rope::Turn::Back,
            _ => rope::Turn::Forward,
        }
    }
}

/// Slope of head `h` of `heads`.
fn slope_of(h: usize, heads: usize) -> f32 {
    let power = 1usize << heads.ilog2();
    let exponent = if h < power {
        8.0 * (h + 1) as f64 / power as f64
    } else {
        8.0 * (2 * (h - power) + 1) as f64 / (2 * power) as f64
    };
    libm::exp2(-exponent) as f32
}
