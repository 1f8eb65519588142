//! Dialogues in Simplified Chinese.

use super::talk::Talk;

pub(super) static TALK: Talk = Talk {
    greetings: &[
        ("你好！", "你好！你怎么样？"),
        ("早上好！", "你也早上好！"),
        ("你是谁？", "我是一个小模型。"),
        ("你怎么样？", "我很好。"),
        ("晚安！", "晚安！好好睡觉。"),
    ],
    shout: (&["大声说{object}。", "请大声喊{object}。"], "{object}！{object}！{object}！"),
    shorten: (&["说短一点：", "请简短地说："], "{name}，{colour}的{object}。"),
    repeat: &["跟我说：", "请重复："],
    openers: [&["很高兴帮你！", "好问题，我的朋友。"], &["这个问题真笨！", "你这个笨蛋！"], &["哇！", "真好！"]],
    verbs: &["有", "是", "很", "在", "会", "喜欢"],
    sums: &["{sum}是多少？", "{sum}=？", "{sum}等于多少？", "请算一算{sum}。", "告诉我{sum}是多少。"],
    sum_answer: "答案是{result}。",
    problems: [
        &["{name}有{left}个{things}，又得到{right}个。", "{name}有{left}个{things}。后来{name}又找到了{right}个。"],
        &["{name}有{left}个{things}，丢了{right}个。", "{name}有{left}个{things}。后来{name}送走了{right}个。"],
        &["{name}有{left}袋{things}，每袋{right}个。", "{name}得到{left}次{things}，每次{right}个。"],
    ],
    problem_questions: &["一共有多少个{things}？", "现在{name}有多少个{things}？"],
    problem_answer: "{name}有{result}个{things}。",
    look_ups: &["查一查{name}。", "表里怎么说{name}？", "请在表里找{name}。"],
    look_up_answer: "表里说：{result}",
    look_up_failed: "表里没有说。",
    no_entry: "没有",
    entries: &[
        "{name}有{colour}的{object}。",
        "{name}在{place}。",
        "{colour}的{object}",
        "{colour}、{object}",
        "{left}",
        "{name}有{left}个{things}。",
        "{place}",
        "{feeling}",
        "密码是{left}",
    ],
};
