/** Figures that chapters 5 to 7 share: the course with its stages, and one question before two models. */

import { lang, t } from '../i18n/index.js';
import { CourseView } from '../views/course.js';
import { DuelView } from '../views/duel.js';
import { num, pct, size } from '../views/format.js';
import { GoneView } from '../views/gone.js';
import { sentenceOf } from './failures.js';
import { figurePlace } from './figure.js';
import { paint } from './paint.js';
import { LEARNING, pairOf } from './teaching.js';
import { growOne, isIncomplete, reportOf } from './teaching-chain.js';
import { goneWith, isBase, parentOf } from './teaching-line.js';
import { shareOf } from './teaching-shares.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('../engine/client.js').EngineClient} Engine */

/** Figures that are not measured, by the name of their view. @type {Record<string, import('./figure.js').Origin>} */
const ORIGINS = { pairs: 'yours', facts: 'yours', honest: 'mixed' };

/** A place of a figure. @param {import('../views/chapter.js').ChapterView} view @param {number} part @param {string} [name] */
export const figure = (view, part, name = '') => figurePlace(view, part, ORIGINS[name] ?? 'measured');

/** @param {Stage['plan']} plan */
export function nameOf(plan) {
  if (plan.kind === 'tune' && !plan.replay) return t('stage.tune.bare');
  if (plan.kind === 'tools' && !plan.tool) return t('stage.tools.without');
  if (plan.kind === 'base' && plan.start === 'random') return t('stage.base.random');
  return t(`stage.${plan.kind}`);
}

/** Name of a stage with its number, to tell two of a kind apart. @param {Teaching} teaching @param {number} id */
export function labelOf({ state }, id) {
  if (id === LEARNING)
    return state.running.value ? t('stage.learning', { name: nameOf(state.running.value.plan) }) : '';
  const stage = state.stages.value.find((s) => s.id === id);
  return stage ? t('stage.label', { number: id, name: nameOf(stage.plan) }) : '';
}

/** Loss on text that was never read; before that is measured, of the last step. @param {number | null | undefined} stories @param {number | null | undefined} step */
function lossOf(stories, step) {
  if (stories != null) return t('stage.stories', { nats: num(stories, 2) });
  return step == null ? '' : t('stage.step', { nats: num(step, 2) });
}

/** @param {Stage} stage */
export function figuresOf({ found, trail, ms }) {
  const loss = trail.at(-1)?.lossNats;
  const exact = shareOf(found.exact ?? found.plain);
  const tasks = shareOf(found.tasks);
  const rows = found.manners?.rows ?? [];
  const polite = rows.filter(({ tones }) => tones[1] === 'polite').length / rows.length;
  return [
    lossOf(found.validation?.lossNats, loss),
    exact ? t('stage.exact', { share: pct(exact.share) }) : '',
    rows.length > 0 ? t('stage.polite', { share: pct(polite) }) : '',
    tasks ? t('stage.tasks', { share: pct(tasks.share) }) : '',
    ms > 0 ? t('stage.seconds', { s: num(ms / 1000, ms < 9_950 ? 1 : 0) }) : '',
  ]
    .filter((words) => words !== '')
    .join(' ·\u00a0');
}

/** @param {Teaching} teaching @param {Stage} stage */
function aboutOf(teaching, stage) {
  const from = parentOf(stage);
  const steps = stage.trail.at(-1)?.step ?? 0;
  const how = stage.plan.kind === 'own' ? t('stage.about.own') : t('stage.about', { n: num(steps) });
  return `${from === null ? how : t('stage.from', { how, name: labelOf(teaching, from) })}${stage.stopped ? ` · ${t('stage.stopped')}` : ''}`;
}

/** Share of a lesson that is done; answers of its own come before its steps. @param {import('../engine/teacher-protocol.js').LessonProgress | undefined} p */
const doneOf = (p) => (p ? (p.step + p.pool[0] / 4) / (p.steps + p.pool[1] / 4) : 0);

/** @param {Teaching} teaching @returns {import('../views/course.js').CourseData['running']} */
function runningOf({ state }) {
  const running = state.running.value;
  if (!running) return null;
  const last = running.trail.at(-1);
  const share = doneOf(last);
  const leftMs = share > 0.02 && !running.paused ? ((performance.now() - running.begun) * (1 - share)) / share : null;
  const collecting = last && last.step === 0 && last.pool[0] < last.pool[1];
  const detail = !last
    ? t('course.starting')
    : collecting
      ? t('course.pool', { n: last.pool[0], of: last.pool[1] })
      : `${t('course.step', { step: num(last.step), steps: num(last.steps) })}${last.lossNats === null ? '' : ` · ${t('stage.loss', { nats: num(last.lossNats, 2) })}`}`;
  return { name: nameOf(running.plan), share, detail, paused: running.paused, leftMs };
}

/** How many stages it was made from, one after the other. @param {Stage[]} stages @param {Stage} stage @returns {number} */
function depthOf(stages, stage) {
  const parent = stages.find(({ id }) => id === parentOf(stage));
  return parent ? 1 + depthOf(stages, parent) : 0;
}

/** How far the whole chain is, the lesson that runs included. @param {Teaching} teaching */
function chainAt({ state }) {
  const chain = state.chain.value;
  if (!chain) return null;
  const last = state.running.value?.trail.at(-1);
  return { step: chain.step, share: chain.share + doneOf(last) / 4, stop: chain.stop };
}

/** Look-back scores up to which a model guesses, and up to which it mixes people up. */
const [GUESSES, MIXES] = [0.3, 0.75];

/** What follows from the look-back score of the playground's model. @param {Teaching} teaching */
function ownOf({ state }) {
  const score = state.stages.value.find(({ plan }) => plan.kind === 'own')?.found.lookBack?.score;
  if (score === undefined) return '';
  const kind = score < GUESSES ? 'guesses' : score < MIXES ? 'mixes' : 'copies';
  return t(`course.own.${kind}`, { score: pct(score) });
}

/** What is on this device, in words. @param {Teaching} teaching */
function keptOf({ state }) {
  const { mode, bytes, failure } = state.kept.value ?? {};
  if (failure) return t('course.kept.failure', { reason: wordsOf(failure) });
  if (mode === 'read-only') return t('course.kept.read-only');
  if (mode === 'memory') return t('course.kept.memory');
  return bytes ? t('course.kept', { size: size(bytes) }) : '';
}

/** An error of the course as a sentence. @param {import('./failures.js').Failure} failure */
export function wordsOf(failure) {
  if (failure.code === 'teacher-trap') return t('course.trap');
  if (failure.code === 'course-other') return t('course.other');
  if (failure.code === 'too-long') return t('course.too-long', failure.details);
  if (failure.code === 'course-lost') return t('course.lost', failure.details);
  return sentenceOf(failure);
}

/** @param {HTMLElement} root @param {string} name @param {Teaching} teaching @param {{ engine: Engine, store: import('./store.js').Store }} page */
export function drawCourse(root, name, teaching, { engine, store }) {
  const { state } = teaching;
  const view = new CourseView(root, name, {
    wish: (patch) => (state.wish.value = { ...state.wish.peek(), ...patch }),
    base: () => void makeBase(teaching),
    adopt: () => void adopt(teaching, engine),
    chain: () => void growOne(teaching),
    pause: teaching.pause,
    stop: teaching.stop,
    remove: teaching.remove,
    branch: (id) => (state.branch.value = state.branch.peek() === id ? null : id),
    reset: teaching.reset,
  });
  paint(
    () => {
      const stages = state.stages.value;
      const measuring = state.measuring.value;
      const failure = state.failure.value;
      return {
        opening: state.opening.value,
        info: state.info.value,
        stages: stages.map((s, i) => ({
          id: s.id,
          name: t('stage.label', { number: s.id, name: nameOf(s.plan) }),
          about: aboutOf(teaching, s),
          figures: figuresOf(s),
          fresh: i === stages.length - 1,
          depth: depthOf(stages, s),
          from: state.branch.value === s.id,
          others: othersOf(teaching, s.id),
        })),
        running: runningOf(teaching),
        measuring: measuring && { name: labelOf(teaching, measuring.of), share: measuring.share },
        failure: failure && wordsOf(failure),
        restoring: state.restoring.value || state.kept.value === null,
        kept: keptOf(teaching),
        foreign: state.info.value !== null && state.info.value.recipe.lang !== lang.value,
        wish: state.wish.value,
        chain: chainAt(teaching),
        incomplete: isIncomplete(state),
        report: reportOf(teaching),
        // Behind the first chapter the figures come first.
        wide: name === 'course-ch5',
        own: ownOf(teaching),
        canAdopt: store.model.value !== null,
      };
    },
    (data) => view.update(data),
    root,
  );
  const place = document.createElement('div');
  root.after(place);
  drawGone(place, teaching);
}

/** Names of the stages that were made from one, and go with it when it is removed. @param {Teaching} teaching @param {number} id */
export const othersOf = (teaching, id) =>
  goneWith(teaching.state.stages.value, id).flatMap((s) => (s.id === id ? [] : [labelOf(teaching, s.id)]));

/** What was removed last, and the way back. @param {HTMLElement} root @param {Teaching} teaching */
export function drawGone(root, { state }) {
  const view = new GoneView(root, {
    undo: () => state.gone.peek()?.undo(),
    forget: () => state.gone.peek()?.forget(),
  });
  paint(
    () => {
      const gone = state.gone.value;
      const names = gone?.stages.map((s) => t('stage.label', { number: s.id, name: nameOf(s.plan) })) ?? [];
      return { words: gone ? t(gone.all ? 'gone.all' : 'gone.stages', { names: names.join(t('course.and')) }) : '' };
    },
    (data) => view.update(data),
    root,
  );
}

/** A base, and what it can. @param {Teaching} teaching */
export async function makeBase(teaching) {
  const stage = await teaching.learn({ kind: 'base', start: teaching.state.wish.peek().start });
  if (stage) await measureBase(teaching, stage.id);
}

/** @param {Teaching} teaching @param {number} id */
export async function measureBase(teaching, id) {
  for (const name of /** @type {const} */ (['plain', 'validation', 'lookBack'])) await teaching.measure(name, id);
}

/** The playground's model. @param {Teaching} teaching @param {Engine} engine */
async function adopt(teaching, engine) {
  try {
    const stage = await teaching.adopt(await engine.call('save', {}));
    if (stage) await measureBase(teaching, stage.id);
  } catch (error) {
    teaching.report(error);
  }
}

/** @param {HTMLElement} root @param {Teaching} teaching @param {'last' | 'tuned'} [usual]  what is compared where nobody chose */
export function drawDuel(root, teaching, usual = 'last') {
  const { state } = teaching;
  const view = new DuelView(root, {
    type: teaching.setQuestion,
    ask: () => void teaching.ask(),
    another: () => void teaching.another(),
    choose: (side, id) => {
      const [left, right] = pairOf(state, usual);
      const pair = /** @type {[number, number]} */ ([left ?? id, right ?? id]);
      pair[side] = id;
      teaching.compare(pair);
    },
  });
  paint(
    () => {
      const pair = pairOf(state, usual);
      const stages = state.stages.value;
      const options = stages.map(({ id }) => ({ id, name: labelOf(teaching, id) }));
      if (state.running.value && pair.includes(LEARNING))
        options.push({ id: LEARNING, name: labelOf(teaching, LEARNING) });
      const side = (/** @type {number | null} */ id) => ({
        id,
        aside: id === null ? '' : t(isBase(stages.find((s) => s.id === id)) ? 'duel.continues' : 'duel.answers'),
        spoken: id === null ? null : (state.answers.value.get(id) ?? null),
      });
      return {
        question: state.question.value,
        options,
        sides: /** @type {import('../views/duel.js').DuelData['sides']} */ ([side(pair[0]), side(pair[1])]),
        ready: stages.length > 0,
        wrong: state.wrong.value && wordsOf(state.wrong.value),
      };
    },
    (data) => view.update(data),
    root,
  );
}
