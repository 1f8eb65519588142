//! The decoder: configuration, parameters, forward and backward pass.
