/** 第 2 章“预测下一个词元”的中文文字。 */
export default {
  'part.next': '下一个词元',
  'part.sampler': '你来采样',
  'part.ladder': '从瞎猜到 Transformer',
  'part.surprise': '意外程度',

  'predictor.uniform': '瞎猜',
  'predictor.bigram': '二元统计表',
  'predictor.trigram': '三元统计表',
  'predictor.model': 'Transformer',

  'next.prose.1':
    '模型只做一件事：读一串词元，然后给<g vocabulary>词表</g>里的每个词元一个<g probability>概率</g>，看它接在后面的可能性有多大。{size} 个词元个个都有，加起来是 100%。',
  'next.prose.2':
    '接在 {after} 之后，它排在第一的是 {first}，{share}。在图里另选一个词元，就能看到它在那里预测了什么。',
  'next.prose.3':
    '选哪个是另一回事，由我们决定。<b><g temperature>温度</g></b>让这些条变陡或变平。<b><g top-k>top-k</g></b> 只留最长的 k 条，<b><g top-p>top-p</g></b> 从长到短留到总和够 p 为止。截去的永远写不出来，剩下的按比例放大到 100%。模型本身一点没变。',
  'next.todo': '把温度调到 0.2，生成五次；再调到 1.5。变的是模型，还是选法？',

  'question.temperature': '先猜再试：温度从 1 降到 0.5，最可能的那个词元，概率会怎样？',
  'question.temperature.a': '变大',
  'question.temperature.b': '变小',
  'question.temperature.c': '不变，只是排序变了',
  'question.temperature.live': '在上面这段文本里，它从 {before} 变成 {after}。',
  'question.temperature.why': '温度 0.5 就是把每个概率平方，再按比例放大到 100%：大的更大，小的几乎没了。',

  'sampler.prose.1':
    '用模型写字的程序，每次抽一个词元，接到文本后面，再问一遍。现在这个程序由你来当。从下面的条里选，稳妥的、大胆的都行。',
  'sampler.prose.2':
    '一段文本的概率，是这些概率连乘的积，小得很，所以改把对数相加。你选的 {count} 个词元一共 {nats} 奈特。平均到每个词元，再取 e 的这个次方，就是<b><g perplexity>困惑度</g></b>，现在是 {perplexity}：好比每次都在这么多个同样可能的词元里选。',
  'sampler.title': '轮到你选',
  'sampler.count': '已选 {n} 个词元',
  'sampler.text': '你写的文本',
  'sampler.log': '对数概率（奈特）',
  'sampler.probability': '概率',
  'sampler.perplexity': '困惑度',
  'sampler.sentence': '{n} 个词元，对数概率负 {nats} 奈特，困惑度 {perplexity}',
  'sampler.draw': '随机抽一个',
  'sampler.undo': '退一个',
  'sampler.restart': '重新开始',
  'task.sampler':
    '选至少 <b>{n}</b> 个词元，让困惑度低于 <b>{limit}</b>，也就是模型自己在<g validation>验证</g>文本上的困惑度。',
  'task.sampler.now': '现在：{n} 个词元，困惑度 {perplexity}。',

  'ladder.prose.1':
    '预测得好不好，怎么衡量？看要用多少比特才能指明真正出现的那个词元。在 {size} 个词元里瞎猜，每字节文本要 {uniform} 比特。',
  'ladder.prose.2':
    '数一数就会好很多。<b><g bigram>二元统计表</g></b>记下每个词元后面跟过什么、跟过几次，共 {pairs} 个格子：{bigram} 比特。<b><g trigram>三元统计表</g></b>往回看两个词元：{trigram} 比特。再往前就数不动了，因为更长的片段几乎都是第一次出现。',
  'ladder.prose.3':
    '<g transformer>Transformer</g> 最多读 {context} 个词元，手里没有表，靠学到的一组数算出什么要紧。现在是 {model} 比特。训练它，看它怎么移动。',
  'question.uniform': '在 {n} 个词元里瞎猜，每个词元的损失是多少奈特？',
  'question.uniform.why': 'ln {n} = {nats} 奈特，也就是 {bits} 比特。没训练过的模型大约从这里起步。',
  'question.uniform.bits': '这是以比特计的答案，log₂ {n}。奈特用的是自然对数。',
  'question.uniform.hint': '每个词元的概率都是 1/{n}，损失是它的自然对数取负。',
  'task.train': '继续训练，直到 Transformer 用的比特比三元统计表还少。',
  'task.train.now': '现在：Transformer {model}，三元统计表 {trigram} 比特/字节。',
  'ladder.title': '没学过的文本，每字节要多少比特',
  'ladder.aside': 'Transformer 在第 {step} 步',
  'ladder.nats': '{nats} 奈特/词元',
  'ladder.bits': '{n} 比特/字节',
  'ladder.waiting': '正在测量模型。',
  'ladder.beats': 'Transformer 已经超过{name}：少用 {share} 的比特。',
  'ladder.beats-none': 'Transformer 还没有超过瞎猜。',
  'rivals.title': '同一段文本，四种预测',
  'rivals.after': '前文末尾',
  'rivals.sees': '看得到 {n} 个词元',
  'rivals.label': '下一个词元的概率：{name}',
  'rivals.uniform': '{n} 个词元，每个都是 {share}。',
  'rivals.write': '再写一遍',

  'surprise.prose.1':
    '<g loss>损失</g>就是意外的程度。概率为 p 的词元出现了，代价是 −ln p <g nat>奈特</g>：早就料定的，代价是零；模型本来不信会出现的，代价很大。',
  'surprise.prose.2':
    '这段文本里，最让它意外的是 {token}。把所有代价换成<g bits-per-byte>比特</g>加起来，除以文本的字节数，是每字节 {bits} 比特：和上面那把尺子同一个单位，只是量的是你的文本。',
  'surprise.todo': '把一个词换成放在那里说不通的。哪些词元变深了，是这个词，还是它后面的？',
  'question.surprise': '两个模型的词表不同。在同一段文本上，用哪个数比较才公平？',
  'question.surprise.a': '每词元奈特',
  'question.surprise.b': '困惑度',
  'question.surprise.c': '每字节比特',
  'question.surprise.why': '词元越长，个数越少，每个也越难猜。而文本的字节数，对哪个模型都一样。',
  'surprise.title': '每个词元的代价',
  'surprise.step': '第 {step} 步的模型',
  'surprise.counted': '数自训练文本',
  'surprise.by': '由谁来读',
  'surprise.key': '{n} 奈特，相当于瞎猜',
  'surprise.label': '词元及其意外程度（奈特）',
  'surprise.token': '{token}，{nats} 奈特',
  'surprise.token.none': '{token}，没有分数',
  'surprise.short': '输入至少两个词元：第一个词元前面什么也没有，所以没有分数。',
  'surprise.bits-per-byte': '每字节比特',
  'surprise.nats': '每词元奈特',
  'surprise.total': '总比特',
  'surprise.sentence': '{n} 个词元，{bytes} 字节。最意外的是 {token}，{nats} 奈特。',
  'surprise.context': '预测每个词元时，模型最多读了它前面 {n} 个词元，各是多少见表格。',
  'surprise.unseen': '从没数到过的，在统计表里几乎没有概率，代价比瞎猜大得多。',
  'surprise.cut': '只计前 {n} 个词元。',
  'surprise.table': '看表格（奈特）',
  'surprise.number': '序号',
  'surprise.token-name': '词元',
  'surprise.before': '之前读到的词元',
};
