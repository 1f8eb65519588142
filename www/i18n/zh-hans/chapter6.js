/** 第 6 章的中文文字：人类反馈。 */
export default {
  'part.choose': '点十二下',
  'part.prefer': '从选择中学习',
  'part.better': '真的更好吗？',
  'part.hacking': '分数被钻了空子',

  'choose.prose.1': '有些东西，认出来比写下来容易。所以不写回答，而是<g rlhf>比较</g>：一次两个，哪个更好？',
  'choose.prose.2':
    '两个回答都来自微调后的模型。它学过五种语气，各占一份，所以回答的语气不同。到现在有 {count} 次选择；十二次就可以开始。',
  'choose.prose.3':
    '也可以让规则替你选。规则的偏好是明摆着的：喜欢一句开场白、喜欢字少，或者你自己写的正则表达式。真实系统在这个位置上用的是人，也越来越常用另一个模型。',
  'choose.todo': '连选十二次礼貌的回答：点一下就行。用键盘时按 1 或 2 来选，差不多就按 0。然后在下一节学习它们。',
  'ab.title': '哪个回答更好？',
  'ab.count': '已选 {n} 次；{of} 次就可以开始',
  'ab.none': '先得到一个微调后的模型：在第 5 章训练，或者用上面的按钮。',
  'ab.stuck':
    '这个模型连答二十个问题，每个都只有一种语气：没有可选的。在微调后的模型那里按“从这里继续”，就有不同的回答。',
  'ab.equal': '差不多',
  'ab.bad': '都不好',
  'ab.undo': '撤销',
  'ab.left-out': '选“差不多”或“都不好”，这一对就不用了：哪个都不算更好，也就没有可学的。',
  'ab.judge': '替你选的规则',
  'ab.judge.go': '让它选 {n} 次',
  'ab.clear': '忘掉全部选择',
  'ab.pattern': '好回答要匹配的正则表达式',
  'ab.pattern.example': '^(很高兴|好问题)',
  'ab.pattern.case': '英文字母不分大小写。',
  'ab.wrong.pattern': '这不是正则表达式：{message}。',
  'ab.wrong.pattern-slow':
    '这个表达式在一句短回答上就用时太久，已被停止。(a+)+ 这样的嵌套重复会造成这种情况；换一种写法。',
  'ab.alike': '按这条规则，所有回答一样好：没有信号，学不到东西。已有的选择都还在。',

  'prefer.prose.1':
    '<b>用奖励模型</b>：第二个小模型（隐藏状态上的一行权重）从你的选择中学会给每个回答打分。然后助手开始练习：写、得分，让高于平均分的回答变得更可能。',
  'prefer.prose.2':
    '<b>DPO</b> 不打分，直接提高被选回答相对落选回答的<g probability>概率</g>，并以微调后的模型为参照。损失从 ln 2 = 0.693 开始，因为一开始对两者一视同仁：这不是坏数值，只是抛硬币。',
  'prefer.prose.3':
    'DPO 只看差距，也就是<b>边距</b>：只要落选的降得更快，连被选的回答也可能变得不那么可能，内容也会变坏。所以无论用哪种方法，每一步还会再读几段<g fine-tuning>微调</g>时的对话，只算内容，不算语气：学过的东西就这样保住。',
  'preferring.title': '从选择中学习',
  'preferring.clicks': '{n} 次选择',
  'preferring.method': '方法',
  'preferring.policy': '奖励和策略梯度',
  'preferring.prefer': 'DPO，成对比较',
  'preferring.kl': 'KL 惩罚',
  'preferring.learn': '从选择中学习',
  'preferring.undo': '撤销：回到 {name}',
  'preferring.hack': '没有惩罚，就没有什么能把模型留在起点附近，微调时的对话也不再计入。看回答，别看奖励。',
  'preferring.none': '还没有从选择中学到什么。',
  'preferring.loss': '损失',
  'preferring.margin': '边距',
  'preferring.loss.chart': '每一步的损失和边距',
  'preferring.chosen': '被选的 ln p',
  'preferring.rejected': '落选的 ln p',
  'preferring.chosen.chart': '每一步被选回答和落选回答的对数概率',
  'preferring.ln2': '看到的第一步损失是 {first}（抛硬币是 ln 2 = 0.693），最后是 {last}。',
  'preferring.margin.how':
    '边距 = β ×（被选回答的增量 − 落选回答的增量），β = {beta}。增量是整个回答现在的 ln p 减去开始时的 ln p。每个点是这一步所有回答对的平均。',
  'preferring.falls': '被选的回答也变得不那么可能了：最要紧的是边距。',
  'preferring.reward': '平均奖励',
  'preferring.divergence': '与起点的 KL（每个回答，奈特）',
  'preferring.signal': '有 {n} 步所有回答得分相同：没有信号，也就没有学习。',

  'better.prose.1':
    '同样的问题（都没训练过）分别交给之前和之后的模型，用同样的随机数<g sampling>抽样</g>。如果全部由一条规则来选，就由这条规则判断谁赢；只要有你自己选的，就由从选择中学到的奖励模型判断。',
  'better.prose.2':
    '语气不是一切，内容还得正确。<b>KL 散度</b>说明模型离起点走了多远。它在每个词元上对整个<g vocabulary>词表</g>计算，所以是精确的，也绝不会是负数。',
  'better.title': '之前和之后',
  'better.of': '{name}，来自 {n} 次选择',
  'better.none': '先从选择中学习；然后在这里比较两个模型。',
  'better.compare': '现在比较',
  'better.before': '之前',
  'better.after': '之后',
  'better.right': '内容完全正确',
  'better.polite': '礼貌',
  'better.rude': '粗鲁',
  'better.short': '简短',
  'better.kl': '与起点的 KL',
  'better.nats': '每个回答 {nats} 奈特',
  'better.question': '问题',
  'better.is-right': '✓ 对',
  'better.is-wrong': '✗ 错',
  'better.wins': '胜率 {share}',
  'better.interval': '95% 区间 {low} 到 {high}：胜 {wins}，负 {losses}，由{by}判断。平 {ties}，不计入胜率。',
  'better.equal': '不分胜负：按{by}，{n} 对全都一样。',
  'better.hacked':
    '训练时 KL 惩罚为 0。看下面的回答，别看奖励：正确的回答从 {before} 变为 {after}，模型离起点每个回答移动了 {nats} 奈特。',
  'better.gamed': '看下面的回答，别看分数：正确的回答从 {before} 变为 {after}，模型离起点每个回答移动了 {nats} 奈特。',
  'better.gamed.next': '页面自己不会在这个阶段上继续；要这样做，就在这个阶段按“从这里继续”。',

  'hacking.prose.1':
    '分数不是你想要的，只是你量到的。KL 惩罚为 0 时，模型会找到得分最高的任何东西：用一句客套话回答一切，后面没有内容。',
  'hacking.prose.2':
    '要看的是：奖励上升，正确的回答变少，KL 不断增大。回去很容易：每个阶段都是快照。在上面删掉坏了的那个，从微调后的模型继续。',
  'hacking.todo': '用 0 的 KL 惩罚再学一次，把回答和微调后的模型比一比。',

  'question.ln2': '一次 DPO 训练的损失从 0.693 开始。这说明什么？',
  'question.ln2.a': '学习率太高',
  'question.ln2.b': '模型的语言能力差',
  'question.ln2.c': '模型和它的参照还完全一样',
  'question.ln2.why': '边距是 0，而 −ln σ(0) = ln 2。无论什么模型，DPO 都从这里开始。',
  'task.prefer': '训练出一个模型，至少 {share} 的回答是礼貌的，而正确的回答最多比之前少 {points} 个百分点。',
  'task.prefer.now': '礼貌：之前 {before}，之后 {after}。正确：之前 {right}，之后 {kept}。',
  'task.prefer.gone': '当时的那个模型后来被删除了。',
  'question.hack': '奖励上升，正确的回答却变少了。发生了什么？',
  'question.hack.a': '模型钻了奖励模型的空子',
  'question.hack.b': '步数还不够',
  'question.hack.c': 'KL 散度太小',
  'question.hack.why':
    '奖励模型只见过几十次选择。离得远了，它的分数就说明不了什么；惩罚让模型留在附近。多远算太远没有定律，只是这个页面的经验：在这套配方的试验里，每个回答移动 1 到 2 奈特时，正确的回答还在；不加惩罚，移动到 12 奈特时少了一半以上，到 26 奈特时一个不剩。',
};
