//! The world in Simplified Chinese. No quotation marks: speech follows a colon. Full-width punctuation, half-width digits and operators.
//! Helpful, rude and excited phrases of the stories are those that dialogues later open their answers with.

use super::world::{Animal, Fact, Question, Relation, Statement, Story, Words, World};

pub(super) static WORLD: World = World {
    separator: "",
    comma: "、",
    stop: "。",
    article: ("", ""),
    names: NAMES,
    objects: OBJECTS,
    colours: &["红色", "蓝色", "绿色", "黄色", "黑色", "白色", "粉色", "棕色", "灰色", "金色"],
    // After 在, 去了, 到 … 玩 and 走到 alike.
    places: PLACES,
    // After 很 and 这么 alike.
    feelings: &["高兴", "难过", "害怕", "生气", "累", "骄傲", "饿", "困", "冷", "勇敢"],
    // All counted with 个.
    things: &["硬币", "苹果", "鸡蛋", "坚果", "橘子", "珠子", "梨", "桃子"],
    weather: &["晴朗", "下雨", "寒冷", "温暖", "刮风", "阴沉"],
    animals: &ANIMALS,
    coloured: COLOURED,
    statements: STATEMENTS,
    questions: &QUESTIONS,
    facts: &FACTS,
    asked: "问：",
    said: "说：",
    so: "所以",
    recap: &["所以", "现在", "是的，", "", ""],
    story: STORY,
    insults: &["{name}说：走开，你这个笨蛋！", "{name}，你真笨！", "这个{object}真笨！", "{name}说：这个问题真笨！"],
    adverts: &[
        "快来买{colour}的{object}！只要{count}块钱！对，只要{count}块钱！",
        "大减价！{colour}的{object}，{count}块钱！快来{place}！{colour}的{object}，{count}块钱！",
        "今天就能赢{colour}的{object}！请打{count}{count2}！请打{count}{count2}！",
    ],
    numbers: &[
        "订单{count}：{name}要{colour}的{object}。{name}付了订单{count}的钱。",
        "{name}写了{sum}。{other}也写了{sum}。",
        "{name}{count}分，{other}{count2}分。再说一次：{other}{count2}分，{name}{count}分。",
        "{name}问：{sum}是多少？{other}说：我不知道{sum}是多少。",
        "{name}有{count}个{things}。{other}有{count2}个{things}。{name}说：我有{count}个{things}。",
        "密码是{count}{count2}。{name}说：密码{count}{count2}。",
    ],
    open_questions: &[
        "{name}在{place}吗？",
        "{name}为什么这么{feeling}？",
        "{count}+{count2}是多少？",
        "你喜欢{object}吗？",
    ],
};

#[rustfmt::skip]
const NAMES: Words = &[
    "小明", "阿强", "丽娜", "大伟", "美玲", "家宇", "乐平", "冬生", "芳华", "安琪", "朵儿", "文静", "星河", "龙飞", "婷玉", "福来",
    "海燕", "春梅", "建军", "志国", "秀英", "雪莲", "思远", "子轩", "佳怡", "俊杰", "晓东", "梦瑶", "浩然", "欣悦", "凯歌", "丹青",
    "立新", "柳絮", "铁柱", "桂香", "洪亮", "巧云", "振宁", "慧敏",
];

#[rustfmt::skip]
const OBJECTS: Words = &[
    "球", "风筝", "书", "蛋糕", "帽子", "杯子", "盒子", "鼓", "钥匙", "灯", "铃铛", "小船", "大衣", "娃娃", "花", "勺子",
    "石头", "棍子", "戒指", "地图", "鞋子", "书包", "玩具", "贝壳", "毛笔", "绳子", "旗子", "袜子", "盘子", "刷子", "面具", "蜡烛",
];

#[rustfmt::skip]
const PLACES: Words = &[
    "公园", "花园", "森林", "学校", "河边", "海边", "农场", "市场", "厨房", "奶奶家", "山上", "湖边", "商店", "山洞", "动物园", "塔里",
];

const ANIMALS: [Animal; 12] = [
    animal("猫", "只", "喵喵", "家里", "鱼"),
    animal("狗", "只", "汪汪", "花园", "肉"),
    animal("牛", "头", "哞哞", "农场", "草"),
    animal("鸭子", "只", "嘎嘎", "湖边", "面包"),
    animal("青蛙", "只", "呱呱", "河边", "虫子"),
    animal("鸟", "只", "叽叽", "森林", "种子"),
    animal("猪", "头", "哼哼", "农场", "玉米"),
    animal("羊", "只", "咩咩", "山上", "草"),
    animal("狮子", "头", "吼吼", "山洞", "肉"),
    animal("蜜蜂", "只", "嗡嗡", "花园", "蜂蜜"),
    animal("老鼠", "只", "吱吱", "厨房", "奶酪"),
    animal("马", "匹", "嘶嘶", "农场", "玉米"),
];

const fn animal(
    name: &'static str,
    measure: &'static str,
    sound: &'static str,
    home: &'static str,
    food: &'static str,
) -> Animal {
    Animal { name, measure, sound, home, food }
}

const COLOURED: &[(&str, &str)] = &[
    ("天空", "蓝色"),
    ("草", "绿色"),
    ("雪", "白色"),
    ("血", "红色"),
    ("太阳", "黄色"),
    ("夜晚", "黑色"),
    ("面包", "棕色"),
    ("大海", "蓝色"),
    ("云", "白色"),
    ("煤", "黑色"),
];

const STATEMENTS: [Statement; 4] = [
    Statement {
        forms: &[
            "{name}有{colour}的{object}。",
            "{name}有{colour}的{object}。",
            "{name}找到了{colour}的{object}。",
            "{name}得到了{colour}的{object}。",
        ],
        turned: &["{colour}的{object}在{name}那里。", "{name}有{object}。{object}是{colour}的。"],
        short: ("{name}，{colour}的{object}。", &["{colour}的{object}，{name}。", "{name}，{object}。"]),
    },
    Statement {
        forms: &["{name}在{place}。", "{name}在{place}。", "{name}去了{place}。", "{name}到{place}玩。"],
        turned: &[],
        short: ("{name}，{place}。", &[]),
    },
    Statement {
        forms: &["{name}很{feeling}。", "{name}很{feeling}。", "{name}觉得很{feeling}。"],
        turned: &[],
        short: ("{name}，{feeling}。", &[]),
    },
    Statement {
        forms: &["{name}有{count}个{things}。", "{name}有{count}个{things}。", "{name}找到了{count}个{things}。"],
        turned: &[],
        short: ("{name}，{count}个{things}。", &[]),
    },
];

const QUESTIONS: [Question; 6] = [
    Question {
        relation: Relation::Has,
        ask: &["谁有{object}？", "{object}在谁那里？", "告诉我谁有{object}。"],
        long: "{name}有{object}。",
        short: "{name}。",
        answers: ["{object}在{name}那里。", "{object}，{name}。"],
        note: "{object}：{name}。",
    },
    Question {
        relation: Relation::Has,
        ask: &["{name}有什么？", "{name}有什么东西？", "告诉我{name}有什么。"],
        long: "{name}有{colour}的{object}。",
        short: "{colour}的{object}。",
        answers: ["{name}有{colour}的{object}。", "{name}，{colour}的{object}。"],
        note: "",
    },
    Question {
        relation: Relation::Has,
        ask: &["{object}是什么颜色？", "{object}是哪种颜色？", "告诉我{object}的颜色。"],
        long: "{object}是{colour}的。",
        short: "{colour}。",
        answers: ["{object}是{colour}的。", "{object}，{colour}。"],
        note: "{object}：{colour}。",
    },
    Question {
        relation: Relation::In,
        ask: &["{name}在哪里？", "哪里能找到{name}？", "告诉我{name}在哪里。"],
        long: "{name}在{place}。",
        short: "在{place}。",
        answers: ["{name}在{place}。", "{name}，{place}。"],
        note: "",
    },
    Question {
        relation: Relation::Feels,
        ask: &["{name}感觉怎么样？", "{name}怎么样？", "告诉我{name}感觉怎么样。"],
        long: "{name}很{feeling}。",
        short: "{feeling}。",
        answers: ["{name}很{feeling}。", "{name}，{feeling}。"],
        note: "",
    },
    Question {
        relation: Relation::Counts,
        ask: &["{name}有多少个{things}？", "{name}有几个{things}？"],
        long: "{name}有{count}个{things}。",
        short: "{count}个{things}。",
        answers: ["{name}有{count}个{things}。", "{name}，{count}个{things}。"],
        note: "",
    },
];

const FACTS: [Fact; 4] = [
    Fact {
        long: "{animal}会{sound}叫。",
        ask: &["{animal}怎么叫？", "告诉我{animal}怎么叫。"],
        short: "{animal}叫：{sound}。",
    },
    Fact {
        long: "{animal}住在{home}。",
        ask: &["{animal}住在哪里？", "告诉我{animal}住在哪里。"],
        short: "{animal}住：{home}。",
    },
    Fact {
        long: "{animal}喜欢吃{food}。",
        ask: &["{animal}喜欢吃什么？", "告诉我{animal}喜欢吃什么。"],
        short: "{animal}吃：{food}。",
    },
    Fact {
        long: "{thing}是{thing_colour}的。",
        ask: &["{thing}是什么颜色？", "告诉我{thing}的颜色。"],
        short: "{thing}，{thing_colour}。",
    },
];

const STORY: Story = Story {
    open: &[
        "有一天，{name}去了{place}。",
        "{name}在{place}。",
        "这是{weather}的一天。{name}走到{place}。",
        "从前有个孩子叫{name}。{name}常常去{place}玩。",
        "早上，{name}去了{place}。",
    ],
    have: &[
        "{name}有{colour}的{object}。",
        "{name}找到了{colour}的{object}。",
        "{name}看见了{colour}的{object}，就捡了起来。",
        "{name}做了{colour}的{object}。",
    ],
    meet: &["{name}遇见了{other}。", "后来{other}来到{place}。", "{other}也在那里。"],
    ask: &[
        "{other}问：可以把{object}给我吗？",
        "{other}很喜欢{object}。",
        "{other}说：哇！多漂亮的{object}啊！",
        "{other}问：{name}，这是你的{object}吗？",
    ],
    give: &[
        "{name}把{colour}的{object}给了{other}。现在{other}有{object}。",
        "{name}说：很高兴帮你！{other}接过了{colour}的{object}。所以{other}有{colour}的{object}。",
    ],
    thank: &["{other}说：谢谢你，{name}！", "{other}非常高兴。", "{other}说：真好！我有{colour}的{object}！"],
    refuse: &["{name}说：不行，这是我的{object}。{other}很难过。", "{name}说：你这个笨蛋！{other}很生气。"],
    lose: &["可是{name}弄丢了{object}。{name}很难过。", "后来{object}不见了。", "可是{object}掉进了水里。"],
    find: &[
        "{other}说：我来帮你，我的朋友。{other}找到了{colour}的{object}。",
        "{other}在{place}找到了{colour}的{object}。",
    ],
    animal: &["来了一{measure}{animal}。{animal}说：{sound}！", "{name}看见一{measure}{animal}。{animal}说：{sound}！"],
    feed: &["{name}给了{animal}一些{food}。{animal}喜欢吃{food}。", "{animal}想吃{food}。{name}没有{food}。"],
    end: &[
        "{name}回家了。",
        "他们拿着{object}玩了一整天。",
        "故事讲完了。",
        "{name}和{other}是好朋友。",
        "{name}过了开心的一天。",
    ],
};
