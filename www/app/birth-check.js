/** A model that is born again: the link says what came out at its sender's; here it is trained, and compared. */

import { hashOf, readBirth } from '../birth.js';
import { style } from '../chapters/styles.js';
import en from '../i18n/en/share.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/share.js';
import { effect } from '../vendor/signals/signals-core.js';
import { num } from '../views/format.js';

addWords(en, zh);

/** @typedef {import('./store.js').Store} Store */

let following = false;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 */
export function checkBirth({ store, notices, engine }) {
  if (following) return;
  following = true;
  void style('views/share.css');
  /** The settings that the link gave, as far as they decide the weights: those of the first model after it. @type {string | null} */
  let asked = null;
  /** Step and model that were compared last. @type {unknown} */
  let compared = null;

  /** @param {'ok' | 'warn' | 'bad'} kind @param {string} key @param {Record<string, string>} params */
  function tell(kind, key, params) {
    const body = () => rich(key, params);
    const actions = [notices.closing('birth', () => t('notice.close'))];
    notices.show({
      id: 'birth',
      place: 'engine',
      kind,
      icon: kind === 'ok' ? 'check' : kind === 'bad' ? 'warn' : 'info',
      body,
      actions,
    });
  }

  /** What is compared: everything but where training stops. */
  const settings = () => JSON.stringify({ ...store.run.peek(), steps: 0 });

  effect(() => {
    const birth = readBirth(store.birth.value);
    const model = store.model.value;
    if (!birth || !model || store.pure.value === 'no') return;
    asked ??= settings();
    if (store.step.peek() > 0 || asked !== settings()) return;
    // Training stops where the certificate was written.
    store.steps.value = birth.steps;
    tell('warn', 'birth.told', { steps: num(birth.steps), hash: birth.hash, seed: String(model.settings.seed) });
  });

  effect(() => {
    const birth = readBirth(store.birth.value);
    const [model, step] = [store.model.value, store.step.value];
    if (!birth || !model || store.running.value || step !== birth.steps || compared === model) return;
    compared = model;
    void compare(birth);
  });

  /** @param {import('../birth.js').Birth} birth */
  async function compare(birth) {
    if (store.variant.peek() === 'relaxed') return tell('warn', 'birth.relaxed', {});
    if (store.pure.peek() !== 'yes' || asked !== settings()) return tell('warn', 'birth.other', {});
    if (!globalThis.crypto?.subtle) return tell('warn', 'birth.insecure', {});
    const found = await hashOf(await engine.call('save', {})).catch(() => null);
    if (found === null) return tell('bad', 'birth.failed', {});
    const params = { steps: num(birth.steps), expected: birth.hash, found };
    tell(found === birth.hash ? 'ok' : 'bad', found === birth.hash ? 'birth.same' : 'birth.differs', params);
  }
}
