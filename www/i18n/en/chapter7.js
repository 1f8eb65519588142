/** English words of chapter 7: tools. */
export default {
  'part.trace': 'Who wrote that?',
  'part.table': 'Knowledge that no weight holds',
  'part.skills': 'With and without',
  'part.chat': 'Talk to any stage',

  'trace.prose.1':
    'Ask this model for 37 × 48 and it writes something that looks like an answer. It has seen too few products to know one, and {parameters} <g parameter>parameters</g> are no multiplication table.',
  'trace.prose.2':
    'So it learns from examples in which a calculator is called. A call is only text: the model writes <b>tool</b>, the sum, and <b>result</b>. The page watches for that last marker, stops the model, calculates, and writes the value into the <g context>context</g>.',
  'trace.prose.3':
    'Then the model goes on, and copies. What looks like thinking is one model and one small loop around it. The calculator is part of the page: whole numbers, + − × ÷ and parentheses, exact, and it runs nothing that it reads. What it cannot answer exactly it refuses: a division by 0 or with a remainder, a number of more than 64 bits, a text that is no sum.',
  'trace.prose.4':
    'The calculator can do more than this model was taught to ask for. It was shown sums and differences of numbers up to 999, products of numbers up to 99, two steps of + and − in a row, the same told as little stories, and questions to a table. Nobody showed it a division or parentheses. Asked for one, it calls for a sum of the kind that it knows, and the calculator’s answer is exact, but to another question.',
  'trace.todo': 'Edit the result of a call to 9999 and let the model go on. Whom does it believe?',
  'trace.title': 'A tool call, step by step',
  'trace.question': 'A sum, or a question about somebody in the table',
  'trace.ask': 'Ask',
  'trace.another': 'Another task that was never trained on',
  'trace.empty': 'Nothing asked yet.',
  'trace.none': 'First make a model with tools: the button further down, or “Grow one for me”.',
  'trace.you': 'you',
  'trace.model': 'model',
  'trace.page': 'page',
  'trace.given': 'Question, given',
  'trace.calls': 'Writes a call',
  'trace.unfinished': 'Begins a call and never ends it, so nobody answers',
  'trace.handed': 'Handed on as “{text}”: the signs that it was taught, without spaces around them.',
  'trace.answers': 'Reads on and answers',
  'trace.writes': 'Writes the result into the context',
  'trace.forced': 'forced, not predicted',
  'trace.tokens': { one: '{n} token, lowest {share}', other: '{n} tokens, lowest {share}' },
  'trace.edit': 'Write something else instead',
  'trace.own': 'Ask the calculator yourself',
  'trace.own.ask': 'Calculate',
  'trace.own.try':
    'No model is asked. Try parentheses, 5/0, 7/2, 99999999999*99999999999, an unfinished one such as 1+, or a name in the table.',
  'trace.sequence': 'As the model sees it: one sequence',
  'trace.tool.value': 'Runs the calculator',
  'trace.tool.entry': 'Looks it up in the table',
  'trace.tool.no-entry': 'Finds no such name in the table',
  'trace.tool.malformed': 'Refuses: this is no sum',
  'trace.tool.division-by-zero': 'Refuses: nothing can be divided by 0',
  'trace.tool.not-whole': 'Refuses: this division leaves a rest',
  'trace.tool.overflow': 'Refuses: the number has more than 64 bits',

  'table.prose.1':
    'A second tool reads a table. What stands there was in no training text, and no weight changes when you edit it: tools bring knowledge that the model does not have.',
  'table.prose.2':
    'The model writes a name as its request. If the name is in the table, the page writes the entry into the context.',
  'table.todo':
    'Add a name with a number of your own, and ask for it further up in one of the sentences below the table.',
  'facts.title': 'The table',
  'facts.name': 'name',
  'facts.fact': 'what is known',
  'facts.name.of': 'Name in row {n}',
  'facts.fact.of': 'What is known in row {n}',
  'facts.remove': 'Remove row {n}',
  'facts.add': 'Add a row',
  'facts.asks':
    'Sentences that it was taught to look up for; ask one of them in the first figure. Other words may fail.',

  'skills.prose.1':
    'The same tasks, once with a call and once answered from memory, trained equally long. No question of the test ever came up in training.',
  'skills.prose.2':
    'Three of ten examples are the model’s own answers to ordinary questions, right ones where it has any. Without them it would forget its manners, as it forgot stories before.',
  'skills.title': 'Held-out tasks, right of asked',
  'skills.learn': 'Learn to use tools',
  'skills.learn.without': 'The same without a tool',
  'skills.gamed':
    '“{name}” gives far fewer right answers than before it learned from choices: {before} before, {after} after. What learns tools from it begins there. “Go on from here” at another stage builds on that one instead.',
  'skills.missing.without': 'Only the training with a tool so far; “The same without a tool” adds its column.',
  'skills.missing.with': 'Only the training without a tool so far; “Learn to use tools” adds its column.',
  'skills.none': 'Nothing examined yet.',
  'skills.of': '{right} of {asked}',
  'skills.samples': 'Some of the tasks',
  'task.kind.two-digits': 'two digits, + − ×',
  'task.kind.three-digits': 'three digits, + −',
  'task.kind.two-steps': 'two steps',
  'task.kind.problem': 'word problem',
  'task.kind.look-up': 'look-up',

  'chat.prose.1':
    'Choose a stage and talk to it. The base continues, the fine-tuned model answers, the last one calls tools.',
  'chat.prose.2':
    'It answers each message by itself. Its <g attention>attention</g> never crosses an <b>end</b> token, so it remembers nothing of what was said before: a chat that remembers needs that in its training text.',
  'chat.title': 'Chat',
  'chat.stage': 'Stage to talk to',
  'chat.say': 'Say something',
  'chat.send': 'Send',
  'chat.stop': 'Stop',
  'chat.stopped': 'stopped',
  'chat.reset': 'Clear',
  'chat.memory': 'The list is kept by the page; the model reads the last message only.',

  'question.author': 'Who wrote the result “1776” first?',
  'question.author.a': 'The model',
  'question.author.b': 'The page',
  'question.author.c': 'A calculator inside the model',
  'question.author.why':
    'The model wrote the sum and stopped. The page calculated and wrote the digits into the context; only then did the model copy them.',
  'task.result': 'Change what the page writes after a call, and see what the model makes of it.',
  'task.result.now': 'It answers: {answer}',
  'task.tool': 'Make a model that solves at least {share} of the held-out tasks.',
  'task.tool.now': 'Best so far: {share}.',
};
