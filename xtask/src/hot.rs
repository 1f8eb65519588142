//! A look into the compiled engine: the innermost loops of its kernels must be as tight as they were written.
//!
//! Engines keep sums in registers only while a loop holds one branch, no call and only vector loads; one bounds check
//! or one call costs up to half the speed. What the compiler made is read from the module itself, which no timing can do.

use crate::files::read;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// What an innermost loop consists of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Loop {
    /// Branches: back to its head, out of it, to a panic.
    branches: usize,
    /// Calls.
    calls: usize,
    /// Loads of less than a vector that are not spread over one.
    scalar_loads: usize,
    /// Products of four lanes, with or without a sum.
    products: usize,
}

/// Functions of the mangled names, and the innermost loops in each that multiply vectors.
fn loops(module: &[u8]) -> Result<BTreeMap<String, Vec<Loop>>> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(all) = section.as_known() else { continue };
                for name in all {
                    let Name::Function(functions) = name? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index as usize, function.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for (number, body) in bodies.iter().enumerate() {
        let Some(name) = names.get(&(imported + number)) else { continue };
        let mut inner = Vec::new();
        read_loops(body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?.iter(), &mut inner);
        found.entry(name.clone()).or_insert_with(Vec::new).extend(inner);
    }
    Ok(found)
}

/// Innermost loops that multiply vectors, from the operators of one function.
fn read_loops<'a>(operators: impl Iterator<Item = &'a Operator<'a>>, inner: &mut Vec<Loop>) {
    // One entry per open block; of a loop, what was seen since its head, unless it holds another loop.
    let mut open: Vec<Option<Loop>> = vec![None];
    for operator in operators {
        match operator {
            Operator::Loop { .. } => {
                open.iter_mut().for_each(|block| *block = None);
                open.push(Some(Loop::default()));
            }
            Operator::Block { .. } | Operator::If { .. } => open.push(None),
            Operator::End => {
                if let Some(Some(done)) = open.pop().filter(|block| block.as_ref().is_some_and(|l| l.products > 0)) {
                    inner.push(done);
                }
            }
            _ => open.iter_mut().flatten().for_each(|seen| seen.count(operator)),
        }
    }
}

impl Loop {
    fn count(&mut self, operator: &Operator) {
        match operator {
            Operator::Br { .. } | Operator::BrIf { .. } | Operator::BrTable { .. } => self.branches += 1,
            Operator::Call { .. } | Operator::CallIndirect { .. } => self.calls += 1,
            Operator::I32Load { .. }
            | Operator::I64Load { .. }
            | Operator::F32Load { .. }
            | Operator::F64Load { .. }
            | Operator::I32Load8U { .. } => self.scalar_loads += 1,
            Operator::F32x4Mul | Operator::F32x4RelaxedMadd => self.products += 1,
            _ => {}
        }
    }

    /// One branch, back to its head; no call; only vector loads.
    fn is_tight(&self) -> bool {
        self.branches == 1 && self.calls == 0 && self.scalar_loads == 0
    }
}

/// Loops that are not tight and may stay so, by a part of the function's name: both run over a rest of one row.
const LOOSE: &[(&str, usize)] = &[("7kernels5heads13norm_backward", 1), ("7kernels6matmul11matmul_band", 1)];
/// Functions that must be there with so many products in a tight loop: the matrix product's tile, softmax, an optimizer.
const HOTTEST: &[(&str, usize)] =
    &[("7kernels6matmul11matmul_band", 8), ("7kernels9attention7forward", 11), ("7kernels9optimizer5AdamW4step", 8)];

/// Fails unless the loops of all kernels in the module are tight; says how many there are.
pub fn check(path: &Path) -> Result<String> {
    let found = loops(&read(path)?).with_context(|| format!("reading {}", path.display()))?;
    let kernels = || found.iter().filter(|(name, _)| name.contains("8glassgpt7kernels"));
    for (part, products) in HOTTEST {
        let there = kernels()
            .filter(|(name, _)| name.contains(part))
            .any(|(_, inner)| inner.iter().any(|l| l.is_tight() && l.products == *products));
        if !there {
            bail!("{}: no tight loop of {products} products in {part}", path.display());
        }
    }
    for (name, inner) in kernels() {
        let allowed = LOOSE.iter().find(|(part, _)| name.contains(part)).map_or(0, |(_, count)| *count);
        let loose: Vec<&Loop> = inner.iter().filter(|l| !l.is_tight()).collect();
        if loose.len() > allowed {
            bail!("{}: {name} has loops with more than one branch, calls or scalar loads: {loose:?}", path.display());
        }
    }
    Ok(format!("{} innermost loops of kernels", kernels().map(|(_, inner)| inner.len()).sum::<usize>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{BlockType, MemArg};

    fn seen(operators: &[Operator]) -> Vec<Loop> {
        let mut inner = Vec::new();
        read_loops(operators.iter(), &mut inner);
        inner
    }

    #[test]
    fn only_innermost_loops_that_multiply_vectors_are_judged() {
        let blockty = BlockType::Empty;
        let (head, back) = (Operator::Loop { blockty }, Operator::BrIf { relative_depth: 0 });
        let inner = [head.clone(), Operator::F32x4Mul, back.clone(), Operator::End];
        let nested = [&[head.clone()][..], &inner, &[Operator::F32x4Mul, back.clone(), Operator::End]].concat();
        assert_eq!(seen(&nested), [Loop { branches: 1, products: 1, ..Loop::default() }]);
        assert!(seen(&nested)[0].is_tight());
        assert_eq!(seen(&[head, back, Operator::End]), []);
    }

    #[test]
    fn a_bounds_check_a_call_or_a_scalar_load_makes_a_loop_loose() {
        let memarg = MemArg { align: 2, max_align: 2, offset: 0, memory: 0 };
        for fault in
            [Operator::BrIf { relative_depth: 1 }, Operator::Call { function_index: 0 }, Operator::F32Load { memarg }]
        {
            let head = Operator::Loop { blockty: BlockType::Empty };
            let body = [head, fault, Operator::F32x4RelaxedMadd, Operator::BrIf { relative_depth: 0 }, Operator::End];
            assert!(seen(&body).iter().all(|l| !l.is_tight()), "{body:?}");
            assert_eq!(seen(&body).len(), 1);
        }
    }
}
