/** English words of the frame that all chapters share. */
export default {
  'chapter.all': 'Chapters',
  'chapter.number': 'Chapter {number}',
  'chapter.title.ch1': 'Text becomes tokens',
  'chapter.title.ch2': 'The next-token predictor',
  'chapter.title.ch3': 'Inside the Transformer',
  'chapter.figure': 'Live figure: {title}',
  'chapter.back': 'Back',
  'chapter.try': 'Try it',
  'chapter.check': 'Check yourself',
  'chapter.check.button': 'Check',
  'chapter.right': 'Right.',
  'chapter.wrong': 'Not quite.',
  'chapter.task': 'A task',
  'chapter.done': 'Done.',
  'chapter.progress': '{n} of {of} checkpoints met',
  'chapter.reset': 'Reset my answers',
};
