/** Training as the page sees it: the buttons of the model bar, and what the engine tells meanwhile. */

import { rich, t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { num } from '../views/format.js';
import { plain } from '../views/settings-rows.js';
import { engineScript } from './engine-script.js';
import { sentenceOf } from './failures.js';
import { LossCurve } from './loss-curve.js';

/** @typedef {import('../engine/protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('../engine/protocol.js').Notification} Notification */
/** @typedef {import('../engine/protocol.js').TrainingTick} TrainingTick */

/** Numbers and pictures change at most four times a second. */
const PUBLISH_MS = 250;
const UNDO_MS = 10_000;

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {(info: ModelInfo) => void} parts.adopt
 * @param {(error: unknown) => void} parts.report
 * @param {{ refresh(): void, ticked(): void, showStep(step: number | null): void }} parts.reading
 */
export function createTraining({ store, notices, engine, adopt, report, reading }) {
  const curve = new LossCurve();
  /** @type {TrainingTick | null} */
  let tick = null;
  let publishTimer = 0;
  let undoTimer = 0;
  /** Of the model before the last reset. @type {'yes' | 'tuned' | 'no'} */
  let formerPure = 'no';

  function publish() {
    clearTimeout(publishTimer);
    publishTimer = 0;
    if (!tick) return;
    const { step, tokensPerSecond, workers, peak } = tick;
    tick = null;
    batch(() => {
      store.step.value = step;
      store.tokensPerSecond.value = tokensPerSecond;
      store.workersNow.value = workers;
      store.peak.value = peak;
      store.trainLoss.value = curve.values;
    });
  }

  /** @param {TrainingTick} news */
  function ticked(news) {
    curve.write(news.firstStep, news.trainLoss);
    tick = news;
    publishTimer ||= window.setTimeout(() => {
      publish();
      reading.ticked();
    }, PUBLISH_MS);
  }

  /** @param {Extract<Notification, { event: 'stopped' }>} news */
  function stopped({ reason, error }) {
    publish();
    batch(() => {
      store.running.value = false;
      learnSpeed();
    });
    if (reason === 'not-finite') notFinite(error);
    reading.refresh();
  }

  /** Real training is a better measure of this machine than a trial. */
  function learnSpeed() {
    const model = store.model.peek();
    const tokens = store.tokensPerSecond.peek();
    if (!model || tokens <= 0) return;
    store.flopsPerSecond.value = (model.flopsPerStep * tokens) / (model.settings.batch * model.settings.context);
  }

  /** @param {import('../engine/protocol.js').EngineError | null} error */
  function notFinite(error) {
    const rate = store.run.peek().learningRate;
    const step = error?.details.step ?? store.step.peek();
    const goOn = (/** @type {number} */ learningRate) => async () => {
      notices.drop('not-finite');
      if (learningRate !== rate) await tune({ learningRate });
      await train();
    };
    notices.show({
      id: 'not-finite',
      place: 'engine',
      kind: 'warn',
      icon: 'warn',
      body: () => rich('notice.not-finite', { step: num(Number(step)), rate: plain(rate) }),
      actions: [
        {
          label: () => t('notice.not-finite.lower', { rate: plain(Math.min(rate / 10, 1e-3)) }),
          act: goOn(Math.min(rate / 10, 1e-3)),
        },
        { label: () => t('notice.not-finite.anyway'), act: goOn(rate) },
      ],
    });
  }

  async function train() {
    if (!store.model.peek() || store.blocked.peek() || store.opening.peek()) return;
    if (store.running.peek()) return void engine.call('pause', {}).catch(report);
    for (const id of ['saved-run', 'restarted', 'not-finite', 'failed']) notices.drop(id);
    reading.showStep(null);
    store.running.value = true;
    try {
      if (store.step.peek() >= store.steps.peek()) await tune({ steps: store.step.peek() + store.more.peek() });
      await start();
    } catch (error) {
      store.running.value = false;
      report(error);
    }
  }

  const start = () => engine.call('train', { untilStep: store.steps.peek(), workers: store.workers.peek() });

  /** Another number of workers; the model at work takes it at once. @param {number} workers  0 = as many as help */
  function share(workers) {
    store.workers.value = workers;
    if (store.running.peek()) start().catch(report);
  }

  /** Another build of the engine takes over with the present model. @param {'' | 'relaxed'} build */
  async function rebuild(build) {
    if (build === store.engine.peek() || store.opening.peek()) return;
    const running = store.running.peek();
    store.engine.value = build;
    try {
      if (running) await engine.call('pause', {});
      const info = await engine.exchange(engineScript(build));
      if (!info) return;
      store.canUndo.value = false;
      adopt(info);
      if (running) await train();
    } catch (error) {
      report(error);
    }
  }

  async function step() {
    if (!store.model.peek() || store.running.peek() || store.blocked.peek() || store.opening.peek()) return;
    notices.drop('saved-run');
    reading.showStep(null);
    try {
      await engine.call('step', {});
      publish();
      reading.refresh();
    } catch (error) {
      report(error);
    }
  }

  async function reset() {
    if (!store.model.peek() || store.opening.peek()) return;
    await exchange('reset');
    store.canUndo.value = true;
    undoTimer = window.setTimeout(() => (store.canUndo.value = false), UNDO_MS);
  }

  /** @param {'reset' | 'undoReset'} call */
  async function exchange(call) {
    clearTimeout(undoTimer);
    store.canUndo.value = false;
    const pure = store.pure.peek();
    try {
      adopt(await engine.call(call, {}));
      // The weights are drawn anew from the seed, if it was a seed that they came from.
      store.pure.value = call === 'undoReset' ? formerPure : pure === 'no' ? 'no' : 'yes';
      formerPure = pure;
    } catch (error) {
      report(error);
    }
  }

  /** Changes that keep the model. @param {{ learningRate?: number, steps?: number }} changes */
  async function tune(changes) {
    if (!store.model.peek()) return;
    await engine.call('tune', changes);
    batch(() => {
      const { schedule } = store.run.peek();
      const bends = changes.learningRate !== undefined || (changes.steps !== undefined && schedule === 'cosine');
      if (bends && store.step.peek() > 0 && store.pure.peek() === 'yes') store.pure.value = 'tuned';
      if (changes.steps !== undefined) store.steps.value = changes.steps;
      if (changes.learningRate !== undefined)
        store.run.value = { ...store.run.peek(), learningRate: changes.learningRate };
    });
    if (store.running.peek()) await start();
  }

  /** Another model is shown from here on. @param {ModelInfo} info */
  function show(info) {
    tick = null;
    curve.reset(info.trainLoss);
    store.running.value = false;
    store.step.value = info.step;
    store.steps.value = info.settings.steps;
    store.tokensPerSecond.value = 0;
    store.workersNow.value = 0;
    store.trainLoss.value = curve.values;
    store.evaluations.value = info.evaluations;
    store.baselines.value = info.baselines;
    store.samples.value = info.samples;
    store.keptSteps.value = info.keptSteps;
  }

  /** @param {Notification} news */
  function notified(news) {
    if (news.event === 'tick') ticked(news);
    else if (news.event === 'stopped') stopped(news);
    else if (news.event === 'evaluated') {
      const others = store.evaluations.peek().filter((e) => e.step !== news.evaluation.step);
      store.evaluations.value = [...others, news.evaluation];
    } else if (news.event === 'baselines') store.baselines.value = news.baselines;
    else if (news.event === 'sample') {
      const others = store.samples.peek().filter((s) => s.step !== news.sample.step);
      store.samples.value = [...others, news.sample];
    } else if (news.event === 'kept') store.keptSteps.value = news.keptSteps;
  }

  /**
   * The engine died and was rebuilt. Its model is shown by the caller before this.
   * @param {import('../engine/client.js').Restart} restart
   */
  function restarted({ fromStep, lostSteps, error, info }) {
    const body = () =>
      info ? rich('notice.restarted', { step: num(fromStep), n: num(lostSteps) }) : rich('notice.restarted.fresh');
    /** @param {boolean} details @returns {void} */
    const shown = (details) =>
      notices.show({
        id: 'restarted',
        place: 'engine',
        kind: 'bad',
        icon: 'restart',
        body,
        more: details ? () => sentenceOf(error) : null,
        actions: [
          { label: () => t('notice.continue'), act: () => void train() },
          { label: () => t('notice.details'), act: () => shown(!details) },
        ],
      });
    shown(false);
  }

  return { train, step, reset, undo: () => exchange('undoReset'), tune, share, rebuild, show, notified, restarted };
}

/** @typedef {ReturnType<typeof createTraining>} Training */
