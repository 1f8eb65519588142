/** Every run of this device in a list: settings, curves, best loss, seconds; beside it the weights of finished ones. */

import { effect, signal } from '../vendor/signals/signals-core.js';
import { thinned } from '../views/chart.js';
import { dropWeights, keepWeights } from './run-weights.js';

const KEY = 'glassgpt.runs';
/** More are forgotten, the oldest first. */
const MOST = 40;
const POINTS = 160;
const LONGEST_NAME = 60;

/** @typedef {import('../engine/protocol.js').RunSettings} RunSettings */
/** @typedef {import('../engine/protocol.js').Evaluation} Evaluation */
/**
 * @typedef {object} RunRecord
 * @property {string} id
 * @property {string} name           '' = the page's own
 * @property {number} startedAt      milliseconds since 1970
 * @property {RunSettings} settings
 * @property {number} parameters
 * @property {number} step
 * @property {number} seconds        trained in this page
 * @property {[number[], number[]]} train      steps and losses, thinned out
 * @property {Evaluation[]} evaluations        thinned out
 */

/** @param {unknown} x @returns {x is number[]} */
const areNumbers = (x) => Array.isArray(x) && x.length <= 1_000 && x.every((n) => typeof n === 'number');

/** What was remembered, as far as it is what this page writes. @param {string | null} written @returns {RunRecord[]} */
export function readRuns(written) {
  try {
    const found = JSON.parse(written ?? '[]');
    if (!Array.isArray(found)) return [];
    return found
      .filter(
        (r) =>
          typeof r?.id === 'string' &&
          typeof r.name === 'string' &&
          r.name.length <= LONGEST_NAME &&
          [r.startedAt, r.parameters, r.step, r.seconds].every((n) => typeof n === 'number') &&
          typeof r.settings === 'object' &&
          typeof r.settings?.corpus === 'string' &&
          areNumbers(r.train?.[0]) &&
          areNumbers(r.train?.[1]) &&
          Array.isArray(r.evaluations) &&
          r.evaluations.every((/** @type {any} */ e) => areNumbers([e?.step, e?.lossNats, e?.bitsPerByte])),
      )
      .slice(-MOST);
  } catch {
    return [];
  }
}

/** At most so many of a list, first and last among them. @template T @param {readonly T[]} all @param {number} most @returns {T[]} */
export function few(all, most) {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]);
}

/** The lowest validation loss of a run. @param {Pick<RunRecord, 'evaluations'>} run @returns {Evaluation | null} */
export const bestOf = ({ evaluations }) =>
  evaluations.reduce((/** @type {Evaluation | null} */ a, e) => (a && a.lossNats <= e.lossNats ? a : e), null);

/** What one run's settings have otherwise than another's. @param {RunSettings} settings @param {RunSettings} from @returns {(keyof RunSettings)[]} */
export const changes = (settings, from) =>
  /** @type {(keyof RunSettings)[]} */ (Object.keys(settings)).filter((name) => settings[name] !== from[name]);

/** Curves of runs as a table for other programs. @param {readonly RunRecord[]} runs @param {(run: RunRecord) => string} nameOf */
export function csvOf(runs, nameOf) {
  const quoted = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;
  const rows = runs.flatMap((run) => {
    const name = quoted(nameOf(run));
    const train = run.train[0].map((step, i) => [name, step, run.train[1][i], '', '']);
    const validation = run.evaluations.map((e) => [name, e.step, '', e.lossNats, e.bitsPerByte]);
    return [...train, ...validation];
  });
  return `${[['run', 'step', 'train_nats', 'validation_nats', 'validation_bits_per_byte'], ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** One list for the whole page, oldest first. @type {import('../vendor/signals/signals-core.js').Signal<RunRecord[]>} */
export const runs = signal(readRuns(remembered()));

/** @param {RunRecord[]} next */
function write(next) {
  runs.value = next.slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(runs.peek()));
  } catch {
    // Private windows may refuse, and storage may be full: the list then lasts as long as the page.
  }
}

/** @param {string} id @param {string} name */
export const rename = (id, name) =>
  write(runs.peek().map((r) => (r.id === id ? { ...r, name: name.trim().slice(0, LONGEST_NAME) } : r)));

/** A run and its weights. @param {string} id @returns {() => Promise<void>} brings both back */
export function forget(id) {
  const run = runs.peek().find((r) => r.id === id);
  write(runs.peek().filter((r) => r.id !== id));
  const dropped = dropWeights(id);
  void dropped.then(() => weightsKept.value++);
  return async () => {
    const others = runs.peek();
    // A run that goes on learning has written itself down again.
    if (run && !others.some((r) => r.id === id)) write([...others, run].toSorted((a, b) => a.startedAt - b.startedAt));
    await (await dropped)();
    weightsKept.value++;
  };
}

/** Counts how often weights were kept: whoever lists them looks again. */
export const weightsKept = signal(0);

/** Bytes that the list takes. */
export const recordBytes = () => new TextEncoder().encode(JSON.stringify(runs.value)).length;

/** Writes a run down whenever it stops, with its weights when it has come to its end. @param {import('./store.js').Store} store @param {import('../engine/client.js').EngineClient} engine */
export function recordRuns(store, engine) {
  /** The run at work. @type {{ model: unknown, id: string, startedAt: number, seconds: number } | null} */
  let now = null;
  let since = 0;

  effect(() => {
    const running = store.running.value;
    const model = store.model.peek();
    if (!model) return;
    if (running) {
      since = performance.now();
      if (now?.model !== model)
        now = { model, id: `${Date.now()}-${store.step.peek()}`, startedAt: Date.now(), seconds: 0 };
      return;
    }
    if (!now || now.model !== model || since === 0) return;
    now.seconds += (performance.now() - since) / 1000;
    since = 0;
    keep();
    if (store.step.peek() >= store.steps.peek()) keepFinished(now.id);
  });
  // The evaluation of the last step comes a moment after it: the weights are kept once more, with it.
  effect(() => {
    const last = store.evaluations.value.at(-1);
    if (!now || now.model !== store.model.peek() || store.running.peek()) return;
    keep();
    const step = store.step.peek();
    if (last?.step === step && step >= store.steps.peek()) keepFinished(now.id);
  });

  /** One file after the other, so that the newest is kept last. */
  let keeping = Promise.resolve();

  /** @param {string} id */
  function keepFinished(id) {
    keeping = keeping.then(async () => {
      if (now?.id !== id || now.model !== store.model.peek()) return;
      const checkpoint = await engine.call('save', {}).catch(() => null);
      if (checkpoint && (await keepWeights(id, checkpoint))) weightsKept.value++;
    });
  }

  function keep() {
    const model = store.model.peek();
    const step = store.step.peek();
    if (!now || !model || step === 0) return;
    const [steps, losses] = thinned(store.trainLoss.peek());
    const at = few(
      steps.map((s, i) => [s, Number(losses[i].toFixed(4))]),
      POINTS,
    );
    /** @type {RunRecord} */
    const record = {
      id: now.id,
      name: runs.peek().find((r) => r.id === now?.id)?.name ?? '',
      startedAt: now.startedAt,
      settings: { ...store.run.peek() },
      parameters: model.parameters,
      step,
      seconds: now.seconds,
      train: [at.map(([s]) => s), at.map(([, v]) => v)],
      evaluations: few(store.evaluations.peek(), POINTS),
    };
    write([...runs.peek().filter((r) => r.id !== record.id), record]);
  }
}

/** From here on a browser's figure is not believed: one was seen to tell 4,303 MB of a nearly empty profile. */
const TOO_MUCH = 2 ** 32;

/**
 * What is stored in all: as the browser says if that can be, else the sum of what is known.
 * @template {{ list: number, model: number, course: number, weights: number, all: number }} S @param {S} stored @returns {S}
 */
export function withAll(stored) {
  const known = stored.list + stored.model + stored.course + stored.weights;
  return { ...stored, all: stored.all >= known && stored.all < TOO_MUCH ? stored.all : known };
}
