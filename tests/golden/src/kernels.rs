//! Golden checks of single kernels: every `golden/kernels*.json`.

pub mod bits;

use crate::safe::{self, Over, Tensor};
use crate::{Check, Fixtures};
use glassgpt::kernels::attention::{self, Dims, Mask, Rows};
use glassgpt::kernels::heads::{self, HeadRows};
use glassgpt::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use glassgpt::kernels::{activation, elementwise, embedding, loss, norm, optimizer, rope};
use safetensors::SafeTensors;
use serde_json::Value;

/// One result a file; after them, if there is any, that of the bits.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let names = fixtures.names("golden/kernels", ".json");
    let mut results: Vec<(String, Check)> =
        names.map(|name| (format!("kernels{name}"), file(fixtures, &format!("golden/kernels{name}")))).collect();
    if !results.is_empty() {
        results.push(("kernels, bits".into(), bits::check()));
    }
    results
}

fn file(fixtures: &Fixtures, stem: &str) -> Check {
    let json = fixtures.json(&format!("{stem}.json"))?;
    let part = |kind: &str| fixtures.get(&format!("{stem}.{kind}.safetensors"));
    let (inputs, f32s, f64s) = (safe::open(part("inputs")?)?, safe::open(part("f32")?)?, safe::open(part("f64")?)?);
    let cases = json["cases"].as_array().ok_or("no cases")?;
    let mut worst = (0.0, String::new());
    for case in cases {
        let name = case["case"].as_str().ok_or("a case without a name")?;
        let run = Case { name, json: case, inputs: &inputs, f32s: &f32s, f64s: &f64s };
        let share = run.check().map_err(|e| format!("{name}: {e}"))?;
        if share > worst.0 {
            worst = (share, name.into());
        }
    }
    Ok(format!("{} cases, worst {:.2} of the tolerance ({})", cases.len(), worst.0, worst.1))
}

struct Case<'a> {
    name: &'a str,
    json: &'a Value,
    inputs: &'a SafeTensors<'a>,
    f32s: &'a SafeTensors<'a>,
    f64s: &'a SafeTensors<'a>,
}

type Results = Vec<(&'static str, Vec<f32>)>;

impl Case<'_> {
    fn input(&self, name: &str) -> Result<Tensor, String> {
        safe::tensor(self.inputs, &format!("{}.{name}", self.name))
    }

    fn values(&self, name: &str) -> Result<Vec<f32>, String> {
        Ok(self.input(name)?.f32())
    }

    /// The upstream gradient; ones where absent.
    fn dy(&self, len: usize) -> Result<Vec<f32>, String> {
        if self.json["inputs"].get("dy").is_some() { self.values("dy") } else { Ok(vec![1.0; len]) }
    }

    fn ids(&self, name: &str) -> Result<Vec<u32>, String> {
        let view = self.inputs.tensor(&format!("{}.{name}", self.name)).map_err(|e| e.to_string())?;
        let signed = |x: i64| u32::try_from(x).unwrap_or(loss::IGNORE);
        Ok(match view.dtype() {
            safetensors::Dtype::I64 => {
                view.data().as_chunks::<8>().0.iter().map(|b| signed(i64::from_le_bytes(*b))).collect()
            }
            _ => view.data().as_chunks::<4>().0.iter().map(|b| signed(i32::from_le_bytes(*b).into())).collect(),
        })
    }

    fn number(&self, name: &str) -> f32 {
        self.json[name].as_f64().unwrap_or(0.0) as f32
    }

    fn start(&self) -> usize {
        self.json["start"].as_u64().unwrap_or(0) as usize
    }

    fn check(&self) -> Result<f64, String> {
        let kernel = self.json["kernel"].as_str().ok_or("a case without a kernel")?;
        let over = if ["adamw", "lion", "average"].contains(&kernel) { Over::Element } else { Over::Row };
        let mut worst = 0.0f64;
        for (name, x) in self.run(kernel)? {
            let key = format!("{}.{name}", self.name);
            let (t, s) = (safe::tensor(self.f64s, &key)?, safe::tensor(self.f32s, &key)?);
            worst = worst.max(safe::close(name, &x, &t, &s, over)?);
        }
        Ok(worst)
    }

    fn run(&self, kernel: &str) -> Result<Results, String> {
        match kernel {
            "layernorm" => self.layernorm(),
            "rmsnorm" | "rmsnorm_plain" | "rmsnorm_gain" => self.rmsnorm(kernel),
            "gelu_tanh" => self.pointwise(activation::gelu_forward, activation::gelu_backward),
            "relu2" => self.pointwise(activation::relu2_forward, activation::relu2_backward),
            "swiglu" => self.swiglu(),
            "swiglu_mlp" => self.swiglu_mlp(),
            "softmax_causal" => self.softmax_causal(),
            "attention" => self.attention(),
            "cross_entropy" | "softcap_cross_entropy" => self.cross_entropy(),
            "softcap" => self.softcap(),
            "embedding" => self.embedding(),
            "rope" | "rope_norm" | "qk_norm_rope" => self.rope(kernel),
            "matmul_nn" | "matmul_nt" | "matmul_tn" => self.matmul(kernel),
            "adamw" | "lion" | "average" | "clip" => self.optimizer(kernel),
            other => Err(format!("unknown kernel {other}")),
        }
    }

    fn layernorm(&self) -> Result<Results, String> {
        let (x, w, b) = (self.values("x")?, self.values("w")?, self.values("b")?);
        let (rows, dy) = (x.len() / w.len(), self.dy(x.len())?);
        let (mut y, mut mean, mut rstd) = (vec![0.0; x.len()], vec![0.0; rows], vec![0.0; rows]);
        norm::layernorm_forward(&mut y, &mut mean, &mut rstd, &x, &w, &b, self.number("eps"));
        let (mut dx, mut dw, mut db) = (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; w.len()]);
        norm::layernorm_backward(&mut dx, &mut dw, &mut db, &dy, &x, &w, &mean, &rstd);
        Ok(vec![("y", y), ("mean", mean), ("rstd", rstd), ("dx", dx), ("dw", dw), ("db", db)])
    }

    fn rmsnorm(&self, kernel: &str) -> Result<Results, String> {
        let x = self.input("x")?;
        let rows = x.data.len() / x.shape.last().ok_or("a scalar")?;
        let (x, dy) = (x.f32(), self.dy(x.data.len())?);
        let w = if kernel == "rmsnorm_plain" { None } else { Some(self.values("w")?) };
        let (mut y, mut rstd, mut dx) = (vec![0.0; x.len()], vec![0.0; rows], vec![0.0; x.len()]);
        norm::rmsnorm_forward(&mut y, &mut rstd, &x, w.as_deref(), self.number("eps"));
        let mut dw = vec![0.0; x.len() / rows];
        norm::rmsnorm_backward(&mut dx, w.is_some().then_some(&mut dw[..]), &dy, &x, w.as_deref(), &rstd);
        Ok(match kernel {
            "rmsnorm_gain" => vec![("dw", dw)],
            "rmsnorm_plain" => vec![("y", y), ("dx", dx)],
            _ => vec![("y", y), ("dx", dx), ("dw", dw)],
        })
    }

    fn pointwise(
        &self,
        forward: fn(&mut [f32], &[f32]),
        backward: fn(&mut [f32], &[f32], &[f32]),
    ) -> Result<Results, String> {
        let x = self.values("x")?;
        let (mut y, mut dx) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        forward(&mut y, &x);
        backward(&mut dx, &self.dy(x.len())?, &x);
        Ok(vec![("y", y), ("dx", dx)])
    }

    fn swiglu(&self) -> Result<Results, String> {
        let (gate, up) = (self.values("gate")?, self.values("up")?);
        let mut out = [const { Vec::new() }; 3].map(|_: Vec<f32>| vec![0.0; gate.len()]);
        let [y, dgate, dup] = &mut out;
        activation::swiglu_forward(y, &gate, &up);
        activation::swiglu_backward(dgate, dup, &self.dy(gate.len())?, &gate, &up);
        let [y, dgate, dup] = out;
        Ok(vec![("y", y), ("dgate", dgate), ("dup", dup)])
    }

    fn swiglu_mlp(&self) -> Result<Results, String> {
        let (x, gate, up, down) = (self.input("x")?, self.values("gate")?, self.values("up")?, self.values("down")?);
        let (rows, c) = (x.shape[0], x.shape[1]);
        let (x, inner) = (x.f32(), gate.len() / c);
        let dy = self.dy(x.len())?;
        let mut pack = Pack::default();
        let mut product = |m, n, a: Mat, b: Mat| {
            let mut out = vec![0.0; m * n];
            matmul(MatMut::new(&mut out, m, n), Write::Set, a, b, &mut pack);
            out
        };
        let xm = Mat::new(&x, rows, c);
        let g = product(rows, inner, xm, Mat::new(&gate, inner, c).t());
        let u = product(rows, inner, xm, Mat::new(&up, inner, c).t());
        let mut h = vec![0.0; rows * inner];
        activation::swiglu_forward(&mut h, &g, &u);
        let y = product(rows, c, Mat::new(&h, rows, inner), Mat::new(&down, c, inner).t());
        let ddown = product(c, inner, Mat::new(&dy, rows, c).t(), Mat::new(&h, rows, inner));
        let dh = product(rows, inner, Mat::new(&dy, rows, c), Mat::new(&down, c, inner));
        let (mut dg, mut du) = (vec![0.0; rows * inner], vec![0.0; rows * inner]);
        activation::swiglu_backward(&mut dg, &mut du, &dh, &g, &u);
        let dgate = product(inner, c, Mat::new(&dg, rows, inner).t(), xm);
        let dup = product(inner, c, Mat::new(&du, rows, inner).t(), xm);
        let mut dx = product(rows, c, Mat::new(&dg, rows, inner), Mat::new(&gate, inner, c));
        let through_up = product(rows, c, Mat::new(&du, rows, inner), Mat::new(&up, inner, c));
        elementwise::add_assign(&mut dx, &through_up);
        Ok(vec![("y", y), ("dx", dx), ("dgate", dgate), ("dup", dup), ("ddown", ddown)])
    }

    /// The scores of a head are given, so each row stands alone.
    fn softmax_causal(&self) -> Result<Results, String> {
        let x = self.input("x")?;
        let (heads, t) = (x.shape[0], x.shape[1]);
        let x = x.f32();
        let dy = self.dy(x.len())?;
        let (mut y, mut dx) = (Vec::new(), Vec::new());
        for h in 0..heads {
            let square = h * t * t..(h + 1) * t * t;
            for i in 0..t {
                let mut row = x[square.clone()][i * t..=i * t + i].to_vec();
                elementwise::softmax_rows(&mut row, i + 1);
                let d = &dy[square.clone()][i * t..=i * t + i];
                let sum: f32 = d.iter().zip(&row).map(|(d, p)| d * p).sum();
                dx.extend(d.iter().zip(&row).map(|(d, p)| p * (d - sum)));
                y.extend(&row);
                y.resize(y.len() + t - i - 1, 0.0);
                dx.resize(y.len(), 0.0);
            }
        }
        Ok(vec![("y", y), ("dx", dx)])
    }

    fn attention(&self) -> Result<Results, String> {
        let (q, k, v) = (self.input("q")?, self.input("k")?, self.input("v")?);
        let [batch, heads, time, head_dim] = q.shape[..] else { return Err("q is not (B,H,T,D)".into()) };
        let kv_heads = k.shape[1];
        let d = Dims { batch, q_time: time, k_time: time, heads, kv_heads, head_dim };
        let (to_rows, from_rows) = (transpose_heads(true), transpose_heads(false));
        let rows = |x: &Tensor| to_rows(&x.f32(), batch, x.shape[1], time, head_dim);
        let (q, k, v) = (rows(&q), rows(&k), rows(&v));
        fn view(data: &[f32], heads: usize, head_dim: usize) -> Rows<'_> {
            Rows { data, row_stride: heads * head_dim, offset: 0 }
        }
        let (qr, kr, vr) = (view(&q, heads, head_dim), view(&k, kv_heads, head_dim), view(&v, kv_heads, head_dim));
        let (mut out, mut probs) = (vec![0.0; q.len()], vec![0.0; batch * heads * time * time]);
        let mut pack = Pack::default();
        attention::forward(&mut out, &mut probs, qr, kr, vr, &Mask::default(), &d, &mut pack);
        let dy = to_rows(&self.dy(q.len())?, batch, heads, time, head_dim);
        let row = (heads + 2 * kv_heads) * head_dim;
        let mut dqkv = vec![0.0; batch * time * row];
        attention::backward(&mut dqkv, &mut Vec::new(), &dy, &probs, qr, kr, vr, &d, &mut pack);
        let columns = |first: usize, count: usize| {
            let picked: Vec<f32> =
                dqkv.chunks(row).flat_map(|r| r[first * head_dim..(first + count) * head_dim].to_vec()).collect();
            from_rows(&picked, batch, count, time, head_dim)
        };
        let (dq, dk, dv) = (columns(0, heads), columns(heads, kv_heads), columns(heads + kv_heads, kv_heads));
        let y = from_rows(&out, batch, heads, time, head_dim);
        Ok(vec![("y", y), ("probs", probs), ("dq", dq), ("dk", dk), ("dv", dv)])
    }

    fn cross_entropy(&self) -> Result<Results, String> {
        let (mut logits, targets) = (self.values("logits")?, self.ids("targets")?);
        let cap = self.json["cap"].as_f64().map(|c| c as f32);
        if let Some(cap) = cap {
            loss::softcap_forward(&mut logits, cap);
        }
        let capped = logits.clone();
        let counted = targets.iter().filter(|&&t| t != loss::IGNORE).count().max(1) as f32;
        let mut losses = vec![0.0; targets.len()];
        loss::cross_entropy(&mut losses, &logits, &targets);
        let forward: f32 = losses.iter().sum::<f32>() / counted;
        let weights = vec![1.0 / counted; targets.len()];
        loss::cross_entropy_backward(&mut logits, &mut losses, &targets, &weights);
        if let Some(cap) = cap {
            loss::softcap_backward(&mut logits, &capped, cap);
        }
        let fused: f32 = losses.iter().sum::<f32>() / counted;
        if (fused - forward).abs() > 1e-5 * forward.abs().max(1.0) {
            return Err(format!("fused loss {fused}, forward loss {forward}"));
        }
        Ok(vec![("y", vec![fused]), ("dlogits", logits)])
    }

    fn softcap(&self) -> Result<Results, String> {
        let (mut y, cap) = (self.values("x")?, self.number("cap"));
        let mut dx = self.dy(y.len())?;
        loss::softcap_forward(&mut y, cap);
        loss::softcap_backward(&mut dx, &y, cap);
        Ok(vec![("y", y), ("dx", dx)])
    }

    fn embedding(&self) -> Result<Results, String> {
        let (w, ids) = (self.input("w")?, self.ids("ids")?);
        let mut y = vec![0.0; ids.len() * w.shape[1]];
        embedding::forward(&mut y, &w.f32(), &ids);
        let mut dw = vec![0.0; w.data.len()];
        embedding::backward(&mut dw, &self.dy(y.len())?, &ids);
        Ok(vec![("y", y), ("dw", dw)])
    }

    /// x (H,T,D): the heads one after the other, each as T rows of one head.
    fn rope(&self, kernel: &str) -> Result<Results, String> {
        let x = self.input("x")?;
        let [heads_count, time, head_dim] = x.shape[..] else { return Err("x is not (H,T,D)".into()) };
        let rows = heads_count * time;
        let at = HeadRows { rows, time, row_stride: head_dim, offset: 0, heads: 1, head_dim };
        let theta = self.json["theta"].as_f64().ok_or("no theta")?;
        let table = rope::Table::new(self.start() + time, head_dim, theta);
        let (eps, x) = (self.number("eps"), x.f32());
        let w = if kernel == "qk_norm_rope" { Some(self.values("w")?) } else { None };
        let (turn, back) = match kernel {
            "rope_norm" => (rope::Turn::Back, rope::Turn::Forward),
            _ => (rope::Turn::Forward, rope::Turn::Back),
        };
        let (mut rstd, mut dw) = (vec![0.0; rows], vec![0.0; head_dim]);
        let (mut y, mut d) = (x.clone(), self.dy(x.len())?);
        match kernel {
            "rope" => {
                rope::rotate(&mut y, &at, &table, self.start(), turn);
                rope::rotate(&mut d, &at, &table, self.start(), back);
                Ok(vec![("y", y), ("dx", d)])
            }
            "rope_norm" => {
                rope::rotate(&mut y, &at, &table, self.start(), turn);
                let turned = y.clone();
                heads::norm_forward(&mut y, &mut rstd, &turned, &at, None, eps);
                let mut dx = vec![0.0; x.len()];
                heads::norm_backward(&mut dx, None, &d, &turned, &at, None, &rstd);
                rope::rotate(&mut dx, &at, &table, self.start(), back);
                Ok(vec![("y", y), ("dx", dx)])
            }
            _ => {
                heads::norm_forward(&mut y, &mut rstd, &x, &at, w.as_deref(), eps);
                rope::rotate(&mut y, &at, &table, self.start(), turn);
                rope::rotate(&mut d, &at, &table, self.start(), back);
                let mut dx = vec![0.0; x.len()];
                heads::norm_backward(&mut dx, Some(&mut dw), &d, &x, &at, w.as_deref(), &rstd);
                Ok(vec![("y", y), ("dx", dx), ("dw", dw)])
            }
        }
    }

    fn matmul(&self, kernel: &str) -> Result<Results, String> {
        let (a, b) = (self.input("a")?, self.input("b")?);
        let (sa, sb) = (a.shape.clone(), b.shape.clone());
        let (a, b) = (a.f32(), b.f32());
        let (ma, mb) = (Mat::new(&a, sa[0], sa[1]), Mat::new(&b, sb[0], sb[1]));
        let (m, n) = match kernel {
            "matmul_nn" => (sa[0], sb[1]),
            "matmul_nt" => (sa[0], sb[0]),
            _ => (sa[1], sb[1]),
        };
        let dy = self.dy(m * n)?;
        let dy = Mat::new(&dy, m, n);
        let mut pack = Pack::default();
        let mut product = |rows, columns, x: Mat, y: Mat| {
            let mut out = vec![0.0; rows * columns];
            matmul(MatMut::new(&mut out, rows, columns), Write::Set, x, y, &mut pack);
            out
        };
        let (y, da, db) = match kernel {
            "matmul_nn" => {
                (product(m, n, ma, mb), product(sa[0], sa[1], dy, mb.t()), product(sb[0], sb[1], ma.t(), dy))
            }
            "matmul_nt" => {
                (product(m, n, ma, mb.t()), product(sa[0], sa[1], dy, mb), product(sb[0], sb[1], dy.t(), ma))
            }
            _ => (product(m, n, ma.t(), mb), product(sa[0], sa[1], mb, dy.t()), product(sb[0], sb[1], ma, dy)),
        };
        Ok(vec![("y", y), ("da", da), ("db", db)])
    }

    fn optimizer(&self, kernel: &str) -> Result<Results, String> {
        let (lr, beta1, beta2) = (self.number("lr"), self.number("beta1"), self.number("beta2"));
        let (weight_decay, eps) = (self.number("weight_decay"), self.number("eps"));
        let step = self.json["step"].as_u64().unwrap_or(1);
        if kernel == "clip" {
            let (g0, g1) = (self.values("g0")?, self.values("g1")?);
            let norm = (optimizer::norm_squared(&g0) + optimizer::norm_squared(&g1)).sqrt();
            let factor = (f64::from(self.number("max_norm")) / (norm + 1e-6)).min(1.0) as f32;
            let clipped = |mut g: Vec<f32>| {
                elementwise::scale(&mut g, factor);
                g
            };
            return Ok(vec![("norm", vec![norm as f32]), ("g0_next", clipped(g0)), ("g1_next", clipped(g1))]);
        }
        if kernel == "average" {
            let mut avg = self.values("avg")?;
            optimizer::average(&mut avg, &self.values("w")?, step);
            return Ok(vec![("avg_next", avg)]);
        }
        let (mut p, g, mut m) = (self.values("p")?, self.values("g")?, self.values("m")?);
        if kernel == "lion" {
            optimizer::Lion { lr, beta1, beta2, weight_decay }.step(&mut p, &g, &mut m, 1.0);
            return Ok(vec![("p_next", p), ("m_next", m)]);
        }
        let mut v = self.values("v")?;
        optimizer::AdamW { lr, beta1, beta2, eps, weight_decay }.step(&mut p, &g, &mut m, &mut v, step, 1.0);
        Ok(vec![("p_next", p), ("m_next", m), ("v_next", v)])
    }
}

/// (B,H,T,D) to (B,T,H·D), or back.
fn transpose_heads(to_rows: bool) -> impl Fn(&[f32], usize, usize, usize, usize) -> Vec<f32> {
    move |x, batch, heads, time, dim| {
        let mut out = vec![0.0; x.len()];
        for b in 0..batch {
            for h in 0..heads {
                for t in 0..time {
                    let by_head = ((b * heads + h) * time + t) * dim;
                    let by_row = ((b * time + t) * heads + h) * dim;
                    let (from, to) = if to_rows { (by_head, by_row) } else { (by_row, by_head) };
                    out[to..to + dim].copy_from_slice(&x[from..from + dim]);
                }
            }
        }
        out
    }
}
