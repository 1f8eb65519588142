/** Reading with a model that is too large to be trained here: it goes on with a text, and its heads can be looked at. */

import { ReaderClient } from '../engine/files-client.js';
import { batch, signal } from '../vendor/signals/signals-core.js';
import { AttentionView } from '../views/attention.js';
import { GeneratedView } from '../views/generated.js';
import { ReaderView } from '../views/reader.js';
import { isCancelled } from './failures.js';
import { attentionOf } from './looked.js';
import { paint } from './paint.js';

/** @typedef {import('../engine/files-protocol.js').ReaderFacts} ReaderFacts */
/** @typedef {import('../engine/files-protocol.js').GeneratedToken} GeneratedToken */
/** @typedef {import('../engine/files-protocol.js').Looked} Looked */
/** @typedef {import('../engine/files-protocol.js').ModelSource} ModelSource */

const COUNT = 40;
/** After the last letter, what the heads do with the text is looked at anew. */
const CALM_MS = 400;

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

/**
 * @param {HTMLElement} root
 * @param {{ text: () => string, sampling: () => import('../engine/protocol.js').SamplingSettings, sentence: (error: unknown) => string }} parts
 *   `text`: what it begins with
 */
export function createReader(root, { text: first, sampling, sentence }) {
  const facts = typed(/** @type {ReaderFacts | null} */ (null));
  const text = typed('');
  const temperature = typed(1);
  const tokens = typed(/** @type {GeneratedToken[]} */ ([]));
  const selected = typed({ sample: 0, token: -1 });
  const running = typed(false);
  const perSecond = typed(0);
  const wrong = typed(/** @type {(() => string) | null} */ (null));
  const looked = typed(/** @type {Looked | null} */ (null));
  const head = typed(/** @type {[number, number]} */ ([0, 0]));
  const [row, hovered] = [typed(0), typed(-1)];
  let client = new ReaderClient();
  let writing = new AbortController();
  let seed = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {unknown} error */
  function report(error) {
    if (!isCancelled(error)) wrong.value = () => sentence(error);
  }

  const given = () => (facts.peek()?.normal ? text.peek().normalize('NFC') : text.peek());

  async function look() {
    const mine = client;
    try {
      const found = await mine.call('look', { text: given() });
      if (mine !== client) return;
      batch(() => {
        looked.value = found.time > 0 ? found : null;
        row.value = found.time - 1;
        hovered.value = -1;
        if (head.peek()[0] >= found.layers || head.peek()[1] >= found.heads) head.value = [0, 0];
      });
    } catch (error) {
      if (mine === client) report(error);
    }
  }

  /** @param {string} value */
  function type(value) {
    writing.abort();
    batch(() => {
      text.value = value;
      tokens.value = [];
    });
    clearTimeout(timer);
    timer = setTimeout(() => void look(), CALM_MS);
  }

  async function generate() {
    writing.abort();
    const mine = new AbortController();
    writing = mine;
    const begun = performance.now();
    batch(() => {
      [tokens.value, running.value, wrong.value, perSecond.value] = [[], true, null, 0];
      selected.value = { sample: 0, token: -1 };
    });
    const settings = { ...sampling(), temperature: temperature.peek(), seed: seed++ };
    const onProgress = (/** @type {GeneratedToken} */ token) => {
      if (mine !== writing) return;
      batch(() => {
        tokens.value = [...tokens.peek(), token];
        perSecond.value = (1000 * tokens.peek().length) / (performance.now() - begun);
      });
    };
    try {
      await client.call(
        'generate',
        { text: given(), count: COUNT, sampling: settings },
        { signal: mine.signal, onProgress },
      );
    } catch (error) {
      if (mine === writing) report(error);
    } finally {
      if (mine === writing) running.value = false;
    }
  }

  /** Gives the model and its memory up. */
  function close() {
    clearTimeout(timer);
    writing.abort();
    client.close();
    client = new ReaderClient();
    batch(() => {
      [facts.value, looked.value, tokens.value, running.value, wrong.value] = [null, null, [], false, null];
    });
  }

  /**
   * Opens a model; one that was open before is given up.
   * @param {ModelSource} source @param {AbortSignal} signal @param {(share: number) => void} told
   */
  async function open(source, signal, told) {
    close();
    const mine = client;
    const abort = () => mine.close();
    signal.addEventListener('abort', abort);
    try {
      const onProgress = (/** @type {any} */ { done, total }) => told(total > 0 ? done / total : 0);
      const found = await mine.call('openReader', { source }, { onProgress });
      batch(() => {
        facts.value = found;
        text.value = first();
        temperature.value = sampling().temperature;
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
    void look();
  }

  const view = new ReaderView(root, {
    text: type,
    temperature: (value) => (temperature.value = value),
    generate: () => void generate(),
    stop: () => writing.abort(),
    close,
  });
  const generated = new GeneratedView(
    view.generated,
    {
      select: (sample, token) => (selected.value = { sample, token }),
      append: () =>
        type(
          text.peek() +
            tokens
              .peek()
              .map((token) => token.text)
              .join(''),
        ),
      clear: () => (tokens.value = []),
    },
    'reader-generated',
  );
  const attention = new AttentionView(
    view.attention,
    {
      select: (i) => (row.value = i),
      hover: (i) => (hovered.value = i),
      head: (layer, h) => (head.value = [layer, h]),
    },
    { id: 'reader-attention' },
  );
  paint(
    () =>
      facts.value && {
        facts: facts.value,
        text: text.value,
        temperature: temperature.value,
        running: running.value,
        perSecond: perSecond.value,
        wrong: wrong.value?.() ?? null,
      },
    (data) => {
      root.hidden = data === null;
      if (data) view.update(data);
    },
  );
  paint(
    () => ({
      prompt: null,
      samples: [tokens.value],
      vocabulary: facts.value?.vocabulary ?? null,
      selected: selected.value,
      running: running.value,
      perSecond: 0,
      untrained: false,
    }),
    (data) => generated.update(data),
  );
  paint(
    () => attentionOf(looked.value, 1, { selected: row.value, hovered: hovered.value, head: head.value }),
    (data) => attention.update(data),
  );

  return { open, close };
}
