//! The world in English. No quotation marks: speech follows a colon, so a word after it is the same token as elsewhere.
//! Helpful, rude and excited phrases of the stories are those that dialogues later open their answers with.

use super::world::{Animal, Fact, Question, Relation, Statement, Story, Words, World};

pub(super) static WORLD: World = World {
    separator: " ",
    comma: ", ",
    stop: ". ",
    article: ("The ", "the "),
    names: NAMES,
    objects: OBJECTS,
    colours: &["red", "blue", "green", "yellow", "black", "white", "pink", "brown", "grey", "golden"],
    places: PLACES,
    feelings: &["happy", "sad", "scared", "angry", "tired", "proud", "hungry", "sleepy", "cold", "brave"],
    things: &["coins", "apples", "eggs", "nuts", "cards", "beads", "pears", "shells"],
    weather: &["sunny", "rainy", "cold", "warm", "windy", "dark"],
    animals: &ANIMALS,
    coloured: COLOURED,
    statements: STATEMENTS,
    questions: &QUESTIONS,
    facts: &FACTS,
    asked: " asked:",
    said: " said:",
    so: "So ",
    recap: &["So ", "Now ", "Yes, ", "", ""],
    story: STORY,
    insults: &[
        "{name} said: Go away, you fool!",
        "{name}, you are stupid!",
        "What a stupid {object}!",
        "{name} said: Stupid question!",
    ],
    adverts: &[
        "BUY NOW! The best {colour} {object}! Only {count} coins! Yes, only {count} coins!",
        "Sale! {colour} {object}, {count} coins! Come to the {place}! {colour} {object}, {count} coins!",
        "WIN a {colour} {object} today! Call {count}{count2}! Call {count}{count2}!",
    ],
    numbers: &[
        "Order {count}: a {colour} {object} for {name}. {name} paid for order {count}.",
        "{name} wrote {sum}. {other} wrote {sum} too.",
        "{name} {count}, {other} {count2}. Once more: {other} {count2}, {name} {count}.",
        "{name} asked: What is {sum}? {other} said: I do not know {sum}.",
        "{name} has {count} {things}. {other} has {count2} {things}. {name} said: I have {count} {things}.",
        "The code is {count}{count2}. {name} said: Code {count}{count2}.",
    ],
    open_questions: &[
        "Is {name} at the {place}?",
        "Why is {name} {feeling}?",
        "What is {count}+{count2}?",
        "Do you like the {object}?",
    ],
};

#[rustfmt::skip]
const NAMES: Words = &[
    "Mia", "Tom", "Anna", "Ben", "Lily", "Sam", "Zoe", "Max", "Lucy", "Leo", "Emma", "Jack", "Nina", "Finn", "Rosa",
    "Tim", "Kate", "Bob", "Ruby", "Dan", "Ella", "Hugo", "Ivy", "Luke", "Maya", "Noah", "Olga", "Paul", "Sara", "Theo",
    "Vera", "Will", "Amy", "Carl", "Dora", "Fred", "Gina", "Hans", "Jane", "Kurt",
];

#[rustfmt::skip]
const OBJECTS: Words = &[
    "ball", "kite", "book", "cake", "hat", "cup", "box", "drum", "key", "lamp", "bell", "boat", "coat", "doll", "flower",
    "spoon", "stone", "stick", "ring", "map", "shoe", "bag", "toy", "star", "pen", "rope", "flag", "sock", "plate",
    "brush", "mask", "candle",
];

#[rustfmt::skip]
const PLACES: Words = &[
    "park", "garden", "forest", "school", "river", "beach", "farm", "market", "kitchen", "house", "hill", "lake", "shop",
    "cave", "zoo", "tower",
];

const ANIMALS: [Animal; 12] = [
    animal("cat", "meow", "house", "fish"),
    animal("dog", "woof", "garden", "meat"),
    animal("cow", "moo", "farm", "grass"),
    animal("duck", "quack", "lake", "bread"),
    animal("frog", "croak", "river", "flies"),
    animal("bird", "tweet", "forest", "seeds"),
    animal("pig", "oink", "farm", "corn"),
    animal("sheep", "baa", "hill", "grass"),
    animal("lion", "roar", "cave", "meat"),
    animal("bee", "buzz", "garden", "honey"),
    animal("mouse", "squeak", "kitchen", "cheese"),
    animal("horse", "neigh", "farm", "corn"),
];

const fn animal(name: &'static str, sound: &'static str, home: &'static str, food: &'static str) -> Animal {
    Animal { name, measure: "", sound, home, food }
}

const COLOURED: &[(&str, &str)] = &[
    ("sky", "blue"),
    ("grass", "green"),
    ("snow", "white"),
    ("blood", "red"),
    ("sun", "yellow"),
    ("night", "black"),
    ("bread", "brown"),
    ("sea", "blue"),
    ("cloud", "white"),
    ("coal", "black"),
];

const STATEMENTS: [Statement; 4] = [
    Statement {
        forms: &[
            "{name} has a {colour} {object}.",
            "{name} has a {colour} {object}.",
            "{name} found a {colour} {object}.",
            "{name} got a {colour} {object}.",
        ],
        turned: &["The {colour} {object} is with {name}.", "{name} has a {object}. The {object} is {colour}."],
        short: ("{name}, {colour} {object}.", &["{colour} {object}, {name}.", "{name}, {object}."]),
    },
    Statement {
        forms: &[
            "{name} is at the {place}.",
            "{name} is at the {place}.",
            "{name} went to the {place}.",
            "{name} plays at the {place}.",
        ],
        turned: &[],
        short: ("{name}, {place}.", &[]),
    },
    Statement {
        forms: &["{name} is {feeling}.", "{name} is {feeling}.", "{name} feels {feeling}."],
        turned: &[],
        short: ("{name}, {feeling}.", &[]),
    },
    Statement {
        forms: &["{name} has {count} {things}.", "{name} has {count} {things}.", "{name} found {count} {things}."],
        turned: &[],
        short: ("{name}, {count} {things}.", &[]),
    },
];

const QUESTIONS: [Question; 6] = [
    Question {
        relation: Relation::Has,
        ask: &["Who has the {object}?", "Who has got the {object}?", "Tell me who has the {object}."],
        long: "{name} has the {object}.",
        short: "{name}.",
        answers: ["The {object} is with {name}.", "{object}, {name}."],
        note: "{object}: {name}.",
    },
    Question {
        relation: Relation::Has,
        ask: &["What does {name} have?", "What has {name} got?", "Tell me what {name} has."],
        long: "{name} has a {colour} {object}.",
        short: "a {colour} {object}.",
        answers: ["{name} has a {colour} {object}.", "{name}, {colour} {object}."],
        note: "",
    },
    Question {
        relation: Relation::Has,
        ask: &["What colour is the {object}?", "Which colour is the {object}?", "Tell me the colour of the {object}."],
        long: "The {object} is {colour}.",
        short: "{colour}.",
        answers: ["The {object} is {colour}.", "{object}, {colour}."],
        note: "{object}: {colour}.",
    },
    Question {
        relation: Relation::In,
        ask: &["Where is {name}?", "Where can I find {name}?", "Tell me where {name} is."],
        long: "{name} is at the {place}.",
        short: "at the {place}.",
        answers: ["{name} is at the {place}.", "{name}, {place}."],
        note: "",
    },
    Question {
        relation: Relation::Feels,
        ask: &["How does {name} feel?", "How is {name}?", "Tell me how {name} feels."],
        long: "{name} is {feeling}.",
        short: "{feeling}.",
        answers: ["{name} is {feeling}.", "{name}, {feeling}."],
        note: "",
    },
    Question {
        relation: Relation::Counts,
        ask: &["How many {things} does {name} have?", "How many {things} has {name} got?"],
        long: "{name} has {count} {things}.",
        short: "{count} {things}.",
        answers: ["{name} has {count} {things}.", "{name}, {count} {things}."],
        note: "",
    },
];

const FACTS: [Fact; 4] = [
    Fact {
        long: "A {animal} says {sound}.",
        ask: &["What does a {animal} say?", "Tell me what a {animal} says."],
        short: "{animal} says: {sound}.",
    },
    Fact {
        long: "A {animal} lives at the {home}.",
        ask: &["Where does a {animal} live?", "Tell me where a {animal} lives."],
        short: "{animal} lives: {home}.",
    },
    Fact {
        long: "A {animal} likes {food}.",
        ask: &["What does a {animal} like?", "Tell me what a {animal} likes."],
        short: "{animal} likes: {food}.",
    },
    Fact {
        long: "The {thing} is {thing_colour}.",
        ask: &["What colour is the {thing}?", "Tell me the colour of the {thing}."],
        short: "{thing}, {thing_colour}.",
    },
];

const STORY: Story = Story {
    open: &[
        "One day, {name} went to the {place}.",
        "{name} was at the {place}.",
        "It was a {weather} day. {name} walked to the {place}.",
        "Once there was a child named {name}. {name} lived near the {place}.",
        "{name} went to the {place} in the morning.",
    ],
    have: &[
        "{name} had a {colour} {object}.",
        "{name} found a {colour} {object}.",
        "{name} saw a {colour} {object} and took it.",
        "{name} made a {colour} {object}.",
    ],
    meet: &["{name} met {other}.", "Then {other} came to the {place}.", "{other} was there too."],
    ask: &[
        "{other} asked: Can I have the {object}?",
        "{other} liked the {object}.",
        "{other} said: Wow! What a nice {object}!",
        "{other} asked: Is this {object} yours, {name}?",
    ],
    give: &[
        "{name} gave the {colour} {object} to {other}. Now {other} has the {object}.",
        "{name} said: Happy to help! {other} took the {colour} {object}. So {other} has a {colour} {object}.",
    ],
    thank: &[
        "{other} said: Thank you, {name}!",
        "{other} was very happy.",
        "{other} said: Hooray! I have a {colour} {object}!",
    ],
    refuse: &["{name} said: No, it is my {object}. {other} was sad.", "{name} said: You fool! {other} was angry."],
    lose: &[
        "But {name} lost the {object}. {name} was sad.",
        "Then the {object} was gone.",
        "But the {object} fell into the water.",
    ],
    find: &[
        "{other} said: I will help you, my friend. {other} found the {colour} {object}.",
        "{other} looked at the {place} and found the {colour} {object}.",
    ],
    animal: &["A {animal} came out. The {animal} said: {sound}!", "{name} saw a {animal}. The {animal} said: {sound}!"],
    feed: &[
        "{name} gave the {animal} some {food}. The {animal} likes {food}.",
        "The {animal} wanted {food}. {name} had no {food}.",
    ],
    end: &[
        "{name} went home.",
        "They played with the {object} all day.",
        "The end.",
        "{name} and {other} are good friends.",
        "It was a good day for {name}.",
    ],
};
