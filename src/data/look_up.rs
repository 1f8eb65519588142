//! A table of what is known of names: a tool that brings knowledge which no weights hold.

use alloc::string::String;
use alloc::vec::Vec;

/// Names and what is known of each, in the order in which they were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookUp {
    entries: Vec<(String, String)>,
}

impl LookUp {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what is known of a name; white space around both is dropped. An empty fact removes the name.
    pub fn set(&mut self, name: &str, fact: &str) {
        let (name, fact) = (name.trim(), fact.trim());
        match self.entries.iter_mut().find(|(known, _)| known == name) {
            _ if name.is_empty() => {}
            _ if fact.is_empty() => self.entries.retain(|(known, _)| known != name),
            Some((_, old)) => *old = fact.into(),
            None => self.entries.push((name.into(), fact.into())),
        }
    }

    /// What is known of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let name = name.trim();
        self.entries.iter().find(|(known, _)| known == name).map(|(_, fact)| fact.as_str())
    }

    /// All names with what is known of them.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.entries.iter().map(|(name, fact)| (name.as_str(), fact.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_set_replaced_removed_and_found_by_their_whole_name() {
        let mut table = LookUp::new();
        table.set(" Mia ", "a red ball");
        table.set("小明", "密码是 12 ");
        assert_eq!((table.get("Mia"), table.get(" 小明")), (Some("a red ball"), Some("密码是 12")));
        assert_eq!((table.get("Mi"), table.get("mia"), table.get("")), (None, None, None));
        table.set("Mia", "a blue kite");
        assert_eq!(table.get("Mia"), Some("a blue kite"));
        assert_eq!(table.entries().len(), 2);
        table.set("Mia", " ");
        table.set("", "nobody");
        assert_eq!(table.entries().collect::<Vec<_>>(), [("小明", "密码是 12")]);
    }
}
