/** What a word of the glossary means, told beside it, with this model's own number where there is one. */

import { style } from '../chapters/styles.js';
import en from '../i18n/en/glossary.js';
import { addWords, has, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/glossary.js';
import { effect, signal } from '../vendor/signals/signals-core.js';
import { num, size } from '../views/format.js';
import { plain } from '../views/settings-rows.js';
import { TermTip } from '../views/term-tip.js';

addWords(en, zh);

/** @typedef {import('./store.js').Store} Store */

/** The numbers that sentences about this model have places for; '–' where there is none yet. @param {Store} store @returns {Record<string, string>} */
export function numbersOf(store) {
  const model = store.model.value;
  const settings = model?.settings ?? store.run.value;
  const last = store.evaluations.value.at(-1);
  const base = store.baselines.value;
  const of = (/** @type {number | undefined} */ x, digits = 0) => (x === undefined ? '–' : num(x, digits));
  return {
    size: of(model?.vocabSize),
    per: of(model?.bytesPerToken, 2),
    name: t(`corpus.${settings.corpus}`),
    bytes: model ? size(model.corpusBytes) : '–',
    width: of(settings.width),
    context: of(settings.context),
    heads: of(settings.heads),
    layers: of(settings.layers),
    batch: of(settings.batch),
    temperature: num(store.sampling.value.temperature, 2),
    seed: String(settings.seed),
    bigram: of(base?.bigram, 2),
    trigram: of(base?.trigram, 2),
    nats: of(last?.lossNats, 2),
    bits: of(last?.bitsPerByte, 2),
    perplexity: of(last && Math.exp(last.lossNats), 1),
    parameters: of(model?.parameters),
    optimizer: { adamw: 'AdamW', lion: 'Lion', muon: 'Muon' }[settings.optimizer],
    rate: plain(settings.learningRate),
    step: of(store.step.value),
  };
}

const pointed = signal(/** @type {HTMLElement | null} */ (null));
/** @type {TermTip | null} */
let tip = null;

/** @param {Element} word @param {Store} store */
export async function explain(word, store) {
  await style('views/term-tip.css');
  pointed.value = /** @type {HTMLElement} */ (word);
  if (tip) return;
  tip = new TermTip({ left: () => (pointed.value = null) });
  const view = tip;
  effect(() => {
    const at = pointed.value;
    const name = at?.dataset.term ?? '';
    if (!at || !has(`term.${name}.means`)) return view.update(null);
    // Chapters 5 to 7 have a model of their own, which these numbers are not of.
    const told = has(`term.${name}.here`) && !/^ch[567]$/.test(store.screen.value);
    const here = told ? t(`term.${name}.here`, numbersOf(store)) : '';
    return view.update({ at, name: t(`term.${name}.name`), means: t(`term.${name}.means`), here });
  });
}
