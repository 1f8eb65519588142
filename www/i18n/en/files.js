/** English words of the dialog for model files. */
export default {
  'files.title': 'Model files',
  'files.save': 'Take this model away',
  'files.save.text': 'A trained model is a file like any other. Everything stays on this machine.',
  'files.checkpoint': 'glassgpt file (.safetensors)',
  'files.checkpoint.text': 'Goes on here exactly where it is: weights, optimizer, curves, text.',
  'files.zip': 'Hugging Face folder (.zip)',
  'files.zip.text': 'Weights and vocabulary as <b>{class}</b>, for Python and other engines.',
  'files.single': 'The same as files',
  'files.python': 'Train it on in Python: six lines, also in the folder as continue.py.',
  'files.open': 'Open a Hugging Face folder',
  'files.open.text':
    'GPT-2, Qwen3 or nanochat. It keeps its own vocabulary, learns on from the text that is chosen now, <b>{corpus}</b>, and replaces the present model. One that is too large to be trained here can still be read with, the real GPT-2 among them.',
  'files.open.zip': 'Open a .zip',
  'files.open.folder': 'Open a folder',
  'files.doing.export': 'Writing the folder',
  'files.doing.reading': 'Reading the files',
  'files.doing.corpus': 'Making the text',
  'files.doing.tokens': 'Cutting the text into tokens',
  'files.doing.load': 'Opening the model',
  'files.cancel': 'Cancel',
  'files.done.export': 'Saved as {name}.',
  'files.refused': '<b>This model could not be opened; the present one is kept.</b> {reason}',
  'files.failed': '<b>The files could not be written.</b> {reason}',
  'files.read': 'Read with it, without training',
  'reader.title': 'Reading with a model',
  'reader.facts':
    '<b>{class}</b>: {parameters} parameters, {layers} layers of {heads} heads, {width} wide, a context of {context} tokens, a vocabulary of {vocabSize}.',
  'reader.why':
    'It is read with as it is. Training keeps several numbers for every weight, and a page has no room for that here. The present model stays, and this one is gone when the dialog is closed.',
  'reader.text': 'Text that the model goes on with',
  'reader.generate': 'Go on with the text',
  'reader.stop': 'Stop',
  'reader.speed': '{speed} tokens a second',
  'reader.close': 'Close this model',
  'files.error.unsupported': 'It has {found}; what can be read is {expected}.',
  'files.error.format': 'In {name}: expected {expected}, found {found}.',
  'files.error.memory':
    'It needs {foundBytes} of memory, but at most {expectedBytes} can be used. Choose a smaller model.',
  'files.error.memory.training':
    'Training it needs {foundBytes} of memory, but at most {expectedBytes} can be used. Choose a smaller model, or read with this one.',
  'files.error.trap':
    'The module for model files stopped unexpectedly ({cause}). The model may be too large for this machine.',
};
