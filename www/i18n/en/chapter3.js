/** English words of chapter 3: inside the Transformer. */
export default {
  'part.looking': 'Looking back',
  'part.arithmetic': 'One number, opened',
  'part.habits': 'What heads do',
  'part.ablation': 'Does it need them?',
  'part.stream': 'The stream, layer by layer',
  'part.map': 'A map of tokens',
  'part.edit': 'One weight',
  'part.reach': 'How far it sees',
  'part.parallel': 'All at once',

  'inside.waiting': 'The model is being taken apart…',
  'inside.looking.1':
    'Each token starts as a <g embedding>vector</g> of {width} numbers. <g layer>Layer</g> by layer, every position may fetch from earlier positions and add what it found. That is <g attention>attention</g>: each row of the matrix is one token, and its weights add up to 100%. Nothing looks to the right, since the future is what we want to predict.',
  'inside.looking.2':
    'There are {grid} <g head>heads</g>, and each looks in its own way. Head {head} of layer {layer} at {row} looks most at {column}, with {share}.',
  'inside.looking.todo':
    'Click through the small pictures. Which one comes nearest to a thin line below the diagonal, which to a dark first column? Few heads of so small a model are that clear; the part on habits below measures it.',
  'inside.arithmetic.1':
    'Where does a weight come from? The looking token makes a <b>query</b>, the other a <b>key</b>, {dim} numbers each. Multiply them pair by pair, add up, divide by √D = {root}: that is the score. <g softmax>Softmax</g> turns a row of scores into shares, and the shares mix the <b>values</b>.',
  'inside.arithmetic.2':
    'Nothing here is a picture: these are the numbers of the pass that ran. Every underlined number opens the sum behind it, down to the <g parameter>weights</g> that training has set.',
  'inside.arithmetic.todo':
    'Open the score, then one number of q, then the number behind that. How many steps does it take to reach the token’s own row in the embedding table?',
  'inside.habits.1':
    'A head has no name. But one can measure how much of its attention a simple rule explains, on the text you see. {named} of {all} heads follow a rule with more than 30%, and are called after it. On another text the answer may differ.',
  'inside.habits.none':
    'A head has no name. But one can measure how much of its attention a simple rule explains, on the text you see. Where a rule explains more than 30%, the head is called after it; here none of the {all} heads has a name. On another text the answer may differ.',
  'inside.habits.2':
    'The first token often gets weight that it has not earned. Softmax has to give 100% away, even where a head has found nothing. Every position can see the first token, so that is where heads learn to leave what they do not need. Compare the lengths of the values: a short value adds little, however large its weight.',
  'inside.habits.todo':
    'Train for some hundred steps and watch the columns: which of them rises first? Do not wait for names: with the standard settings none to two of the nine heads passed 30%, on two texts, after 700 steps and after 3,000.',
  'inside.ablation.1':
    'Which of it does the model need? Switch a part off, and it adds nothing to the stream; everything else runs as before. As it is, this text costs {loss} <g nat>nats</g> per token.',
  'inside.ablation.2':
    'Each cell says by how much that would rise without the part: blue for the better, orange for the worse. The largest loss is {where}, {most}. Many heads can go without much harm: others do the same work. So a head’s weight in a picture is no measure of its use.',
  'inside.ablation.none':
    'Each cell says by how much that would rise without the part: blue for the better, orange for the worse. No part raises it by as much as {least} here: what the model answers does not hang on any single one yet. Train it, and see which does first.',
  'inside.ablation.todo':
    'Switch off the part with the largest number, and watch the prediction after the selected token.',
  'inside.stream.1':
    'Through the whole model runs one vector of {width} numbers for each position, the <b><g residual>residual stream</g></b>. No part ever replaces it. {parts} parts read it and add to it: in each layer attention, then the <g mlp>MLP</g>.',
  'inside.stream.2':
    'So one may stop early: put the last <g norm>norm</g> and the last matrix behind any layer, and see what the model would answer then. This is called the <g logit>logit lens</g>. Here the stream starts with a size of {first} and ends with {last}. And since it is a sum, the logit of a token is one too: each part’s share can be told exactly.',
  'inside.stream.todo':
    'Choose a token whose next one is easy to guess. In which layer does the answer appear? Which part spoke for it?',
  'inside.map.1':
    'The <g tokenizer>tokenizer</g> knows {size} tokens, the model has a row of {width} numbers for each. They start at <g seed>random</g>. Tokens that are followed by similar text are pushed the same way, so they come to lie near each other.',
  'inside.map.2':
    'No screen has so many axes. The map shows the two along which the rows differ most, {share} of all their differences. What is near on the map may be far in the rest, so neighbours are measured with all numbers.',
  'inside.map.todo':
    'Train and watch the dots move. Then look for a name or a colour: are its neighbours names or colours?',
  'inside.edit.1':
    'The model is {parameters} numbers and nothing else. Change one of them, and see how far the change runs: upwards through the layers, and to the right, never to the left.',
  'inside.edit.2':
    'The figure shows how far each position’s stream has moved. A number of one token’s row touches that token and whoever looks back at it. A number inside a layer touches every position. The model that learns is not harmed: you work on a copy.',
  'inside.edit.tied':
    'The figure shows how far each position’s stream has moved. A number inside a layer touches every position. A number of one token’s row moves the stream of that token and of whoever looks back at it. But in this model the table of tokens is also the last matrix, the one that makes the logits: the row’s token becomes more or less probable after every token, even where no stream has moved. The model that learns is not harmed: you work on a copy.',
  'inside.edit.todo': 'Add 10 to a number in the first table, then to one of a layer. Which one harms more?',
  'inside.reach.1':
    'A <g bigram>bigram table</g> forgets everything but one token. The Transformer sees {context} <g context>tokens</g>. Here a place is told, sentences about others follow, and it is asked for. No table can answer: the last two tokens before the answer are the same whatever was told. Move the sentences in between, and watch the share of the right place among all that are named here.',
  'inside.reach.2':
    'Beyond {context} tokens there is nothing: no row of <g position>positions</g>, or angles that it never met. When a text grows longer, the window slides by half, {half} tokens, and what left it is forgotten for good. Some ways to tell positions can be stretched; whether the model copes is measured below.',
  'inside.reach.todo':
    'Watch the share while the model learns. It starts from random weights, and after the 700 steps of the standard settings it has not learned to look back: when measured, the right place had 13 to 15%, however far back it was told. Set 3,000 steps, some minutes of training: then it had 86% with nothing in between and 11% with eight sentences, which is chance. Where does yours lose the place? The model of chapter 5 has a circuit for looking back put into its first weights, and answers after some hundred steps.',
  'inside.parallel.1':
    'One pass over {context} tokens gives {context} predictions, one after each token: the mask makes sure that none has seen its answer. Training uses every one of them, in a <g batch>batch</g> of several texts at once. That is why Transformers learn fast.',
  'inside.parallel.2':
    'Generation cannot do that. Each token depends on the one before, so the model runs once per token. Training last read {speed} tokens per second, <g backpropagation>backward pass</g> included. The figure measures this machine when you ask for it.',

  'cell.title': 'The arithmetic of one cell',
  'cell.column': 'Token that is looked at',
  'cell.pair': '{row} looks at {column}',
  'cell.q': 'what {row} looks for:',
  'cell.k': 'what {column} offers:',
  'cell.dot': '{n} products added up:',
  'cell.mask': 'mask',
  'cell.mask.words': '{left} scores stay, {n} of later tokens are left out before softmax',
  'cell.v': 'what {column} gives:',
  'cell.mixed': 'all {n} values, each times its weight:',
  'cell.open.score': 'Score {value}: open',
  'cell.open.weight': 'Weight {value}: open',
  'num.open': '{name}: {value}, open the sum behind it',
  'num.more': '{n} more',
  'num.residual': 'stream before layer {layer} at {row}, no. {i}',
  'num.norm1': 'after the norm, layer {layer}, {row}, no. {i}',
  'num.projected': 'q, k, v as projected, layer {layer}, {row}, no. {i}',
  'num.turned': 'turned by position, layer {layer}, {row}, no. {i}',
  'num.normed': 'q or k after its norm, layer {layer}, {row}, no. {i}',
  'num.qkv': 'q, k, v, layer {layer}, {row}, no. {i}',
  'num.score': 'score L{layer} H{head}, {row} → {i}',
  'num.weight': 'weight L{layer} H{head}, {row} → {i}',
  'num.mixed': 'mixed values, layer {layer}, {row}, no. {i}',
  'num.attention': 'what attention adds, layer {layer}, {row}, no. {i}',
  'num.middle': 'stream before the MLP, layer {layer}, {row}, no. {i}',
  'num.norm2': 'after the norm before the MLP, layer {layer}, {row}, no. {i}',
  'num.inner': 'inside the MLP, layer {layer}, {row}, no. {i}',
  'num.up': 'gated part, layer {layer}, {row}, no. {i}',
  'num.active': 'after the activation, layer {layer}, {row}, no. {i}',
  'num.mlp': 'what the MLP adds, layer {layer}, {row}, no. {i}',
  'num.hidden': 'after the last norm, {row}, no. {i}',
  'num.logit': 'logit after {row}, id no. {i}',
  'num.probability': 'probability after {row}, id no. {i}',

  'sum.title': 'The sum behind a number',
  'sum.path': 'Numbers opened',
  'sum.empty': 'Open any underlined number above or below: its sum appears here.',
  'sum.number': 'number',
  'sum.times': 'times',
  'sum.product': 'product',
  'sum.value': 'value',
  'sum.rest': { one: '{n} more term', other: '{n} more terms' },
  'sum.tensor': 'Weights (w) come from',
  'sum.rule.sum': { one: '{n} term: {value}', other: '{n} terms add up to {value}' },
  'sum.rule.biased': {
    one: '{n} term, {total}, plus a bias of {offset}',
    other: '{n} terms add up to {total}, plus a bias of {offset}',
  },
  'sum.rule.scaled': '{n} terms add up to {total}; times {scale} = 1/√D',
  'sum.rule.distant': '{n} terms add up to {total}; times {scale} = 1/√D, plus {offset} for the distance',
  'sum.rule.normed': '{total} times {scale}, one over the size of the whole vector (the root of its mean square)',
  'sum.rule.normed.biased':
    '{total} times {scale}, one over the spread of the whole vector, whose mean is taken off; plus a bias of {offset}',
  'sum.rule.softmax':
    'e to this score, over the sum of e to every score of the row ({n} of them). Measured in this one, the sum is {total}, so the share is 1 / {total}.',
  'sum.rule.gelu': 'GELU({total}) = {value}: nearly the number itself where it is large, nearly 0 where it is negative',
  'sum.rule.swiglu': 'SiLU of the first times the second, the gate: {value}',
  'sum.rule.relu2': 'max(0, {total})² = {value}',
  'sum.rule.softcap': '{n} terms add up to {total}; {scale} · tanh({total} / {scale}) = {value}',
  'sum.rule.off': 'This part is switched off: it adds nothing.',

  'walk.title': 'The way of one position',
  'walk.layer': 'layer',
  'walk.first': 'Of each vector, its first five numbers.',
  'walk.rms': 'size {value}',
  'stage.residual': 'stream',
  'stage.norm1': 'norm',
  'stage.projected': 'q, k, v projected',
  'stage.qkv': 'q, k, v in use',
  'stage.score': 'scores, largest',
  'stage.weight': 'weights (softmax), largest',
  'stage.mixed': 'mixed values',
  'stage.attention': '+ attention',
  'stage.middle': 'stream',
  'stage.norm2': 'norm',
  'stage.inner': 'MLP, wide',
  'stage.up': 'MLP, gated part',
  'stage.active': 'activation',
  'stage.mlp': '+ MLP',
  'stage.hidden': 'last norm',
  'stage.logit': 'logits, largest',
  'stage.probability': 'probabilities, largest',

  'habits.title': 'Share of attention that each rule explains',
  'habits.aside': 'on this text',
  'habits.head': 'head',
  'habits.length': 'value: first / others',
  'habits.named': 'names the head',
  'habits.rule.previous': 'weight on the token just before',
  'habits.rule.first': 'weight on the first token read',
  'habits.rule.punctuation': 'weight on punctuation',
  'habits.rule.same': 'weight on earlier copies of the same token',
  'habits.rule.followed': 'weight on what followed this token earlier',
  'habits.how':
    'A share is the mean over the rows in which the rule names a token. The first two rows are left out: they have too little to choose from. A rule that applies to fewer than two rows has 0%.',
  'habits.sink.short':
    'Layer {layer} head {head} gives the first token most, {share}. Its value there is short, {first} against {others} elsewhere: the weight is parked, not used.',
  'habits.sink.long':
    'Layer {layer} head {head} gives the first token most, {share}. Its value there has length {first}, elsewhere {others}: not (yet) a parking place.',

  'ablation.title': 'Switch one part off: change in loss',
  'ablation.short': 'Type at least two tokens: the loss is that of the second and all later ones.',
  'ablation.mlp': 'layer {layer} MLP',
  'ablation.switch': '{name}, loss without it {rise}',
  'ablation.off': 'off',
  'ablation.better': 'better',
  'ablation.worse': 'worse',
  'ablation.now': 'Loss on this text <b>{before}</b> → <b>{after}</b> nats ({change}).',
  'ablation.all-on': 'Everything is on. Loss on this text: <b>{loss}</b> nats.',
  'ablation.held.later': 'The loss on text that it never learned from is being measured.',
  'ablation.held': 'On {n} tokens that it never learned from: <b>{loss}</b> nats.',
  'ablation.held.now': 'On {n} tokens that it never learned from <b>{before}</b> → <b>{after}</b> nats ({change}).',
  'ablation.reset': 'Switch all on',
  'change.before': 'Prediction, as the model is',
  'change.after': 'Prediction, changed',
  'change.undo': 'Undo',

  'lens.title': 'If it had to answer after layer…',
  'lens.start': 'start',
  'lens.layer': 'layer',
  'lens.guess': 'best guess',
  'lens.probability': 'probability',
  'lens.asked': '{token} has',
  'lens.norm': 'stream size',
  'lens.appears': '{token} is first from layer {layer} on.',
  'lens.at-once': '{token} is first from the start.',
  'lens.never': '{token} is not the model’s first choice.',
  'lens.share': 'Why this token: who spoke for it',
  'share.token': 'token',
  'share.embedding': 'the token itself',
  'share.head': 'layer {layer} head {head}',
  'share.bias': 'layer {layer} attention bias',
  'share.mlp': 'layer {layer} MLP',
  'share.norm': 'bias of the last norm',
  'share.rest': { one: '{n} other part', other: '{n} other parts' },
  'share.total':
    'All parts together lift the logit of {token} by {total} over the mean of all tokens. One more multiplies the odds against the other tokens by e.',

  'map.title': 'Embeddings on their two widest axes',
  'map.explained': '{first} and {second} of the variance',
  'map.label': 'Every token as a dot; the tokens of the text are named. The list below says the same in words.',
  'map.token': 'Token',
  'map.near': 'Nearest to {token} by the angle of all numbers (1 = same direction):',

  'edit.title': 'Change one of them',
  'edit.tensor': 'table',
  'edit.row': 'row',
  'edit.column': 'column',
  'edit.value': 'Its value:',
  'edit.add': 'Add to what it was:',
  'edit.wrong': 'There are {most} of “{what}”: type a whole number from 1 to {most}.',
  'edit.as-was': 'as it was',
  'edit.still': 'Nothing is changed: no position has moved.',
  'edit.ripple': '{n} of {time} positions moved behind the last layer. Loss on this text {before} → {after} nats.',
  'edit.output':
    'This table is also the last matrix: behind the stream, the logit of the row’s token changes at every position.',
  'edit.after': 'after {layer}',
  'edit.token': 'token',
  'edit.table': 'As a table: distance moved over the size of the stream',

  'recall.title': 'A place, told once',
  'recall.option.0': ' park',
  'recall.option.1': ' lake',
  'recall.option.2': ' beach',
  'recall.option.3': ' school',
  'recall.option.4': ' farm',
  'recall.option.5': ' market',
  'recall.option.6': ' garden',
  'recall.option.7': ' forest',
  'recall.option.8': ' river',
  'recall.stated': 'Mia is at the park.',
  'recall.between.1': 'Ben is at the lake.',
  'recall.between.2': 'Anna is at the beach.',
  'recall.between.3': 'Tom is at the school.',
  'recall.between.4': 'Lily is at the farm.',
  'recall.between.5': 'Sam is at the market.',
  'recall.between.6': 'Zoe is at the garden.',
  'recall.between.7': 'Max is at the forest.',
  'recall.between.8': 'Lucy is at the river.',
  'recall.asks': 'Leo asked: Where is Mia? Emma said: Mia is at the',
  'recall.distance': 'sentences between',
  'recall.sentences': { one: '{n} sentence', other: '{n} sentences' },
  'recall.tokens': 'tokens before',
  'recall.within': '{tokens} tokens before the place; all of them fit into the context of {context}.',
  'recall.beyond':
    '{tokens} tokens before the place, but only the last {read} fit into the context of {context}: the beginning is out of sight.',
  'recall.short': 'The context of this model is too short for the names of these places.',
  'recall.chance':
    'Each bar: what the right place has of the probability of all {n} that are named here. The mark is at {share}, where guessing would be.',
  'recall.share': 'Transformer, share of them',
  'recall.probability': 'Transformer, of all tokens',
  'recall.by.model': 'Transformer',
  'recall.by.trigram': 'Trigram table',
  'recall.by.bigram': 'Bigram table',

  'beyond.title': 'Beyond the context',
  'beyond.aside': 'nats per token by position',
  'beyond.never': 'Not measured yet. It takes some seconds.',
  'beyond.short': 'There is not enough text for it.',
  'beyond.label':
    'Loss by position in the text: in one pass, and with a sliding window. The table below has the numbers.',
  'beyond.edge': 'end of the context, {n}',
  'beyond.whole': 'one pass over all',
  'beyond.sliding': 'sliding window',
  'beyond.position': 'positions',
  'beyond.table': 'As a table',
  'beyond.none':
    'This model has a learned row for each of {n} positions, and none beyond: one pass over more is not possible. With the window sliding: {inside} nats within, {slid} beyond.',
  'beyond.both':
    'Within {n} tokens {inside} nats. Beyond: {whole} in one pass, at distances never trained, {slid} with the window sliding.',

  'race.title': 'Every position at once, or one by one',
  'race.aside': 'tokens per second',
  'race.pass': 'one pass over {n} tokens',
  'race.step': 'token by token',
  'race.speed': '{n} tokens/s',
  'race.busy': 'Measuring…',
  'race.never': 'Not measured yet. It takes half a second.',
  'race.ratio.pass': 'Per token, one pass is {n} times as fast, and both compute the same numbers.',
  'race.ratio.same':
    'Per token, one pass is {n} times as fast: about the same. Both compute the same numbers. A model as small as this one leaves hardly anything to be saved on this device; with a large one it is another matter.',
  'race.ratio.step':
    'Per token, one pass is {n} times as fast, so it is slower here. Both compute the same numbers. A model as small as this one leaves hardly anything to be saved by one pass, and a pass over {context} tokens moves more memory at a time; with a large model it is another matter.',
  'race.measure': 'Measure',

  'question.looking':
    'In row {i} ({row}), the darkest cell left of the diagonal is in column {j} ({column}). What does it mean?',
  'question.looking.a': 'the column’s token looks at the row’s',
  'question.looking.b': 'the row’s token looks at the column’s',
  'question.looking.c': 'both look at each other',
  'question.looking.why':
    'Rows look, columns are looked at. The other way round is impossible: the later token lies in the future of the earlier one.',
  'question.scaling': 'A query and a key have {n} numbers each, and q·k is 12. What is the score after scaling?',
  'question.scaling.why':
    '12 / √{n} = 12 / {root} = {want}. Without it, long vectors would make every softmax all or nothing.',
  'question.scaling.hint': 'Divide by the square root of {n}, which is {root}.',
  'question.stream': 'A layer’s MLP is switched off. What becomes of the stream there?',
  'question.stream.a': 'it becomes 0',
  'question.stream.b': 'it stops, and the layer behind gets nothing',
  'question.stream.c': 'it passes on unchanged',
  'question.stream.why':
    'Parts only add. Without one the sum has a term less, and all that was there before is still there.',
  'question.reach':
    'The context is {context} tokens, and the place was told one token further back. What can the model know of it?',
  'question.reach.a': 'a faint trace in the residual stream',
  'question.reach.b': 'nothing',
  'question.reach.c': 'it depends on the training',
  'question.reach.why':
    'A token that is not read has no key and no value: nothing can look at it. Only the weights remember, and they have learned from other texts.',
  'question.parallel': 'Predict before you measure: per token, which is faster?',
  'question.parallel.a': 'one pass over the whole text',
  'question.parallel.b': 'token by token, with keys and values kept',
  'question.parallel.c': 'the same: the sums are the same',
  'question.parallel.why.later': 'Noted. Now measure: the figure decides.',
  'question.parallel.why.pass':
    'One pass was faster in your measurement. The sums are the same, but in one pass each weight is fetched once and used for every position. Token by token it is fetched again for each.',
  'question.parallel.why.step':
    'Token by token was faster in your measurement. The sums are the same. One pass fetches each weight only once for all positions, which decides where weights are many; these are so few that they stay at hand anyway.',
  'question.parallel.why.same':
    'Both took about as long in your measurement. The sums are the same. One pass fetches each weight only once for all positions, which decides where weights are many; these are so few that they stay at hand anyway.',
  'task.habit': 'Train the model, then choose the head that looks most at the token just before.',
  'task.habit.none': 'No head chosen yet.',
  'task.habit.early': 'Chosen, but nothing to judge by yet: train the model, on a text of some tokens, then choose.',
  'task.habit.now': 'Chosen at step {step}: layer {layer} head {head}, {share} on the token before.',
  'task.habit.leads': 'No head had more.',
  'task.habit.other': 'Layer {layer} head {head} had more, {share}.',
  'task.ablation': 'Switch off as many parts as it takes to raise the loss on this text by at least {rise} nats.',
  'task.ablation.now': 'Now: {rise} nats.',
  'task.edit': 'Change one weight, look at the ripple, then put everything back.',
  'task.edit.now': 'Something is changed now.',
  'task.edit.not': 'Nothing is changed now.',
};
