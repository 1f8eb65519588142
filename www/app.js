/** The page: one store, the engine, the views, and what connects them. */

import { createAddress, initialState, sampleText } from './app/address.js';
import { createDrafting } from './app/drafting.js';
import { engineScript } from './app/engine-script.js';
import { sentenceOf } from './app/failures.js';
import { createFiles, ownText } from './app/files.js';
import { listenToKeys } from './app/keys.js';
import { createNotices } from './app/notices.js';
import { keepForOffline, update, watchForUpdates } from './app/offline.js';
import { createOpening } from './app/opening.js';
import { drawnInSight, paint } from './app/paint.js';
import { createReading } from './app/reading.js';
import { createScreen } from './app/screen.js';
import { createScreens, fetchAhead } from './app/screens.js';
import { headOf, noticesAt } from './app/shown.js';
import { createStore } from './app/store.js';
import { createTraining } from './app/training.js';
import { createWriting } from './app/writing.js';
import { EngineClient } from './engine/client.js';
import { lang, rich, speak, t } from './i18n/index.js';
import { defaultRun } from './state.js';
import { render } from './vendor/lit-html/lit-html.js';
import { batch, effect } from './vendor/signals/signals-core.js';

/** @typedef {import('./engine/protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('./engine/protocol.js').Notification} Notification */

/** After the tab was hidden, its slow numbers are explained for so long. */
const SLOWED_MS = 3_000;
/** The first drawing holds the engine up for so long at most. */
const FIRST_MS = 500;

const state = initialState();
fetchAhead(state.page.screen);
await speak(state.page.lang);
const ownMissing = state.run.corpus === 'own' && state.page.learn === null;
if (ownMissing) state.run.corpus = defaultRun(state.page.lang).corpus;

const store = createStore(state, state.page.text ?? sampleText());
store.opening.value = { phase: 'engine', share: 0 };
if (state.page.learn !== null) store.own.value = ownText(state.page.learn, t('corpus.pasted'));
const notices = createNotices(store);
const engine = new EngineClient({
  workerUrl: engineScript(state.page.engine),
  atOnce: false,
  onNotification: notified,
  onRestart: restarted,
});
const opening = createOpening({ store, notices, engine, adopt });
const reading = createReading({ store, notices, engine, report: opening.report });
const training = createTraining({
  store,
  notices,
  engine,
  adopt,
  report: opening.report,
  reading: { ...reading, ticked },
});
const writing = createWriting({ store, notices, engine, reading, report: opening.report });
const drafting = createDrafting({ store, notices, engine, opening, training });
const files = createFiles({ store, notices, engine, opening, drafting });
const address = createAddress({
  store,
  notices,
  setText: reading.setText,
  rebuild: (build) => void training.rebuild(build),
  // A model at work is never thrown away by a link: its settings are laid out for the learner to start.
  otherRun(run) {
    const learn = store.learn.peek();
    if (learn !== null) store.own.value = ownText(learn, t('corpus.pasted'));
    if (store.step.peek() === 0 && (run.corpus !== 'own' || learn !== null)) void opening.open(run);
    else drafting.open(run);
  },
});
/** The text was changed in one of its boxes; a long one becomes training text. @param {string} text */
function typed(text) {
  if (files.isLong(text)) return files.pasted(text);
  notices.drop('long-text');
  writing.clear();
  reading.setText(text);
}

/** What can be handed on, loaded when somebody does. */
const share = () =>
  void import('./app/sharing.js')
    .then(({ openSharing }) => openSharing({ store, engine, address, report: opening.report }))
    .catch(opening.report);
/** A link that brought a certificate is told, and checked when its step is reached. */
effect(() => {
  if (store.birth.value !== null) followBirth();
});

function followBirth() {
  import('./app/birth-check.js')
    .then(({ checkBirth }) => checkBirth({ store, notices, engine }))
    .catch((error) => {
      const actions = [{ label: () => t('notice.retry'), act: () => location.reload() }];
      const body = () => rich('notice.birth');
      notices.show({
        id: 'birth',
        place: 'engine',
        kind: 'bad',
        icon: 'warn',
        body,
        more: () => String(error),
        actions,
      });
    });
}

const { report } = opening;
const screen = createScreen({ share, store, training, reading, writing, drafting, files, address, typed, report });

/** Shows another model, wherever it comes from. @param {ModelInfo} info */
function adopt(info) {
  batch(() => {
    store.model.value = info;
    store.run.value = info.settings;
    store.pure.value = 'no';
    store.blocked.value = null;
    writing.clear();
    training.show(info);
    reading.show(info);
  });
}

function ticked() {
  reading.ticked();
  writing.ticked();
}

/** @param {import('./engine/client.js').Restart} restart */
function restarted(restart) {
  store.running.value = false;
  if (restart.info) adopt(restart.info);
  training.restarted(restart);
  if (!restart.info) void opening.open(store.run.peek());
}

/** @param {Notification} news */
function notified(news) {
  if (news.event === 'ready') {
    store.variant.value = news.variant;
    kept(news.storage);
    keeps = news.storage === 'opfs';
    void watchForUpdates(newBuild);
  } else if (news.event === 'saved') saved(news.step);
  else if (news.event === 'storage') storageFull();
  else if (news.event === 'failed') engineFailed(news.error);
  else training.notified(news);
}

/** Where the model is kept, if not as usual. @param {'opfs' | 'memory' | 'read-only'} storage */
function kept(storage) {
  if (storage === 'opfs') return;
  const actions = [notices.closing('kept', () => t('notice.close'))];
  if (storage === 'memory') actions.unshift({ label: () => t('notice.save-file'), act: () => void files.save() });
  notices.show({
    id: 'kept',
    place: 'engine',
    kind: 'warn',
    icon: 'full',
    body: () => rich(`notice.${storage}`),
    actions,
  });
}

/** Called with the step of a model that was kept. @type {(step: number) => void} */
let saved = () => {};
let keeps = false;

/** The server has another build: the learner decides when, and a run at work is kept first. @param {boolean} [failed] */
function newBuild(failed = false) {
  const now = async () => {
    const kept = new Promise((resolve) => {
      saved = (step) => step >= store.step.peek() && resolve(step);
    });
    const pause = () => engine.call('pause', {});
    if (!(await update({ running: store.running.peek(), pause, saved: kept }))) newBuild(true);
  };
  const unkept = failed || (!keeps && store.step.peek() > 0);
  const reload = { label: () => t('notice.update.now'), act: () => void (unkept ? location.reload() : now()) };
  const ways = unkept ? [{ label: () => t('notice.save-file'), act: () => void files.save() }, reload] : [reload];
  notices.show({
    id: 'update',
    place: 'engine',
    kind: unkept ? 'warn' : 'ok',
    icon: 'info',
    body: () => rich(unkept ? 'notice.update.unkept' : 'notice.update'),
    actions: [...ways, notices.closing('update', () => t('notice.update.later'))],
  });
}

function storageFull() {
  notices.show({
    id: 'full',
    place: 'engine',
    kind: 'warn',
    icon: 'full',
    body: () => rich('notice.full'),
    actions: [
      { label: () => t('notice.save-file'), act: () => void files.save() },
      { label: () => t('notice.delete'), act: () => void opening.forget() },
    ],
  });
}

/** @param {import('./engine/protocol.js').EngineError} error */
function engineFailed(error) {
  store.opening.value = null;
  store.running.value = false;
  store.blocked.value = 'blocked.engine';
  const body = () => rich('notice.engine', { reason: sentenceOf(error) });
  const actions = [{ label: () => t('notice.retry'), act: () => location.reload() }];
  notices.show({ id: 'engine', place: 'engine', kind: 'bad', icon: 'warn', body, actions });
}

/** @param {number} by */
function moveHead(by) {
  const shape = store.model.peek()?.settings;
  if (!shape) return;
  const { layer, head } = headOf(store);
  const count = shape.layers * shape.heads;
  const next = (layer * shape.heads + head + by + count) % count;
  batch(() => {
    store.layer.value = Math.floor(next / shape.heads);
    store.head.value = next % shape.heads;
  });
}

/** To the kept step before or after the one that is shown. @param {-1 | 1} by */
function moveStep(by) {
  const shown = store.atStep.peek() ?? store.step.peek();
  const steps = store.keptSteps.peek();
  const next = by < 0 ? steps.findLast((s) => s < shown) : steps.find((s) => s > shown);
  if (next !== undefined || by > 0) reading.showStep(next ?? null);
}

listenToKeys({
  ' ': () => void training.train(),
  s: () => void training.step(),
  '?': () => screen.keys.open(),
});
const playgroundKeys = {
  ArrowLeft: () => reading.select(Math.max(0, store.cursor.peek() - 1)),
  ArrowRight: () => reading.select(store.cursor.peek() + 1),
  ArrowUp: () => moveHead(-1),
  ArrowDown: () => moveHead(1),
  '[': () => moveStep(-1),
  ']': () => moveStep(1),
  t: () => writing.takeFirst(),
  g: () => writing.toggle(),
  Escape: () => reading.showStep(null),
};
createScreens({
  store,
  notices,
  engine,
  address,
  reading,
  writing,
  training,
  drafting,
  files,
  typed,
  keys: playgroundKeys,
});

effect(() => {
  const root = document.documentElement;
  root.lang = lang.value;
  if (store.theme.value) root.dataset.theme = store.theme.value;
  else delete root.dataset.theme;
  root.classList.toggle('projector', store.projector.value);
  document.body.classList.toggle('running', store.running.value || store.generating.value);
  const heading = document.getElementById('title');
  if (heading) heading.textContent = t('page.heading');
});
effect(() => {
  const { step, steps, running } = store;
  const still = store.screen.value === 'play' ? t('page.title') : t(`page.title.${store.screen.value}`);
  document.title = running.value ? t('page.running', { step: step.value, steps: steps.value }) : still;
});
let recording = false;
/** @type {ModelInfo | null} */
let demonstrated = null;
effect(() => {
  const model = store.model.value;
  if (!store.inspection.value || store.screen.value !== 'play' || model === demonstrated) return;
  demonstrated = model;
  queueMicrotask(writing.demonstrate);
});
paint(
  () => ({ shown: noticesAt(store, 'engine'), opening: store.opening.value !== null }),
  ({ shown, opening }) => {
    render(shown, /** @type {HTMLElement} */ (document.getElementById('notices')));
    // Until there is a model there is room for the word about it.
    document.body.classList.toggle('opening', opening);
  },
);

let slowedTimer = 0;
document.addEventListener('visibilitychange', () => {
  clearTimeout(slowedTimer);
  if (document.hidden) store.hidden.value = true;
  else {
    slowedTimer = window.setTimeout(() => (store.hidden.value = false), SLOWED_MS);
    void reading.refresh();
  }
});

/** A word of the glossary was pointed at, focused or tapped: what explains it is fetched with the first. @param {Event} event */
function explain(event) {
  const word = event.target instanceof Element ? event.target.closest('.term') : null;
  if (word) void import('./app/glossary.js').then(({ explain }) => explain(word, store)).catch(opening.report);
}
for (const name of ['pointerover', 'focusin', 'click']) document.addEventListener(name, explain);

/** Runs are written down from the first training on. */
effect(() => {
  if (store.running.value && !recording) {
    recording = true;
    void import('./app/runs.js')
      .then(({ recordRuns }) => recordRuns(store, engine))
      .catch((error) => {
        recording = false;
        opening.report(error);
      });
  }
});

files.listen();
address.complain(state);
if (ownMissing) address.tell('notice.link.own', {});
address.follow();
document.getElementById('starting')?.remove();
document.getElementById('shell')?.removeAttribute('hidden');

// The engine starts when there is something to see: on few cores they would be in each other's way.
await drawnInSight(FIRST_MS);
await opening.open(state.run);
await opening.offerSaved();
await drafting.measure();
if (store.variant.peek() !== null) await keepForOffline();
