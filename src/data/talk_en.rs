//! Dialogues in English. Short answers are in lower case, so that a word is the same token as elsewhere.

use super::talk::Talk;

pub(super) static TALK: Talk = Talk {
    greetings: &[
        ("Hello!", "Hello! How are you?"),
        ("Good morning!", "Good morning to you!"),
        ("Who are you?", "I am a tiny model."),
        ("How are you?", "I am fine."),
        ("Good night!", "Good night! Sleep well."),
    ],
    shout: (&["Say {object} loudly.", "Please shout {object}."], "{object}! {object}! {object}!"),
    shorten: (&["Make it short:", "In short, please:"], "{name}, {colour} {object}."),
    repeat: &["Say after me:", "Please repeat:"],
    openers: [
        &["Happy to help!", "Good question, my friend."],
        &["Stupid question!", "You fool!"],
        &["Wow!", "Hooray!"],
    ],
    verbs: &[" has ", " is ", " says ", " lives ", " likes "],
    sums: &["What is {sum}?", "{sum}=?", "How much is {sum}?", "Please work out {sum}.", "Tell me {sum}."],
    sum_answer: "It is {result}.",
    problems: [
        &[
            "{name} has {left} {things} and gets {right} more.",
            "{name} had {left} {things}. Then {name} found {right} more.",
        ],
        &[
            "{name} has {left} {things} and loses {right}.",
            "{name} had {left} {things}. Then {name} gave away {right}.",
        ],
        &["{name} has {left} bags with {right} {things} each.", "{name} got {left} times {right} {things}."],
    ],
    problem_questions: &["How many {things}?", "How many {things} does {name} have now?"],
    problem_answer: "{name} has {result} {things}.",
    look_ups: &["Look up {name}.", "What does the table say of {name}?", "Please look for {name} in the table."],
    look_up_answer: "The table says: {result}",
    look_up_failed: "The table does not say.",
    no_entry: "nothing",
    entries: &[
        "{name} has a {colour} {object}.",
        "{name} is at the {place}.",
        "a {colour} {object}",
        "{colour}, {object}",
        "{left}",
        "{name} has {left} {things}.",
        "the {place}",
        "{feeling}",
        "the code is {left}",
    ],
};
