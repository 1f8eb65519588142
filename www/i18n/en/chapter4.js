/** English words of chapter 4: pre-training. */
export default {
  'part.loss': 'One step, many times',
  'part.documents': 'The text',
  'part.past': 'Time machine',
  'part.hand': 'One step by hand',
  'part.failing': 'Two ways to fail',
  'part.copied': 'Copied or invented',

  'loss.prose.1':
    'Training repeats one step: take {batch} <g token>tokens</g> of text, let the model predict each next token, and move all {parameters} <g parameter>parameters</g> a little so that the right ones become more likely.',
  'loss.prose.2':
    'The <g loss>loss</g> begins near ln {size} = {uniform}, the price of guessing blindly. It is at {nats} nats per token now, which is {bits} <g bits-per-byte>bits for every byte</g> of text.',
  'loss.prose.not-yet': 'The model is not yet as good as a table of pairs.',
  'loss.prose.pairs': 'By step {pairs} the model was as good as a table of pairs.',
  'loss.prose.triples':
    'By step {pairs} the model was as good as a table of pairs, by step {triples} as a table of triples. What lies below that line it can only know from further back.',
  'loss.prose.3':
    'A <g step>step</g> takes {ms} ms on this machine. Large models do the same step, on thousands of chips, for months. The <b>dashed</b> line is text that the model never trains on: when the solid line keeps falling and the dashed one turns up, it is memorising.',
  'loss.todo':
    'Reset the model and watch ten single steps. Which falls first, the loss of a step or the dashed line? Then let it run.',
  'pace.title': 'Pace',
  'pace.watch': 'A step a second',
  'pace.stop': 'Stop watching',
  'pace.full': 'Full speed',
  'pace.pause': 'Pause',
  'pace.step': 'step',
  'pace.loss': 'loss of that step',
  'pace.step-ms': 'a step takes',
  'pace.spent': 'trained so far',
  'pace.left': 'still to go',
  'pace.sentence.none': 'A step reads {tokens} tokens. How long it takes is being measured.',
  'pace.sentence':
    'A step reads {tokens} tokens. Full speed is {times} times the watchable pace: all {steps} steps would take {watched} at a step a second, and take {full}.',
  'question.bits':
    'The validation loss is {nats} nats per token, and a token is {bytes} bytes on average. How many bits per byte is that?',
  'question.bits.why': '{nats} ÷ ln 2 ÷ {bytes} = {bits}. Bits per byte can be compared between vocabularies.',
  'question.bits.hint': 'Divide by ln 2 = 0.693 to get bits, then by the bytes of a token.',

  'documents.prose.1':
    'A model can only know what stood in its <g corpus>text</g>. Yours learns from {size} of it, {tokens} tokens. Large models read about ten million times as much, most of it from web pages, and somebody has to choose what goes in.',
  'documents.prose.2':
    'Nobody can read it all, so rules sort first: too short, hardly any letters, there before, the same words over and over. Here they mark {flagged} documents. Such rules see the shape of a text, not its sense: an advertisement or a wrong sum passes.',
  'documents.todo':
    'Look at the marked documents of three texts. Find one that is marked and good, and one that passes and is bad.',
  'documents.title': 'Raw documents',
  'documents.corpus': 'Text',
  'documents.waiting': 'The documents are being fetched.',
  'documents.learned': 'The model learns from this text.',
  'documents.learn': 'Lay out a new model for this text',
  'documents.flagged': 'The rules mark {n} of the first {of} documents, {share}.',
  'documents.order': 'Which documents',
  'documents.order.all': 'In order',
  'documents.order.flagged': 'Marked',
  'documents.order.longest': 'Longest first',
  'documents.before': 'Documents before',
  'documents.after': 'Documents after',
  'documents.page': '{page} / {pages}',
  'documents.none': 'No document is marked.',
  'documents.bytes': { one: '{n} byte', other: '{n} bytes' },
  'documents.number': 'No. {number}',
  'documents.flag.short': 'too short',
  'documents.flag.letters': 'few letters',
  'documents.flag.again': 'there before',
  'documents.flag.repeats': 'repeats itself',
  'question.garbage': 'A page is in the text a thousand times. What does that do to a model?',
  'question.garbage.a': 'It learns the page by heart and can recite it',
  'question.garbage.b': 'Nothing: a copy adds no information',
  'question.garbage.c': 'It understands the page a thousand times better',
  'question.garbage.why':
    'Every copy pulls the weights the same way, so the words of the page become nearly certain. That room is missing for the rest: removing duplicates is one of the most useful steps in making a training text.',

  'past.prose.1': {
    one: 'The page keeps the weights of earlier steps: {count} of them now, {size} of memory. At most it keeps {most}, or {limit}; when that is full, every other one goes.',
    other:
      'The page keeps the weights of earlier steps: {count} of them now, {size} of memory. At most it keeps {most}, or {limit}; when that is full, those closest together go first.',
  },
  'past.prose.2':
    'Move the slider below the figure, or press <b>[</b> and <b>]</b>. <g attention>Attention</g>, prediction and the pinned samples then show the model as it was. Early it looks everywhere alike; the patterns come with the falling loss. <b>Esc</b> returns to now.',
  'task.past': 'Train for at least 50 steps, then set the time machine to step 100 or earlier.',
  'task.past.now': 'Now at step {step}, {n} steps kept, shown: {at}.',
  'task.past.today': 'now',

  'hand.prose.1':
    'Here is the whole of a step, in a model so small that you can follow: {n} weights, four words, three places. The numbers are those of the same code that trains your model.',
  'hand.prose.2':
    'The forward pass ends in two values h at each place. The last matrix turns them into four probabilities; the loss is the mean of −ln p of the words that really came. The <b><g gradient>gradient</g></b> of a weight says how the loss changes if the weight grows. One can check that: move the weight a little up and down and see what the loss does.',
  'hand.prose.3':
    'The <g optimizer>optimizer</g>, AdamW, keeps two running means of each gradient: m of its value, v of its square. It moves the weight by {rate} × m̂ ÷ √v̂, so that a weight with small gradients moves as far as one with large ones.',
  'hand.todo':
    'Choose a weight of the last matrix and work out its gradient from the table before you look below. Then follow the update with a calculator.',
  'hand.title': 'Step {step} of a tiny model',
  'hand.waiting': 'The tiny model is being computed.',
  'hand.caption': '{n} weights, one sentence, learned over and over',
  'hand.word.0': 'the',
  'hand.word.1': 'cat',
  'hand.word.2': 'sat',
  'hand.word.3': 'down',
  'hand.forward': 'Forward: from words to a loss',
  'hand.read': 'read',
  'hand.follows': 'follows',
  'hand.loss': 'loss',
  'hand.choose': 'Choose a weight',
  'hand.tensor': 'Tensor',
  'hand.weights': 'Weights of the tensor with their gradients',
  'hand.pull': 'gradient {gradient}',
  'hand.gradient': 'Backward: its gradient',
  'hand.gradient.sum': 'For each place: (probability of the word − 1 if it came, else 0) × h ÷ places',
  'hand.gradient.deep':
    'This weight lies deeper: its gradient is a sum over all paths from it to the loss. The check below is the same.',
  'hand.gradient.is': 'gradient by the backward pass',
  'hand.difference': 'by moving the weight {nudge} up and down',
  'hand.update': 'Update by AdamW',
  'hand.moved': 'The optimizer moved it from {from} to {to}.',
  'hand.after-loss': 'After the step of all weights the loss goes from {from} to {to}.',
  'hand.before': 'Step before',
  'hand.after': 'Next step',
  'hand.print': 'Print this step',
  'question.half':
    'Choose any weight. Had the learning rate been half as large, what would the weight be after this step, to three decimals?',
  'question.half.why':
    '{from} became {to}; with half the rate it becomes {right}. The gradient does not know the rate: only the way along it is half as long.',
  'question.half.hint': 'Put half the learning rate into the last line of the update, and leave all else.',

  'norms.title': 'The next step of your model, tensor by tensor',
  'norms.look': 'Measure the next step',
  'norms.looking': 'Measuring on a copy',
  'norms.step': 'step {step}',
  'norms.none': 'Measured on a copy: your model does not move.',
  'norms.whole':
    'Length of the whole gradient: {gradient}, below the limit of {clip}. Length of the whole move: {update}.',
  'norms.clipped':
    'Length of the whole gradient: {gradient}, so it is shortened to {clip}. Length of the whole move: {update}.',
  'norms.tensor': 'tensor',
  'norms.values': 'values',
  'norms.weights': 'weights',
  'norms.gradient': 'gradient',
  'norms.update': 'move',
  'norms.share': 'move / weights',

  'failing.prose.1':
    '<b>A <g learning-rate>learning rate</g> too high.</b> Each step jumps past the valley and lands higher than it began. The page watches the mean of five losses; when it rises half a nat above the lowest one, something is wrong. Then the last good weights come back, and the rate goes down by a factor of 100.',
  'failing.prose.2':
    '<b>A text too short.</b> With a page or two of text the model soon knows it <g overfitting>by heart</g>. The loss on that text goes on falling; watch the one on new text. More text is the cure. Both runs are small and apart from your model.',
  'failing.apart': 'a run of its own',
  'failing.running': 'Running',
  'failing.rate.title': 'Learning rate 1.0, a hundred times too high',
  'failing.rate.start': 'Let it fail',
  'failing.rate.end': '<b>Done.</b> With the lower rate it learned: loss {loss}.',
  'failing.corpus.title': '1.5 KB of text, 600 steps',
  'failing.corpus.start': 'Let it memorise',
  'failing.corpus.end':
    '<b>Done.</b> Training loss {loss}, validation loss {validation}; at its best it was {best}. Stopping there would have been right.',
  'failing.event.diverged': '<b>Step {step}: noticed.</b> The loss has risen to {loss} nats.',
  'failing.event.rolledBack':
    '<b>Step {step}: rolled back</b> to the weights of step {back}, and the learning rate divided by 100.',
  'failing.event.turned':
    '<b>Step {step}: the validation loss turns up</b>, to {validation}, while the training loss is {loss}.',
  'question.overfit': 'Predict before you press: 600 steps on 1.5 KB of text. What does the validation loss do?',
  'question.overfit.a': 'It falls to the end, only more slowly',
  'question.overfit.b': 'It falls, then stays level',
  'question.overfit.c': 'It falls, then rises',
  'question.overfit.why':
    'At first the model learns what any text of this kind has in common. Then it learns this text by heart and grows ever surer of words that new text does not have.',
  'task.failures': 'Let both runs fail, and see what was noticed.',
  'task.failures.now': 'Seen: {seen} of 2.',

  'copied.prose.1':
    'Does the model recite or invent? For each sample the page looks for its longest piece that stands, letter for letter, in the training text, and shows the line it stands in.',
  'copied.prose.2':
    'In the newest sample that piece is {share}. A bare share says little. So the page does the same with as much <g document>text</g> that the model never saw: {unseen}. What counts is how far apart the two are.',
  'copied.todo':
    'Look up the samples early in training and at the end. Then train on first names: which of its names are new?',
  'copied.title': 'Samples and where they come from',
  'copied.look': 'Look up the samples',
  'copied.looking': 'Looking up',
  'copied.none': 'There is no sample yet.',
  'copied.ready': 'The samples are compared with the whole training text, in a worker of its own.',
  'copied.share': 'Step {step}: {share} in one piece.',
  'copied.bytes': '{n} of {of} bytes.',
  'copied.unseen': 'Unseen text of that length: {share}.',
  'copied.from': 'Training text:',
  'question.copied':
    'A sample has a quarter of its text in one piece with the training text, and unseen text has just as much. What does that mean?',
  'question.copied.a': 'The model copied a quarter of it',
  'question.copied.b': 'Nothing unusual: texts of this kind share that much',
  'question.copied.c': 'The training text is too short',
  'question.copied.why':
    'Set phrases are common to all texts of a kind. Only a share clearly above that of unseen text is a sign of learning by heart.',
};
