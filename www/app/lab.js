/** The lab: runs beside each other, a new one that differs in one thing, what is stored, in and out. */

import { bytesOf } from '../engine/storage.js';
import en from '../i18n/en/lab.js';
import { addWords, lang, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/lab.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect, signal } from '../vendor/signals/signals-core.js';
import { LabView } from '../views/lab.js';
import { download } from './download.js';
import { keptStages, stageRows } from './lab-course.js';
import { paint } from './paint.js';
import { curvesPicture, rastered } from './pictures.js';
import { dropWeights, keptWeights, weightsOf } from './run-weights.js';
import { bestOf, changes, csvOf, forget, recordBytes, rename, runs, weightsKept, withAll } from './runs.js';

addWords(en, zh);

/** @typedef {import('./runs.js').RunRecord} RunRecord */

/** What was deleted can come back for so long. */
const UNDO_MS = 10_000;

/** @param {RunRecord} run @param {'short' | 'medium'} timeStyle */
const ownName = ({ settings, startedAt }, timeStyle) =>
  `${t(`corpus.${settings.corpus}`)}, ${new Intl.DateTimeFormat(lang.value, { dateStyle: 'short', timeStyle }).format(startedAt)}`;

/** Runs of one minute are told apart by their seconds. @param {RunRecord} run */
function nameOf(run) {
  if (run.name) return run.name;
  const name = ownName(run, 'short');
  const others = runs.value.some((r) => r.id !== run.id && !r.name && ownName(r, 'short') === name);
  return others ? ownName(run, 'medium') : name;
}

/**
 * @param {HTMLElement} place
 * @param {import('./screens.js').ChapterParts} parts
 */
export function openLab(place, { store, engine, drafting, files }) {
  /** Runs that are drawn, the first of them being the one that others are compared with. */
  const chosen = signal(/** @type {string[] | null} */ (null));
  const stored = signal({ model: 0, course: 0, all: 0 });
  const stages = signal(/** @type {import('./teaching.js').Stage[]} */ ([]));
  const weights = signal(/** @type {Map<string, number>} */ (new Map()));
  const gone = signal(/** @type {{ words: () => string, undo: () => Promise<void> } | null} */ (null));
  let undoTimer = 0;
  const heading = document.createElement('div');
  const figure = document.createElement('div');
  place.append(heading, figure);

  const drawn = () => {
    const known = chosen.value?.flatMap((id) => runs.value.find((r) => r.id === id) ?? []);
    const gone = chosen.value !== null && chosen.value.length > 0 && known?.length === 0;
    return !known || gone ? runs.value.slice(-2).reverse() : known;
  };

  async function measure() {
    const saved = await engine.call('saved', {}).catch(() => null);
    const course = await bytesOf('course');
    const all = await navigator.storage?.estimate?.().catch(() => null);
    weights.value = await keptWeights();
    stored.value = { model: saved?.bytes ?? 0, course, all: all?.usage ?? 0 };
  }

  /** Something is deleted, and can come back for a while. @param {() => string} words @param {() => Promise<void>} undo */
  function offerUndo(words, undo) {
    gone.value = { words, undo };
    clearTimeout(undoTimer);
    undoTimer = window.setTimeout(() => (gone.value = null), UNDO_MS);
  }

  /** @param {string} id */
  function remove(id) {
    const run = runs.peek().find((r) => r.id === id);
    if (!run) return;
    const name = nameOf(run);
    offerUndo(() => t('lab.gone', { name }), forget(id));
  }

  async function removeWeights() {
    const undo = await dropWeights();
    offerUndo(() => t('lab.gone.weights'), undo);
    await measure();
  }

  /** What a run has kept goes somewhere. @param {string} id @param {(checkpoint: Uint8Array) => Promise<void>} use */
  async function withWeights(id, use) {
    try {
      const checkpoint = await weightsOf(id);
      if (checkpoint) await use(checkpoint);
      else await measure();
    } catch (error) {
      files.report(error);
    }
  }

  /** A folder for other programs, as one file. @param {string} id */
  const zipped = (id) =>
    withWeights(id, async (checkpoint) => {
      const { callFiles } = await import('../engine/files-client.js');
      const bytes = await callFiles('exportZip', { checkpoint }, { transfer: [checkpoint.buffer] });
      const run = runs.peek().find((r) => r.id === id);
      const name = `glassgpt-${run?.settings.style ?? 'model'}-step-${run?.step ?? 0}.zip`;
      download(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: 'application/zip' }), name);
    });

  const view = new LabView(figure, {
    choose(id, on) {
      const now = drawn().map((r) => r.id);
      chosen.value = on ? [...now.filter((x) => x !== id), id] : now.filter((x) => x !== id);
    },
    rename,
    remove,
    undo() {
      const back = gone.peek();
      gone.value = null;
      void back?.undo().then(measure);
    },
    forget: () => (gone.value = null),
    reopen: (id) => void withWeights(id, files.replace),
    zip: (id) => void zipped(id),
    removeWeights: () => void removeWeights(),
    again(id) {
      const run = runs.peek().find((r) => r.id === id);
      if (run) drafting.open(run.settings);
    },
    csv: () => download(new Blob([csvOf(drawn(), nameOf)], { type: 'text/csv' }), 'glassgpt-runs.csv'),
    async png() {
      const [run] = drawn();
      if (!run) return;
      const picture = curvesPicture(run.train[0], run.train[1], run.evaluations, run.step);
      if (picture) download(await rastered(picture), 'glassgpt-run.png');
    },
    save: files.ways,
    open: files.choose,
  });
  paint(
    () => {
      const shown = drawn();
      return {
        runs: [...runs.value].reverse().map((run) => ({
          id: run.id,
          name: nameOf(run),
          letter: 'ABCDEFGH'[shown.findIndex((r) => r.id === run.id)] ?? '',
          changed:
            shown[0] && shown[0].id !== run.id
              ? changes(run.settings, shown[0].settings).map(
                  (name) => `${t(name === 'corpus' ? 'settings.data' : `settings.${name}`)}: ${run.settings[name]}`,
                )
              : null,
          parameters: run.parameters,
          step: run.step,
          seconds: run.seconds,
          weights: weights.value.get(run.id) ?? 0,
          best: bestOf(run),
        })),
        curves: shown.slice(0, 2),
        stages: stageRows(stages.value),
        gone: gone.value?.words() ?? '',
        stored: withAll({
          ...stored.value,
          list: recordBytes(),
          weights: [...weights.value.values()].reduce((a, b) => a + b, 0),
        }),
        theme: store.theme.value,
        screen: store.screen.value,
      };
    },
    (data) => view.update(data),
  );
  paint(
    () => t('lab.title'),
    () => render(html`<h1>${t('lab.title')}</h1><p class="lead">${t('lab.lead')}</p>`, heading),
  );
  effect(() => {
    // Looked at again whenever a run has come to its end, or one was deleted; a course may have gone on meanwhile.
    weightsKept.value;
    runs.value;
    if (store.screen.value !== 'lab') return;
    void measure();
    void keptStages().then((found) => (stages.value = found));
  });
}
