//! Sentence patterns: text with `{placeholders}`, and who fills them.

use alloc::string::String;

/// Something that knows values for placeholders.
pub(super) trait Values {
    /// Appends the value of the placeholder `key`; false, and nothing appended, if there is none of that name.
    fn write(&self, key: &str, out: &mut String) -> bool;
}

/// Appends `pattern` with every `{key}` replaced.
///
/// # Panics
/// At a placeholder that `values` does not know, or an open brace without a closing one: a test fills every pattern of every language.
pub(super) fn fill(pattern: &str, values: &impl Values, out: &mut String) {
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((key, tail)) = after.split_once('}') else { panic!("no closing brace in the pattern {pattern}") };
        assert!(values.write(key, out), "unknown placeholder {key} in the pattern {pattern}");
        rest = tail;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair;

    impl Values for Pair {
        fn write(&self, key: &str, out: &mut String) -> bool {
            let value = match key {
                "name" => "小明",
                "count" => "12",
                _ => return false,
            };
            out.push_str(value);
            true
        }
    }

    fn filled(pattern: &str) -> String {
        let mut out = String::from("> ");
        fill(pattern, &Pair, &mut out);
        out
    }

    #[test]
    fn placeholders_are_replaced_wherever_they_stand() {
        assert_eq!(filled("{name}{count}分，{name}！"), "> 小明12分，小明！");
        assert_eq!(filled("{count}"), "> 12");
        assert_eq!(filled("nothing"), "> nothing");
        assert_eq!(filled(""), "> ");
    }

    #[test]
    #[should_panic(expected = "unknown placeholder nmae in the pattern Hello {nmae}.")]
    fn a_misspelt_placeholder_is_never_printed() {
        filled("Hello {nmae}.");
    }

    #[test]
    #[should_panic(expected = "no closing brace")]
    fn an_open_brace_is_never_printed() {
        filled("Hello {name");
    }
}
