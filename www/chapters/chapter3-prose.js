/** The paragraphs of chapter 3, with the numbers of the learner's own model. */

import { strongest } from '../app/inside.js';
import { headOf } from '../app/shown.js';
import { rich, t } from '../i18n/index.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { mean } from '../views/ablation.js';
import { bytesOf, num, pct, shown } from '../views/format.js';
import { fixed, signed } from '../views/numbers.js';
import { chapterHeading, known, LATER, live, partHeading, tryIt } from './prose.js';

/** @typedef {{ state: import('../app/inside.js').InsideState, store: import('../app/store.js').Store }} Parts */
/** @typedef {'looking' | 'arithmetic' | 'habits' | 'ablation' | 'stream' | 'map' | 'edit' | 'reach' | 'parallel'} Name */

/** A part that raises the loss by less is not told to matter. */
const LEAST = 0.01;

/** A token in the prose. @param {Uint8Array | null} bytes  null: not known yet */
const token = (bytes) => html`<span class="q">${bytes ? shown(bytes) : LATER}</span>`;

/** Numbers for the sentences of a part. @param {Name} name @param {Parts} parts @returns {Record<string, unknown>[]} one a paragraph; `key`: of words that take its place */
function numbers(name, { state, store }) {
  const reading = state.reading.value;
  const config = state.facts.value?.config;
  const count = (/** @type {number | undefined} */ n) => live(known(n));
  const { layer, head } = headOf(store);
  const row = state.row.value;
  const at = (/** @type {number} */ i) => (reading && i >= 0 ? bytesOf(reading.tokens, reading.first + i) : null);
  switch (name) {
    case 'looking': {
      const column = reading && row >= 0 ? strongest(reading, layer, head, row) : -1;
      const weight =
        reading && column >= 0
          ? reading.attention[((layer * reading.heads + head) * reading.time + row) * reading.time + column]
          : null;
      return [
        { width: live(config ? num(config.width) : LATER.slice(0, 2)) },
        {
          grid: live(config ? `${config.layers} × ${config.heads}` : '– × –'),
          layer: layer + 1,
          head: head + 1,
          row: token(at(row)),
          column: token(at(column)),
          share: live(weight === null ? LATER : pct(weight)),
        },
      ];
    }
    case 'arithmetic':
      return [
        {
          dim: count(state.facts.value?.headDim),
          root: live(config ? fixed(Math.sqrt(state.facts.value?.headDim ?? 1)) : LATER),
        },
        {},
      ];
    case 'habits': {
      const named = reading ? reading.habits.reduce((n, h) => n + (h > 0 ? 1 : 0), 0) : undefined;
      const words = { named: count(named), all: count(reading?.habits.length) };
      return [named === 0 ? { key: 'inside.habits.none', ...words } : words, {}];
    }
    case 'ablation': {
      const effects = state.effects.value;
      const most = effects?.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const i = effects && most !== undefined ? effects.indexOf(most) : 0;
      const parts = (config?.heads ?? 1) + 1;
      const where =
        i % parts === parts - 1
          ? t('ablation.mlp', { layer: Math.floor(i / parts) + 1 })
          : t('attention.head', { layer: Math.floor(i / parts) + 1, head: (i % parts) + 1 });
      return [
        { loss: live(reading && reading.time > 1 ? num(mean(reading.plainLosses), 2) : LATER) },
        most !== undefined && most < LEAST
          ? { key: 'inside.ablation.none', least: num(LEAST, 2) }
          : { where: effects ? where : LATER, most: live(most === undefined ? LATER : signed(most)) },
      ];
    }
    case 'stream': {
      const norms =
        reading && row >= 0
          ? [0, reading.layers].map((l) => fixed(reading.residualNorms[l * reading.time + row]))
          : [LATER, LATER];
      return [
        { width: count(config?.width), parts: count(config && 2 * config.layers) },
        { first: live(norms[0]), last: live(norms[1]) },
      ];
    }
    case 'map':
      return [
        { size: count(config?.vocabSize), width: count(config?.width) },
        { share: live(state.map.value ? pct(state.map.value.explained[0] + state.map.value.explained[1]) : LATER) },
      ];
    case 'edit':
      return [{ parameters: count(store.model.value?.parameters) }, config?.tied ? { key: 'inside.edit.tied' } : {}];
    case 'reach':
      return [
        { context: count(config?.context) },
        { context: count(config?.context), half: count(config && Math.floor(config.context / 2)) },
      ];
    case 'parallel':
      return [
        { context: count(config?.context) },
        { speed: store.tokensPerSecond.value > 0 ? live(num(store.tokensPerSecond.value)) : live(LATER) },
      ];
  }
}

/** @param {Name} name @param {Parts} parts */
export function paragraphs(name, parts) {
  const id = `part-${name}`;
  return html`${name === 'looking' ? chapterHeading(3, id, t('chapter.title.ch3')) : partHeading(id, t(`part.${name}`))}
    ${numbers(name, parts).map((params, i) => html`<p>${rich(`${params.key ?? `inside.${name}.${i + 1}`}`, params)}</p>`)}
    ${name === 'parallel' ? nothing : tryIt(t(`inside.${name}.todo`))}`;
}
