/** English words of the share dialog and of birth certificates. */
export default {
  'share.title': 'Share',
  'share.kind': 'Kind of link',
  'share.kind.page': 'This page.',
  'share.kind.page.text': 'What you see: settings, text, chapter. It starts nothing.',
  'share.kind.lesson': 'A teacher link.',
  'share.kind.lesson.text':
    'For a lesson: the same with every setting written out, so that it opens alike for everybody and for years. It starts nothing.',
  'share.kind.birth': 'A birth certificate.',
  'share.kind.birth.text':
    'With the curve and a hash of the weights after {steps} steps: who opens it can train the same model, bit for bit, and see that it is the same.',
  'share.cut': 'The link goes without your text: it holds at most 2 KB, your text has {size}.',
  'share.why.untrained': 'The model has not learned anything yet: train it first.',
  'share.why.running': 'The model is learning: pause it first.',
  'share.why.relaxed':
    'The fast build of the engine gives other bits on other machines: choose the exact one in the settings.',
  'share.why.tuned':
    'The learning rate or the planned steps were changed on the way: a link cannot say when. Reset, and train with the settings as they are.',
  'share.why.origin':
    'This model was loaded or resumed, so this page cannot vouch for its first steps. Reset, and train it here.',
  'share.why.text': 'Your training text is longer than the 2 KB that a link can carry.',
  'share.why.insecure': 'The browser computes hashes only on pages that come by https.',
  'share.link': 'Link',
  'share.qr': 'QR code of the link',
  'share.qr.long': 'The link has {n} characters: too many for a QR code.',
  'share.sheet': 'A sheet for the class',
  'share.sheet.text':
    'The questions and tasks of this chapter on paper, none of them answered, with a QR code that opens the page as you have prepared it.',
  'share.sheet.chapter': 'Open a chapter first: a sheet holds its questions and tasks.',
  'share.sheet.print': 'Print the sheet',
  'sheet.name': 'Name',
  'sheet.open': 'Scan the code or type the address to open the page.',
  'share.pictures': 'Figures as pictures',
  'share.picture.loss': 'Loss',
  'share.picture.attention': 'Attention',
  'birth.told':
    '<b>This link holds a birth certificate.</b> Seed {seed}, {steps} steps, hash {hash}. The dotted line is the sender’s curve. Press Train to bring the same model into the world.',
  'birth.same':
    '<b>It is the same model.</b> After {steps} steps your hash is {found}, bit for bit that of the sender.',
  'birth.differs':
    '<b>It is another model.</b> After {steps} steps your hash is {found}, the certificate says {expected}. Either it was changed, or it comes from another version of this page.',
  'birth.other':
    '<b>The certificate does not fit this model:</b> settings were changed. Open the link again to compare.',
  'birth.relaxed':
    '<b>The fast build of the engine gives other bits on every machine.</b> Choose the exact one in the settings, and open the link again.',
  'birth.insecure': '<b>The hash cannot be computed here:</b> browsers do that only on pages that come by https.',
  'birth.failed': '<b>The hash could not be computed.</b> Open the link again to compare.',
};
