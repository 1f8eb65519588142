/** 第 5 章的中文文字：微调。 */
export default {
  'part.assistant': '从预测器到助手',
  'part.counted': '损失计算哪些词元',
  'part.forgotten': '忘掉了什么',
  'part.adapters': '权重旁边的少量数字',
  'part.honest': '这是什么，不是什么',

  'assistant.prose.1':
    '<g pre-training>预训练</g>得到的模型会续写<g document>文档</g>。向它提问，它就把文档接着写下去：常常又写出一个问题，因为一连串问题的文档就是这样。',
  'assistant.prose.2': '这个基础模型对 {exact} 的问题给出完全正确的回答。它知道小世界里的事实，但不知道有人在问它。',
  'assistant.prose.3':
    '有一点要说明白：默认情况下，它的<b><g parameter>初始权重</g></b>里有一个小电路，会回看前文里某个词后面跟着什么。从随机权重开始的模型要找到这样的电路，花的时间比在这个网页上等得起的长得多；在那之前它抄不对名字。{score}也在下面用另一种初始权重训练一个，比比看。',
  'assistant.score': '在回看测试中，这个基础模型得 {score}；大约一半就等于在文中的两个人之间瞎猜。',
  'assistant.score.random':
    '这里显示的基础模型<b>从随机权重开始</b>：它在回看测试中得 {score}。大约一半就等于在文中的两个人之间瞎猜；比一半还低，说明它常写出两个人都不对应的词。',
  'assistant.score.own': '这里显示的基础模型是你自己的模型；它在回看测试中得 {score}。',
  'assistant.todo': '预训练一个基础模型，问它一个问题。然后在下一节微调它，看它的回答怎样边学边变。',

  'counted.prose.1':
    '<g fine-tuning>微调</g>改变的是文本，不是方法。模型读一段段格式固定的短对话，标记词元说明轮到谁说话，训练步骤和以前一样。',
  'counted.prose.2':
    '<g loss>损失</g>只计算回答的词元，第一个也算：它紧跟在 <b>assistant</b> 之后被预测。结尾的 <b>end</b> 也算，模型由此学会停下。问题是给定的，不用学。',
  'counted.prose.3': '经过 {steps} 步，微调后的模型对 {exact} 的问题给出完全正确的回答。',
  'counted.prose.4':
    '问它谁有球，它先记笔记再回答：“球：小明。”名字本来写在东西前面，而这个模型只找得到某个词<b>后面</b>跟着什么；倒过来记一遍，答案就跟在后面了。大模型“一步一步想”也是这个道理：写下来的，就查得到。',
  'counted.title': '一段用来学习的对话',
  'counted.of': '{of} 个词元中有 {n} 个计入损失',
  'counted.yes': '计入损失',
  'counted.no': '只读，不计入',
  'counted.none': '先预训练一个基础模型：对话要用它的词表来切分。',
  'counted.another': '换一段对话',

  'forgotten.prose.1':
    '只学对话，就会忘掉故事。衡量的办法是看没有训练过的预训练文本上的损失：每个词元比以前多花多少<g nat>奈特</g>。',
  'forgotten.prose.2': '办法是继续读。<b>复习</b>时，每八行仍有一行是预训练文本。',
  'forgotten.todo': '也做一次不复习的微调。故事上的损失说明什么？新名字呢？',

  'adapters.prose.1':
    '也可以不动原有权重，只在每个矩阵旁边训练两个很瘦的矩阵 A 和 B，把它们的乘积加上去（LoRA）。<b>秩</b>就是它们有多瘦。',
  'adapters.prose.2':
    '训练之后，乘积可以并入权重：和普通模型一样，一点不慢。也可以再取出来，剩下的就是基础模型，只差舍入误差。在这里，每一步训练时乘积都已经在权重里：你提问的就是并入后的模型；表中给出的，是把乘积再取出来之后还差多少。',

  'tuning.title.tune': '学到的和忘掉的',
  'tuning.title.adapters': '全部权重，还是适配器',
  'tuning.none': '先预训练一个基础模型。',
  'tuning.tune': '微调（带复习）',
  'tuning.bare': '不复习',
  'tuning.rank': '秩',
  'tuning.targets': '放在哪些矩阵旁',
  'tuning.targets.attention': '注意力',
  'tuning.targets.mlp': '前馈层',
  'tuning.targets.blocks': '所有矩阵',
  'tuning.adapters': '微调适配器',
  'tuning.stage': '阶段',
  'tuning.trained': '训练的参数',
  'tuning.exact': '完全正确',
  'tuning.new': '新名字',
  'tuning.loss': '故事（奈特）',
  'tuning.change': '变化',
  'tuning.worse': '变差',
  'tuning.kept': '保住了',
  'tuning.unmerged': '再取出适配器：与基础模型的 logit 最多相差 {out}。放着不取：最多相差 {with}。',

  'part.circuit': '它为什么能照抄名字',
  'circuit.prose.1':
    '看看第一步之前的各个头。第一层里，有一个头总是看<b>前一个词元</b>，不管文本写什么；另一个看再往前一点的一小段。后面各层里有一个头会找到当前这个词上一次出现的地方，把那里后面跟着的内容抄过来。名字和属于它的东西就这样一起回来了。',
  'circuit.prose.2':
    '这不是训练出来的，而是亲手写进初始权重里的；最初几十步里还有一半的行是要照抄的乱码，好让各个部分互相找到。大模型会自己找到这样的头，用的文本要多上千倍。这几章里的一切，都从这点帮助开始。',
  'circuit.prose.3':
    '旁边是两样都没有的同一次训练：文本相同，步数相同，初始权重随机，也没有抄写练习。它的损失也会下降，故事读起来差不多，可名字、地点和颜色对不上。最后的回看得分：带电路 {score}，不带 {random}。在文中的两个人之间瞎猜大约是一半；比一半还低，说明模型常写出两个人都不对应的词。',
  'circuit.todo':
    '选第二层里找“后面跟着什么”的那个头，看它从第二次提到之前的那个词元看向哪里。然后换成随机权重再看一遍。',
  'circuit.title': '电路，一个头一个头地看',
  'circuit.weights': '权重',
  'circuit.weights.look-back': '第一步之前，带电路',
  'circuit.weights.random': '第一步之前，随机',
  'circuit.another': '换一段文本',
  'circuit.role.previous': '看前一个词元',
  'circuit.role.window': '看往前约三个词元的一小段',
  'circuit.role.followed': '看这个词上次出现时后面跟着什么',
  'circuit.role.same': '看前面相同的词',
  'circuit.none': '先预训练一个基础模型：需要它的文本和词表。',
  'circuit.none-here': '这些权重里没有放电路：每个头都从随机开始。',
  'starts.title': '带电路，与随机起步',
  'starts.score': '每一步的回看得分',
  'starts.loss': '每一步的训练损失（奈特）',
  'starts.points': '得分的每个点是几十个问题的小测验；正文里的得分来自更长的一次。',
  'starts.none': '先预训练一个基础模型；它学习时，曲线会画在这里。',
  'starts.compare': '用另一种初始权重再训练一次',

  'honest.title': '预训练与微调：你自己的数字',
  'honest.prose.1':
    '这里看到的就是大系统的方法：预测下一个词元的预训练、用回答微调、偏好、工具。步骤、损失和失败的样子都一样。',
  'honest.prose.2':
    '不同之处：这个模型不到一百万个参数，世界里只有几百个词。大模型的参数多十万倍，读几万亿个词元，回答由许多人编写和检查。',
  'honest.prose.3':
    '这里没有涉及安全。一个“礼貌”的模型只是学会了一句开场白；它不懂礼貌，也没有人测试过它在别处会怎样。',
  'honest.pretraining': '预训练',
  'honest.tuning': '微调',
  'honest.stage': '阶段',
  'honest.goal': '目标',
  'honest.goal.pretraining': '预测每一个下一个词元',
  'honest.goal.tuning': '预测回答的词元',
  'honest.data': '数据',
  'honest.data.pretraining': '{bytes} 字节的故事，其中 {tokens} 个词元用来训练',
  'honest.data.tuning': '现生成的对话，读了 {tokens} 个词元',
  'honest.cost': '这里的算力',
  'honest.compute': '{tflop} TFLOP，用时 {time}',
  'honest.real': '别处',
  'honest.real.pretraining': '几万亿词元，上千块芯片，几个月',
  'honest.real.tuning': '几千到几百万个例子，几小时到几天',
  'honest.note': '数据和算力是在这台机器上数出和测得的；最后一行只是数量级。',

  'question.mask': '为什么问题不计入损失？',
  'question.mask.a': '它太长',
  'question.mask.b': '模型应该学回答，而不是学提问',
  'question.mask.c': '模型已经会了',
  'question.mask.why': '问题是用来读的：回答词元的梯度会流经它。但它的词元是别人说的话，学着写它们等于教模型提问。',
  'task.tune': '训练出一个模型，对至少 {share} 的问题给出完全正确的回答。',
  'task.tune.now': '目前最好：{share}。',
  'task.forget': '让模型忘事：不复习地微调，直到故事多花 {nats} 奈特。',
  'task.forget.now': '目前 {nats} 奈特。',
};
