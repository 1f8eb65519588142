/** English words of chapter 2: the next-token predictor. */
export default {
  'part.next': 'The next token',
  'part.sampler': 'Be the sampler',
  'part.ladder': 'From guess to Transformer',
  'part.surprise': 'Surprise',

  'predictor.uniform': 'Blind guess',
  'predictor.bigram': 'Bigram table',
  'predictor.trigram': 'Trigram table',
  'predictor.model': 'Transformer',

  'next.prose.1':
    'The model does one thing. Given some tokens, it gives every token in its <g vocabulary>vocabulary</g> a <g probability>probability</g> of coming next: all {size} of them, adding up to 100%.',
  'next.prose.2':
    'After {after} it puts {first} first, with {share}. Choose another token in the figure, and you see what it expected there.',
  'next.prose.3':
    'Choosing is another step, and it is ours. <b><g temperature>Temperature</g></b> makes the bars steeper or flatter. <b><g top-k>Top-k</g></b> keeps the k longest bars, <b><g top-p>top-p</g></b> as many as it takes to reach a share p. What is cut can never be written; the rest is scaled up to 100%. The model itself does not change.',
  'next.todo':
    'Set the temperature to 0.2 and generate five times; then to 1.5. What changes, the model or the choosing?',

  'question.temperature':
    'Predict before you try: the temperature goes from 1 to 0.5. What happens to the share of the most probable token?',
  'question.temperature.a': 'It grows',
  'question.temperature.b': 'It shrinks',
  'question.temperature.c': 'It stays; only the order changes',
  'question.temperature.live': 'In the text above it goes from {before} to {after}.',
  'question.temperature.why':
    'A temperature of 0.5 squares every probability and scales the squares back to 100%: what was large grows, what was small nearly vanishes.',

  'sampler.prose.1':
    'A program that writes with a model draws one token, adds it to the text, asks again. Now you are that program. Take tokens from the bars, likely ones or bold ones.',
  'sampler.prose.2': {
    one: 'The probability of a text is the product of all these shares, a tiny number, so one adds up their logarithms. Your {count} token costs {nats} nats. Per token and turned back by e to that power it is the <b><g perplexity>perplexity</g></b>, {perplexity}: as if each time there had been that many equally likely tokens.',
    other:
      'The probability of a text is the product of all these shares, a tiny number, so one adds up their logarithms. Your {count} tokens cost {nats} nats. Per token and turned back by e to that power it is the <b><g perplexity>perplexity</g></b>, {perplexity}: as if each time there had been that many equally likely tokens.',
  },
  'sampler.title': 'Your turn to choose',
  'sampler.count': { one: '{n} token chosen', other: '{n} tokens chosen' },
  'sampler.text': 'The text that you write',
  'sampler.log': 'log-probability, nats',
  'sampler.probability': 'probability',
  'sampler.perplexity': 'perplexity',
  'sampler.sentence': {
    one: '{n} token, log-probability minus {nats} nats, perplexity {perplexity}',
    other: '{n} tokens, log-probability minus {nats} nats, perplexity {perplexity}',
  },
  'sampler.draw': 'Let chance choose',
  'sampler.undo': 'Take back',
  'sampler.restart': 'Start over',
  'task.sampler':
    'Choose at least <b>{n}</b> tokens with a perplexity below <b>{limit}</b>, the model’s own on <g validation>validation</g> text.',
  'task.sampler.now': {
    one: 'Now: {n} token, perplexity {perplexity}.',
    other: 'Now: {n} tokens, perplexity {perplexity}.',
  },

  'ladder.prose.1':
    'How good is a prediction? Count the bits it takes to name the token that really came. A blind guess among {size} tokens needs {uniform} bits for every byte of text.',
  'ladder.prose.2':
    'Counting helps. A <b><g bigram>bigram table</g></b> notes how often each token followed each other one, {pairs} counts: {bigram} bits. A <b><g trigram>trigram table</g></b> looks two tokens back: {trigram}. Further back the counts run out, because almost every longer piece of text is new.',
  'ladder.prose.3':
    'The <g transformer>Transformer</g> reads up to {context} tokens and has no table. Numbers that it has learned work out what matters. It is at {model} bits now. Train it and watch it move.',
  'question.uniform': 'A blind guess over {n} tokens: how many nats of loss per token?',
  'question.uniform.why': 'ln {n} = {nats} nats, the same as {bits} bits. An untrained model begins about there.',
  'question.uniform.bits': 'That is the answer in bits, log₂ {n}. In nats it is the natural logarithm.',
  'question.uniform.hint': 'Each token has the probability 1/{n}, and the loss is minus its natural logarithm.',
  'task.train': 'Train until the Transformer needs fewer bits than the trigram table.',
  'task.train.now': 'Now: Transformer {model}, trigram table {trigram} bits per byte.',
  'ladder.title': 'Bits per byte of text nobody learned from',
  'ladder.aside': 'Transformer at step {step}',
  'ladder.nats': '{nats} nats/token',
  'ladder.bits': '{n} bits per byte',
  'ladder.waiting': 'The model is being measured.',
  'ladder.beats': 'The Transformer has passed the {name}: {share} fewer bits.',
  'ladder.beats-none': 'The Transformer has not passed the blind guess yet.',
  'rivals.title': 'Four predictors, the same text',
  'rivals.after': 'after',
  'rivals.sees': { one: 'sees {n} token', other: 'sees {n} tokens' },
  'rivals.label': 'Probabilities of the next token: {name}',
  'rivals.uniform': 'Each of {n} tokens has {share}.',
  'rivals.write': 'Write again',

  'surprise.prose.1':
    'The <g loss>loss</g> is nothing but surprise. A token that had the probability p costs −ln p <g nat>nats</g>: nothing if it was certain, much if the model would have bet against it.',
  'surprise.prose.2':
    'In this text {token} surprised it most. All costs together, in bits and divided by the bytes of the text, are {bits} <g bits-per-byte>bits per byte</g>: the number on the ladder, for a text of yours.',
  'surprise.todo':
    'Change one word into something that makes no sense there. Which tokens turn dark, the word or those behind it?',
  'question.surprise': 'Two models have different vocabularies. Which of these compares them fairly on one text?',
  'question.surprise.a': 'Nats per token',
  'question.surprise.b': 'Perplexity',
  'question.surprise.c': 'Bits per byte',
  'question.surprise.why':
    'Longer tokens are fewer, and each is harder to guess. The bytes of the text are the same for every model.',
  'surprise.title': 'What every token cost',
  'surprise.step': 'model at step {step}',
  'surprise.counted': 'counted in the training text',
  'surprise.by': 'Read by',
  'surprise.key': '{n} nats, a blind guess',
  'surprise.label': 'Tokens with their surprise in nats',
  'surprise.token': '{token}, {nats} nats',
  'surprise.token.none': '{token}, without a score',
  'surprise.short': 'Type at least two tokens: nothing is before the first one, so it has no score.',
  'surprise.bits-per-byte': 'bits per byte',
  'surprise.nats': 'nats per token',
  'surprise.total': 'bits in all',
  'surprise.sentence': {
    one: '{n} token, {bytes} bytes. Most surprising: {token}, {nats} nats.',
    other: '{n} tokens, {bytes} bytes. Most surprising: {token}, {nats} nats.',
  },
  'surprise.context': {
    one: 'The model had at most {n} token before each to go by.',
    other: 'The model had at most {n} tokens before each to go by; the table tells how many.',
  },
  'surprise.unseen':
    'What was never counted there has next to no probability in a table, and costs far more than a blind guess.',
  'surprise.cut': 'Only the first {n} tokens are scored.',
  'surprise.table': 'As a table, in nats',
  'surprise.number': 'no.',
  'surprise.token-name': 'token',
  'surprise.before': 'tokens read before',
};
