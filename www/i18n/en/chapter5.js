/** English words of chapter 5: fine-tuning. */
export default {
  'part.assistant': 'From predictor to assistant',
  'part.counted': 'What the loss counts',
  'part.forgotten': 'What is forgotten',
  'part.adapters': 'A few numbers beside the weights',
  'part.honest': 'What this is, and what it is not',

  'assistant.prose.1':
    '<g pre-training>Pre-training</g> makes a model that continues <g document>documents</g>. Ask it a question and it continues the document: often with another question, because lists of questions look like that.',
  'assistant.prose.2':
    'This base model answers {exact} of the questions exactly. It knows the facts of its little world; it does not know that it is being asked.',
  'assistant.prose.3':
    'One thing said openly: by default its <b><g parameter>first weights</g></b> hold a small circuit that looks back to what followed a word earlier. A model that starts at random needs much longer to find one than this page can wait, and until then it cannot copy a name. {score} Train one from the other first weights as well, below, and compare.',
  'assistant.score':
    'In the look-back test this base gets {score}; about a half would be guessing between the two people of a text.',
  'assistant.score.random':
    'The base shown here <b>began at random</b>: it gets {score} in the look-back test. About a half would be guessing between the two people of a text; less means that it often writes a word that belongs to neither.',
  'assistant.score.own': 'The base shown here is your own model; in the look-back test it gets {score}.',
  'assistant.todo':
    'Pre-train a base model and ask it something. Then fine-tune it in the next part, and watch its answer change while it learns.',

  'counted.prose.1':
    '<g fine-tuning>Fine-tuning</g> changes the text, not the method. The model reads short conversations in a fixed shape, with marker tokens for whose turn it is, and takes the same training steps.',
  'counted.prose.2':
    'The <g loss>loss</g> counts the answer’s tokens only, the first one included: it is predicted right after <b>assistant</b>. The closing <b>end</b> counts as well; that is how it learns to stop. The question is given, not learned.',
  'counted.prose.3': 'After {steps} steps the fine-tuned model answers {exact} of the questions exactly.',
  'counted.prose.4':
    'Ask who has the ball, and it takes notes before it answers: “ball: Mia.” The name stood in front of the thing, and this model finds only what <b>followed</b> a word; once it is written down the other way round, the answer follows. Large models that think step by step do the same: what they wrote, they can look up.',
  'counted.title': 'A conversation to learn from',
  'counted.of': '{n} of {of} tokens count',
  'counted.yes': 'counts in the loss',
  'counted.no': 'is read, not counted',
  'counted.none': 'Pre-train a base model first: the conversations are cut by its vocabulary.',
  'counted.another': 'Another conversation',

  'forgotten.prose.1':
    'Whoever learns only conversations forgets stories. The measure is the loss on the text of pre-training that was never trained on: how many more <g nat>nats</g> a token costs than before.',
  'forgotten.prose.2':
    'The cure is to go on reading. With <b>replay</b> one row in eight is still text of pre-training.',
  'forgotten.todo': 'Fine-tune without replay as well. What does the loss on stories say, and what do new names?',

  'adapters.prose.1':
    'One can leave all weights as they are and train two thin matrices beside each of them, A and B; their product is added (LoRA). The <b>rank</b> is how thin they are.',
  'adapters.prose.2':
    'After training, the product can be merged into the weights: a model like any other, no slower. It can be taken out again, and what remains is the base, but for rounding. Here it is in the weights at every step of training: the model that you ask is the merged one, and the table shows what is left when the product is taken out.',

  'tuning.title.tune': 'Learned and forgotten',
  'tuning.title.adapters': 'All weights, or adapters',
  'tuning.none': 'Pre-train a base model first.',
  'tuning.tune': 'Fine-tune with replay',
  'tuning.bare': 'Without replay',
  'tuning.rank': 'Rank',
  'tuning.targets': 'Beside',
  'tuning.targets.attention': 'attention',
  'tuning.targets.mlp': 'the MLPs',
  'tuning.targets.blocks': 'all matrices',
  'tuning.adapters': 'Fine-tune adapters',
  'tuning.stage': 'stage',
  'tuning.trained': 'trained',
  'tuning.exact': 'exact answers',
  'tuning.new': 'new names',
  'tuning.loss': 'stories, nats',
  'tuning.change': 'change',
  'tuning.worse': 'worse',
  'tuning.kept': 'kept',
  'tuning.unmerged':
    'Adapters taken out again: logits differ from the base’s by at most {out}. With them in: by up to {with}.',

  'part.circuit': 'Why it can copy a name',
  'circuit.prose.1':
    'Look at the heads before the first step. In the first layer one head looks at <b>the token before</b>, whatever the text says, and one at a window a little further back. In the next layers a head looks for a place where the word before is the word that it stands on, and copies what followed: a name comes back with what belongs to it.',
  'circuit.prose.2':
    'Nobody trained that; it was written into the first weights by hand, and half of the rows of the first steps are nonsense to be copied, so that the parts find each other. Large models find such heads by themselves, with a thousand times the text. Everything in these chapters begins with that help.',
  'circuit.prose.3':
    'Here is the same run without either: the same text and as many steps, random first weights, no drill. Its loss falls as well and its stories sound alike, yet names, places and colours do not match. Look-back score at the end: {score} with the circuit, {random} without. About a half would be guessing between the two people of a text; less means that a model often writes a word that belongs to neither.',
  'circuit.todo':
    'Choose the head of the second layer that looks for what followed, and see where it looks from the token before the second mention. Then do the same with random weights.',
  'circuit.title': 'The circuit, head by head',
  'circuit.weights': 'Weights',
  'circuit.weights.look-back': 'before the first step, with the circuit',
  'circuit.weights.random': 'before the first step, random',
  'circuit.another': 'Another text',
  'circuit.role.previous': 'looks at the token before',
  'circuit.role.window': 'looks at a window about three tokens back',
  'circuit.role.followed': 'looks at what followed this word earlier',
  'circuit.role.same': 'looks at the same word earlier',
  'circuit.none': 'Pre-train a base model first: its text and vocabulary are needed.',
  'circuit.none-here': 'No circuit was put into these weights: every head begins at random.',
  'starts.title': 'With the circuit, and from random weights',
  'starts.score': 'Look-back score by step',
  'starts.loss': 'Training loss by step, nats',
  'starts.points':
    'Each point of the score is a short test of a few dozen questions; the scores in the text come from a longer one.',
  'starts.none': 'Pre-train a base model first; its curves are drawn here while it learns.',
  'starts.compare': 'The same run from the other first weights',

  'honest.title': 'Pre-training and fine-tuning, in your numbers',
  'honest.prose.1':
    'What you see here is the method of large systems: next-token pre-training, fine-tuning on answers, preferences, tools. The steps, the losses and the failures are the same.',
  'honest.prose.2':
    'What differs: this model has under a million parameters and a world of a few hundred words. Large ones have a hundred thousand times as many, read trillions of tokens, and their answers are written and checked by many people.',
  'honest.prose.3':
    'Nothing here is about safety. A model that is polite was taught an opening phrase; it does not understand manners, and nobody has tested what it does elsewhere.',
  'honest.pretraining': 'Pre-training',
  'honest.tuning': 'Fine-tuning',
  'honest.stage': 'Stage',
  'honest.goal': 'Goal',
  'honest.goal.pretraining': 'predict every next token',
  'honest.goal.tuning': 'predict the tokens of answers',
  'honest.data': 'Data',
  'honest.data.pretraining': '{tokens} tokens to train on, out of {bytes} bytes of stories',
  'honest.data.tuning': 'conversations made fresh, {tokens} tokens read',
  'honest.cost': 'Compute here',
  'honest.compute': '{tflop} TFLOP in {time}',
  'honest.real': 'Elsewhere',
  'honest.real.pretraining': 'trillions of tokens, months on thousands of chips',
  'honest.real.tuning': 'thousands to millions of examples, hours to days',
  'honest.note': 'Data and compute were counted and measured on this machine; the last row is an order of magnitude.',

  'question.mask': 'Why is the question left out of the loss?',
  'question.mask.a': 'It is too long',
  'question.mask.b': 'The model should learn to answer, not to ask',
  'question.mask.c': 'The model knows it already',
  'question.mask.why':
    'The question is there to be read: the gradient of the answer’s tokens flows through it. But its own tokens are somebody else’s words, and learning to write them would teach the model to ask.',
  'task.tune': 'Make a model that answers at least {share} of the questions exactly.',
  'task.tune.now': 'Best so far: {share}.',
  'task.forget': 'Make a model forget: fine-tune without replay until stories cost {nats} nats more.',
  'task.forget.now': 'So far {nats} nats.',
};
