/** English words of chapter 6: human feedback. */
export default {
  'part.choose': 'Twelve clicks',
  'part.prefer': 'Learning from choices',
  'part.better': 'Is it better?',
  'part.hacking': 'When a score is gamed',

  'choose.prose.1':
    'Some things are easier to recognise than to write down. So instead of writing answers, you <g rlhf>compare</g> them: two at a time, which is better?',
  'choose.prose.2': {
    one: 'Both answers come from the fine-tuned model. It was shown five manners in equal shares, so they differ in tone. So far there is {count} choice; a dozen is enough to begin.',
    other:
      'Both answers come from the fine-tuned model. It was shown five manners in equal shares, so they differ in tone. So far there are {count} choices; a dozen is enough to begin.',
  },
  'choose.prose.3':
    'Or let a rule choose for you. A rule is honest about what it likes: an opening phrase, few words, or your own regular expression. Real systems have people, and more and more often a model, in this place.',
  'choose.todo':
    'Choose the polite answer twelve times: click or tap it. With a keyboard 1 and 2 choose, and 0 says about equal. Then learn from it in the next part.',
  'ab.title': 'Which answer is better?',
  'ab.count': { one: '{n} choice; {of} are enough to begin', other: '{n} choices; {of} are enough to begin' },
  'ab.none': 'First make a fine-tuned model: in chapter 5, or by the button above.',
  'ab.stuck':
    'This model answered twenty questions in one manner each: there is nothing to choose between. “Go on from here” at the fine-tuned model offers other answers.',
  'ab.equal': 'About equal',
  'ab.bad': 'Both bad',
  'ab.undo': 'Undo',
  'ab.left-out':
    '“About equal” and “both bad” leave the pair out: neither answer is preferred, so there is nothing to learn from it.',
  'ab.judge': 'A rule that chooses',
  'ab.judge.go': 'Let it choose {n} times',
  'ab.clear': 'Forget all choices',
  'ab.pattern': 'Regular expression that good answers match',
  'ab.pattern.example': '^(the|it) ',
  'ab.pattern.case': 'Capitals and small letters count as the same.',
  'ab.wrong.pattern': 'This is no regular expression: {message}.',
  'ab.wrong.pattern-slow':
    'This pattern takes too long on a short answer and was stopped. Nested repetition such as (a+)+ does that; write it without.',
  'ab.alike':
    'By this rule all answers are equally good: no signal, nothing to learn from. The choices that were there stay.',

  'prefer.prose.1':
    '<b>With a reward model</b>: from your choices a second small model, one row of weights on the hidden states, learns to give every answer a score. Then the assistant practises: it writes, is scored, and makes answers above the average more likely.',
  'prefer.prose.2':
    '<b>DPO</b> skips the score. It raises the <g probability>probability</g> of the chosen answer over the rejected one, compared with how the fine-tuned model sees them. Its loss starts at ln 2 = 0.693 because both are judged alike at first: that is no bad value, it is a coin toss.',
  'prefer.prose.3':
    'DPO looks at the difference alone, the <b>margin</b>: even the chosen answer may become less probable, and its content worse, as long as the rejected one falls faster. So with either method every step also reads some conversations of the <g fine-tuning>fine-tuning</g>, of which only the content counts, not the manners: what was learned there is kept.',
  'preferring.title': 'Learning from choices',
  'preferring.clicks': { one: '{n} choice', other: '{n} choices' },
  'preferring.method': 'Method',
  'preferring.policy': 'reward and policy gradient',
  'preferring.prefer': 'DPO, pairs',
  'preferring.kl': 'KL penalty',
  'preferring.learn': 'Learn from them',
  'preferring.undo': 'Undo: back to {name}',
  'preferring.hack':
    'Without a penalty nothing holds the model near its start, and the fine-tuning conversations are not counted either. Watch the answers, not the reward.',
  'preferring.none': 'Nothing learned from choices yet.',
  'preferring.loss': 'loss',
  'preferring.margin': 'margin',
  'preferring.loss.chart': 'Loss and margin by step',
  'preferring.chosen': 'ln p chosen',
  'preferring.rejected': 'ln p rejected',
  'preferring.chosen.chart': 'Log-probability of chosen and rejected answers by step',
  'preferring.ln2': 'The loss of the first step seen was {first} (a coin toss is ln 2 = 0.693), the last is {last}.',
  'preferring.margin.how':
    'Margin = β × (gain of the chosen answer − gain of the rejected one), with β = {beta}. A gain is ln p of the whole answer now minus ln p at the start. A point is the mean over the pairs of one step.',
  'preferring.falls': 'The chosen answers became less probable, too: the margin counts most.',
  'preferring.reward': 'reward, mean',
  'preferring.divergence': 'KL to the start, nats per answer',
  'preferring.signal': {
    one: 'In {n} step all answers had the same reward: no signal, so nothing was learned from it.',
    other: 'In {n} steps all answers had the same reward: no signal, so nothing was learned from them.',
  },

  'better.prose.1':
    'The same questions, none of them trained on, go to the model before and after, <g sampling>drawn</g> with the same random numbers. Who wins is judged by the rule if a rule made all the choices; if you chose, too, by the reward model of the choices.',
  'better.prose.2':
    'Manners are not everything: the content must still be right. And the <b>KL divergence</b> says how far the model has moved from where it began. It is computed over the whole <g vocabulary>vocabulary</g> at each token, so it is exact and never negative.',
  'better.title': 'Before and after',
  'better.of': { one: '{name}, from {n} choice', other: '{name}, from {n} choices' },
  'better.none': 'Learn from choices first; then both models are compared here.',
  'better.compare': 'Compare now',
  'better.before': 'before',
  'better.after': 'after',
  'better.right': 'content exactly right',
  'better.polite': 'polite',
  'better.rude': 'rude',
  'better.short': 'short',
  'better.kl': 'KL to the start',
  'better.nats': '{nats} nats per answer',
  'better.question': 'question',
  'better.is-right': '✓ right',
  'better.is-wrong': '✗ wrong',
  'better.wins': 'Wins {share}',
  'better.interval':
    '95% interval {low} to {high}: {wins} wins, {losses} losses, judged by {by}. {ties} equal, which the share leaves out.',
  'better.equal': 'No winner: all {n} pairs are equal, judged by {by}.',
  'better.hacked':
    'Trained with a KL penalty of 0. Read the answers below, not the reward: right answers went from {before} to {after}, and the model moved {nats} nats per answer from its start.',
  'better.gamed':
    'Read the answers below, not the score: right answers went from {before} to {after}, and the model moved {nats} nats per answer from its start.',
  'better.gamed.next':
    'The page builds nothing on this stage by itself; “Go on from here” at the stage lets you do so.',

  'hacking.prose.1':
    'A score is not what you want; it is what you measured. With a KL penalty of 0 the model finds whatever scores best: a friendly phrase as the answer to everything, and no content behind it.',
  'hacking.prose.2':
    'What to look at: the reward rises, the share of right answers falls, the KL grows without end. Going back is easy: every stage is a snapshot. Remove the spoiled one above and go on from the fine-tuned model.',
  'hacking.todo': 'Learn once more with a KL penalty of 0, and compare the answers with those of the fine-tuned model.',

  'question.ln2': 'A DPO run starts with a loss of 0.693. What does that say?',
  'question.ln2.a': 'The learning rate is too high',
  'question.ln2.b': 'The model is bad at language',
  'question.ln2.c': 'The model and its reference are still the same',
  'question.ln2.why': 'The margin is 0, and −ln σ(0) = ln 2. Every DPO run starts there, whatever the model.',
  'task.prefer':
    'Make a model of which at least {share} of the answers are polite, with at most {points} points fewer right answers than before.',
  'task.prefer.now': 'Polite: {before} before, {after} after. Right: {right} before, {kept} after.',
  'task.prefer.gone': 'The model that did it has been removed since.',
  'question.hack': 'The reward rises while right answers become fewer. What happened?',
  'question.hack.a': 'The model games the reward model',
  'question.hack.b': 'It needs more steps',
  'question.hack.c': 'The KL divergence is too small',
  'question.hack.why':
    'The reward model saw a few dozen choices. Far from them its scores say little, and the penalty keeps the model near. How far is too far is no law but a rule of thumb of this page: in trials of this recipe right answers held at 1 to 2 nats per answer; without a penalty more than half of them were gone at 12 nats, and all at 26.',
};
