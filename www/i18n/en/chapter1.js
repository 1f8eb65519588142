/** English words of chapter 1: text becomes tokens. */
export default {
  'part.merges': 'Merges being learned',
  'part.layers': 'Characters, bytes, ids',
  'part.compare': 'Published vocabularies',
  'part.letters': 'Why it cannot spell',
  'part.vocabulary': 'Inside a vocabulary',

  'merges.prose.1':
    'A model cannot read letters. Text reaches it as numbers, and the first question is which ones. Computers already store text as bytes, numbers from 0 to 255: {one} is one byte, {two} is two, {three} is three ({hex}). The text in the figure is {bytes} bytes.',
  'merges.prose.2': {
    one: 'Bytes would work, but sequences get long and attention pays for length. So we glue the pair that occurs most often into a new symbol, then look again, and repeat. That is byte-pair encoding. After {merges} merge the same text is {tokens} tokens: {each} bytes each.',
    other:
      'Bytes would work, but sequences get long and attention pays for length. So we glue the pair that occurs most often into a new symbol, then look again, and repeat. That is byte-pair encoding. After {merges} merges the same text is {tokens} tokens: {each} bytes each.',
  },
  'merges.prose.3':
    'Nobody gave it a list of words. The text is only cut in front of each space, so the space travels with the word behind it. The rest is counting.',
  'merges.todo':
    'Drag the merges to 0, then slowly right. Which word is whole first? Then type your own name: is it one token?',
  'question.1': 'The text contains one character the vocabulary has never seen. What happens?',
  'question.1.a': 'It becomes one “unknown” token',
  'question.1.b': 'It is spelled in its bytes',
  'question.1.c': 'The text is refused',
  'question.1.why': 'All 256 bytes are in every vocabulary, so nothing is ever unknown.',

  'layers.prose.1':
    'Look closely at the text. Every character has a number in Unicode, its code point. UTF-8 writes that number as one to four bytes. A token is a run of bytes, and only its id reaches the model.',
  'layers.prose.2':
    'A token may end in the middle of a character. Then neither half can be shown as text, only as bytes: that is what the broken <b>�</b> on other pages stands for.',
  'compare.prose.1':
    'GPT-2, GPT-4 (cl100k) and GPT-4o (o200k) learned their merges in the same way, from far more text. Their vocabularies are published, and this page reads them. A count without the name of its vocabulary says nothing: two pages give two numbers for one text because they count in different ones.',
  'compare.prose.2': 'Models are paid by the token. Type a price per million tokens to see what the text costs.',
  'letters.prose.1':
    'Ask a model how many times a letter occurs in {word}, and it may be wrong. You see letters. It does not.',
  'letters.prose.2': {
    one: 'It receives {count} number: {ids}. Nothing in a number says how its token is spelled. What a model knows of spelling it has read in texts that spell words out.',
    other:
      'It receives {count} numbers: {ids}. Nothing in a number says how its token is spelled. What a model knows of spelling it has read in texts that spell words out.',
  },
  'vocabulary.prose.1':
    'Every token has a history. Choose one: its tree shows which merges built it, down to single bytes.',
  'vocabulary.prose.2':
    'Most tokens are words with the space in front. Some are pieces of characters, which no text shows by themselves. A few are special: no text makes them; they mark where documents begin and end.',

  'vocab.own': 'yours, {n}',
  'vocab.loading': 'Loading {vocabulary}, {share}.',
  'vocab.failed': 'The vocabulary did not load. {reason}',
  'vocab.no-merges':
    '<b>The current model reads plain bytes, so it has no merges.</b> Learn some from the text: choose “this text” below.',

  'merges.title': 'Merges being learned',
  'merges.play': 'Play the merges',
  'merges.pause': 'Pause',
  'merges.slider': 'Merges',
  'merges.value': { one: '{merges} merges, {n} token', other: '{merges} merges, {n} tokens' },
  'merges.tokens': 'The text as tokens after so many merges',
  'merges.table': 'Merge by merge',
  'merges.number': 'no.',
  'merges.pair': 'pair',
  'merges.new': 'new token',
  'merges.times': 'times',
  'merges.curve': 'Tokens in this text',
  'merges.curve.sentence': 'The count falls from {from} to {to} tokens over {merges} merges',
  'merges.axis': '{n} merges',

  'lesson.box': 'The text of this chapter',
  'lesson.try': 'Try',
  'lesson.preset.story': 'a story',
  'lesson.preset.education': 'AI Education',
  'lesson.preset.strawberry': 'strawberry',
  'lesson.preset.chinese': 'Chinese',
  'lesson.preset.emoji': 'emoji',
  'lesson.preset.code': 'code',
  'lesson.file': 'a file…',
  'lesson.long': 'A long text: {characters} characters, {size}. Drag to move through it.',
  'lesson.place': 'Place in the text',
  'lesson.shown': 'Showing characters {from}–{to}',
  'lesson.learning': 'Learning merges',
  'lesson.stop': 'Stop',
  'lesson.learn-from': 'Learn from',
  'lesson.source.model': 'the model’s text',
  'lesson.source.text': 'this text',
  'lesson.size': 'size',
  'lesson.from.text': 'trained on this text, {size}',
  'lesson.from.model': 'trained on {corpus}',
  'lesson.stopped.empty':
    '<b>There is nothing to learn from.</b> The text is empty, so the vocabulary is the 256 bytes.',
  'lesson.stopped.too-few-pairs': {
    one: '<b>The text ran out of pairs.</b> {n} merge was learned: {reached} tokens instead of {wanted}. A longer text gives more.',
    other:
      '<b>The text ran out of pairs.</b> {n} merges were learned: {reached} tokens instead of {wanted}. A longer text gives more.',
  },
  'lesson.stopped.stopped': {
    one: '<b>Stopped.</b> {n} merge was learned: {reached} tokens instead of {wanted}.',
    other: '<b>Stopped.</b> {n} merges were learned: {reached} tokens instead of {wanted}.',
  },
  'lesson.sample.story': 'One day Lily lost the yellow balloon. She looked under the bridge.',
  'lesson.sample.education': 'AI Education',
  'lesson.sample.strawberry': 'How many r are in strawberry?',
  'lesson.sample.chinese': '这是一个测试。聪明的你，能看到字是怎样断开的吗？',
  'lesson.sample.emoji': 'hello 👋 world 🌍 👩‍👩‍👧‍👦 🏳️‍🌈',
  'lesson.sample.code': 'for i in range(10):\n    print(i * 12)  # 12, 24 …',

  'tax.title': 'The same sentence in four vocabularies',
  'tax.english': 'English sentence',
  'tax.chinese': 'Chinese sentence',
  'tax.pair.en': 'Nothing you type here leaves this machine.',
  'tax.pair.zh': '你在这里输入的内容不会离开这台电脑。',
  'tax.load': 'Load the published ones, {size}',
  'tax.edit': 'Your own pair',
  'tax.done': 'Done',
  'tax.picture': 'Save as picture',
  'tax.one': '{vocabulary}: the Chinese sentence takes <b>{ratio}</b> × the tokens of the English one.',
  'tax.two':
    'The Chinese sentence takes <b>{a}</b> × the tokens of the English one in {first}, <b>{b}</b> × in {last}.',
  'tax.card.title': 'The Chinese tax',
  'tax.card.foot': 'Tokens of the same sentence, counted by glassgpt in a browser tab',

  'layers.title': 'One text, four times',
  'layers.vocabulary': 'Vocabulary',
  'layers.character': 'character',
  'layers.code-point': 'code point',
  'layers.byte': 'byte',
  'layers.token': 'token',
  'layers.empty': 'Type some text above.',
  'layers.more': '… and so on',
  'layers.sentence': '{text}: bytes {bytes}, tokens {ids}',

  'compare.title': 'Side by side',
  'compare.text': { one: '{n} character, {bytes} bytes', other: '{n} characters, {bytes} bytes' },
  'compare.none': 'Choose a vocabulary.',
  'compare.ids': '{n} ids',
  'compare.load': 'Load {vocabulary}',
  'compare.loading': 'Loading {vocabulary}',
  'compare.again': 'Load {vocabulary} again',
  'compare.line': 'The text as tokens of {vocabulary}',
  'compare.tokens': { one: 'token', other: 'tokens' },
  'compare.each': 'bytes each',
  'compare.price': 'price per million',
  'compare.price.label': 'Price per million tokens of {vocabulary}',
  'compare.price.none': 'price',
  'compare.cost': 'this text',
  'education.found':
    '<b>The ids of “AI Education”, counted here:</b> {list}. Notes that give [15592, 11634] are wrong: 15592 is “ AI” with its space, in cl100k, and this text does not begin with a space.',
  'education.missing':
    '<b>Load a vocabulary to see the ids of “AI Education”.</b> Notes that give [15592, 11634] are wrong: 15592 is “ AI” with its space, in cl100k, and this text does not begin with a space.',

  'letters.title': 'Letters and tokens',
  'letters.word': 'word',
  'letters.seen': 'What you see',
  'letters.read': 'What the model reads',
  'letters.choose': 'Letter to count',
  'letters.sentence': {
    one: '“{letter}” is {n} of {letters} letters. The {tokens} ids do not show it.',
    other: '“{letter}” is {n} of {letters} letters. The {tokens} ids do not show them.',
  },
  'letters.sample': 'strawberry',
  'letters.sample.letter': 'r',

  'tree.title': 'How a token was built',
  'tree.empty': 'Choose a token in the text or in the list below.',
  'tree.merge': 'merge {n}',
  'tree.leaf': 'Id {id}: the single byte {bytes}, in every vocabulary.',
  'tree.special': 'Id {id}: a special token, which no text makes.',
  'tree.sentence': 'Id {id}, bytes {bytes}: rank {n}.',
  'tree.sentence.count': 'Id {id}, bytes {bytes}: merge {n}, made of a pair that occurred {times} times.',
  'tree.partial': 'It holds part of a character.',

  'vocabulary.title': 'All tokens',
  'vocabulary.search': 'text, or bytes such as E4·BD',
  'vocabulary.kind': 'Kind',
  'vocabulary.kind.all': 'all kinds',
  'vocabulary.kind.word': 'words',
  'vocabulary.kind.space': 'white space',
  'vocabulary.kind.partial': 'parts of characters',
  'vocabulary.kind.special': 'special',
  'vocabulary.order': 'Order',
  'vocabulary.order.rank': 'by rank',
  'vocabulary.order.length': 'longest first',
  'vocabulary.none': 'No such token',
  'vocabulary.range': '{from}–{to} of {n}',
  'vocabulary.before': 'Before',
  'vocabulary.after': 'Next',
};
