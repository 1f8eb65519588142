//! An exact calculator for whole numbers: + - * / and parentheses. No text can make it fail otherwise than by a typed
//! error, and none is too deep for it: it keeps its own stacks.
//! Source: Dijkstra's shunting-yard algorithm (MR 34/61, 1961).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CalculatorError {
    /// Something else than a number, an operator or a parenthesis was expected at this character.
    Malformed {
        /// Characters before the place.
        at: usize,
        /// What was expected there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A division by 0.
    DivisionByZero,
    /// A division that leaves a rest: only whole numbers are exact here.
    NotWhole {
        /// What was divided.
        left: i64,
        /// By what.
        right: i64,
    },
    /// A number beyond 64 bits.
    Overflow,
}

impl CalculatorError {
    /// A stable name of the kind, for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::DivisionByZero => "division-by-zero",
            Self::NotWhole { .. } => "not-whole",
            Self::Overflow => "overflow",
        }
    }

    /// What was expected and found, by name, for translated sentences.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed { at, expected, found } => {
                [("at", at.to_string()), ("expected", (*expected).into()), ("found", found.clone())].into()
            }
            Self::NotWhole { left, right } => [("left", left.to_string()), ("right", right.to_string())].into(),
            Self::DivisionByZero | Self::Overflow => Vec::new(),
        }
    }
}

impl fmt::Display for CalculatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { at, expected, found } => write!(
                f,
                "this is no sum: expected {expected} after {at} characters, but found {found}; write something like 12+(3*4)"
            ),
            Self::DivisionByZero => {
                write!(f, "expected a divisor other than 0, but found 0; nothing can be divided by 0")
            }
            Self::NotWhole { left, right } => write!(
                f,
                "expected a division without a rest, but {right} does not divide {left}; only whole numbers are exact here"
            ),
            Self::Overflow => {
                write!(f, "expected numbers of at most 18 digits, but one on the way is larger; use smaller numbers")
            }
        }
    }
}

impl core::error::Error for CalculatorError {}

/// Operators on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Open,
    Add,
    Subtract,
    Multiply,
    Divide,
    /// The sign before a number or a parenthesis.
    Negate,
}

impl Operator {
    fn of(c: char) -> Option<Self> {
        match c {
            '+' => Some(Self::Add),
            '-' | '\u{2212}' => Some(Self::Subtract),
            '*' | '\u{d7}' => Some(Self::Multiply),
            '/' | '\u{f7}' => Some(Self::Divide),
            _ => None,
        }
    }

    /// How tightly it binds.
    fn rank(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
            Self::Negate => 3,
        }
    }
}

const OPERAND: &str = "a number or (";
const AFTER: &str = "an operator or the end";

struct Stacks {
    values: Vec<i64>,
    operators: Vec<Operator>,
}

impl Stacks {
    /// Applies operators that bind at least as tightly as `rank`, down to an open parenthesis.
    fn reduce(&mut self, rank: u8) -> Result<(), CalculatorError> {
        while let Some(&operator) = self.operators.last()
            && operator != Operator::Open
            && operator.rank() >= rank
        {
            self.operators.pop();
            // Operators only come onto the stack behind their left operand and are applied behind their right one.
            let right = self.values.pop().unwrap_or(0);
            let value = if operator == Operator::Negate {
                right.checked_neg()
            } else {
                let left = self.values.pop().unwrap_or(0);
                match operator {
                    Operator::Add => left.checked_add(right),
                    Operator::Subtract => left.checked_sub(right),
                    Operator::Multiply => left.checked_mul(right),
                    _ if right == 0 => return Err(CalculatorError::DivisionByZero),
                    _ if left.checked_rem(right).is_some_and(|rest| rest != 0) => {
                        return Err(CalculatorError::NotWhole { left, right });
                    }
                    _ => left.checked_div(right),
                }
            };
            self.values.push(value.ok_or(CalculatorError::Overflow)?);
        }
        Ok(())
    }
}

/// The value of a sum. White space is passed over; × ÷ − and full-width parentheses count like * / - ( ).
///
/// ```
/// use glassgpt::data::{CalculatorError, calculate};
///
/// assert_eq!(calculate("12+3*(4-6)"), Ok(6));
/// assert_eq!(calculate("7÷0"), Err(CalculatorError::DivisionByZero));
/// assert_eq!(calculate("7+").unwrap_err().code(), "malformed");
/// ```
///
/// # Errors
/// [`CalculatorError`].
pub fn calculate(text: &str) -> Result<i64, CalculatorError> {
    let mut stacks = Stacks { values: Vec::new(), operators: Vec::new() };
    // Whether a number or an open parenthesis comes next.
    let mut operand = true;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((at, c)) = characters.next() {
        let malformed =
            |expected, found: char| CalculatorError::Malformed { at, expected, found: format!("{found:?}") };
        match (c, Operator::of(c)) {
            _ if c.is_whitespace() => {}
            ('0'..='9', _) if operand => {
                let mut value = i64::from(c as u32 - '0' as u32);
                while let Some(digit) = characters.peek().and_then(|(_, d)| d.to_digit(10)) {
                    characters.next();
                    let longer = value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit)));
                    value = longer.ok_or(CalculatorError::Overflow)?;
                }
                stacks.values.push(value);
                operand = false;
            }
            ('(' | '\u{ff08}', _) if operand => stacks.operators.push(Operator::Open),
            (_, Some(Operator::Subtract)) if operand => stacks.operators.push(Operator::Negate),
            (')' | '\u{ff09}', _) if !operand => {
                stacks.reduce(1)?;
                // What is left on top is the parenthesis that opened.
                if stacks.operators.pop().is_none() {
                    return Err(malformed(AFTER, c));
                }
            }
            (_, Some(operator)) if !operand => {
                stacks.reduce(operator.rank())?;
                stacks.operators.push(operator);
                operand = true;
            }
            _ => return Err(malformed(if operand { OPERAND } else { AFTER }, c)),
        }
    }
    let end = |expected| CalculatorError::Malformed { at: text.chars().count(), expected, found: "the end".into() };
    if operand {
        return Err(end(OPERAND));
    }
    stacks.reduce(1)?;
    match stacks.values.pop() {
        Some(value) if stacks.operators.is_empty() => Ok(value),
        _ => Err(end("a )")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};

    fn code(text: &str) -> &'static str {
        calculate(text).unwrap_err().code()
    }

    #[test]
    fn precedence_signs_and_parentheses_are_those_of_school() {
        for (text, value) in [
            ("2+3*4", 14),
            ("(2+3)*4", 20),
            ("10-4-3", 3),
            ("100/5/2", 10),
            ("-3+5", 2),
            ("2*-3", -6),
            ("-(2+3)*-4", 20),
            ("--5", 5),
            (" 12 × ( 3 − 1 ) ÷ 4 ", 6),
            ("（1+2）*3", 9),
            ("007", 7),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(calculate(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_is_refused_with_its_place() {
        for text in
            ["", "  ", "+", "1+", "1 2", "(1", "1)", "()", "2(3)", "1**2", "x", "1+x", "3,5", "1.5", "*1", "(", ")"]
        {
            assert_eq!(code(text), "malformed", "{text:?}");
        }
        let error = calculate("12+x").unwrap_err();
        assert_eq!(error, CalculatorError::Malformed { at: 3, expected: OPERAND, found: "'x'".into() });
    }

    #[test]
    fn results_are_exact_or_refused() {
        assert_eq!(code("1/0"), "division-by-zero");
        assert_eq!(code("1/(2-2)"), "division-by-zero");
        assert_eq!(calculate("7/2"), Err(CalculatorError::NotWhole { left: 7, right: 2 }));
        for text in
            ["9223372036854775808", "9223372036854775807+1", "(0-9223372036854775807-1)/-1", "99999999999*99999999999"]
        {
            assert_eq!(code(text), "overflow", "{text}");
        }
    }

    #[test]
    fn depth_and_length_are_no_danger() {
        let deep = 200_000;
        let text = ["(".repeat(deep), "7".into(), ")".repeat(deep)].concat();
        assert_eq!(calculate(&text), Ok(7));
        assert_eq!(calculate(&["-".repeat(deep), "7".into()].concat()), Ok(7));
        assert_eq!(code(&"(".repeat(deep)), "malformed");
        assert_eq!(calculate(&["1".to_string(), "+1".repeat(deep)].concat()), Ok(deep as i64 + 1));
    }

    /// A sum and its value by recursion, the twin.
    fn made(rng: &mut Rng, depth: usize) -> (String, Option<i64>) {
        if depth == 0 || rng.below(3) == 0 {
            let value = rng.below(100) as i64;
            return (value.to_string(), Some(value));
        }
        let ((left, a), (right, b)) = (made(rng, depth - 1), made(rng, depth - 1));
        let (operator, value) = match rng.below(3) {
            0 => ('+', a.zip(b).and_then(|(a, b)| a.checked_add(b))),
            1 => ('-', a.zip(b).and_then(|(a, b)| a.checked_sub(b))),
            _ => ('*', a.zip(b).and_then(|(a, b)| a.checked_mul(b))),
        };
        (format!("({left}{operator}{right})"), value)
    }

    #[test]
    fn random_sums_agree_with_a_twin_and_random_text_never_panics() {
        let mut rng = Rng::new(1, Purpose::Test, 0);
        for _ in 0..2_000 {
            let (text, value) = made(&mut rng, 6);
            assert_eq!(calculate(&text).ok(), value, "{text}");
        }
        let characters: Vec<char> = "0123456789+-*/() ×÷−（）x,".chars().collect();
        for _ in 0..20_000 {
            let length = rng.below(20);
            let text: String = (0..length).map(|_| *rng.choose(&characters)).collect();
            let _ = calculate(&text);
        }
    }
}
