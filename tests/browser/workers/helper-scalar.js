import './patch-no-simd.js';
import '/engine/shard.js';
