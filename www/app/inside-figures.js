/** The figures of chapter 3: what each shows, what its events do. */

import { PARTS } from '../engine/lab-protocol.js';
import { batch } from '../vendor/signals/signals-core.js';
import { AblationView } from '../views/ablation.js';
import { AttentionView } from '../views/attention.js';
import { CellView } from '../views/cell.js';
import { EditView, sizeOf } from '../views/edit.js';
import { HabitsView } from '../views/habits.js';
import { LensView } from '../views/lens.js';
import { MapView } from '../views/map.js';
import { BeyondView, RaceView } from '../views/measure.js';
import { PrefixView } from '../views/prefix.js';
import { RecallView } from '../views/recall.js';
import { SumView } from '../views/sum.js';
import { WalkView } from '../views/walk.js';
import { isCancelled } from './failures.js';
import { figurePlace } from './figure.js';
import { change, isChanged, mappedId, strongest, UNCHANGED, undoChange } from './inside.js';
import { paint } from './paint.js';
import { headOf, noticesAt } from './shown.js';

/** @typedef {import('../engine/lab-protocol.js').Place} Place */
/**
 * @typedef {object} Parts
 * @property {import('./inside.js').InsideState} state
 * @property {import('./store.js').Store} store
 * @property {import('./reading.js').Reading} reading
 * @property {import('../engine/lab-client.js').LabClient} lab
 * @property {(text: string) => void} typed
 * @property {(error: unknown) => void} report
 * @property {import('../views/chapter.js').ChapterView} view
 */

/** Tokens in a matrix: the largest context that the settings allow. */
const WINDOW = 256;
const RACE_MS = 250;

/** A place of a figure. @param {Parts} parts @param {number} part @param {import('./figure.js').Origin} [origin] */
const figure = ({ view }, part, origin = 'measured') => figurePlace(view, part, origin);

/** Heads and MLPs that are off, as the views name them. @param {import('./inside.js').InsideState} state */
export function offSet({ changes, reading }) {
  const heads = reading.value?.heads ?? 1;
  const { heads: off, mlps } = changes.value;
  return new Set([...off.map((i) => `${Math.floor(i / heads)},${i % heads}`), ...mlps.map((l) => `${l},mlp`)]);
}

/** Opens a number: a new path, or one step more. @param {Parts} parts @param {boolean} fresh */
const opener =
  ({ state }, fresh) =>
  (/** @type {Place} */ place) => {
    state.path.value = fresh ? [place] : [...state.path.peek(), place].slice(-12);
  };

/** The learner picks a head. @param {Pick<Parts, 'store' | 'state'>} parts @param {number} layer @param {number} head */
export function chooseHead({ store, state }, layer, head) {
  batch(() => {
    store.layer.value = layer;
    store.head.value = head;
    state.column.value = -1;
    const reading = state.reading.peek();
    state.picked.value = reading && { layer, head, reading };
  });
}

/** @param {Parts} parts */
function attention(parts) {
  const { state, store, reading } = parts;
  const box = figure(parts, 0);
  const text = new PrefixView(box, {
    text: parts.typed,
    select: reading.select,
    hover: (i) => (store.hovered.value = i),
  });
  paint(
    () => ({
      text: store.text.value,
      tokens: store.tokens.value,
      selected: store.cursor.value,
      hovered: store.hovered.value,
      notice: noticesAt(store, 'text'),
    }),
    (data) => text.update(data),
    box,
  );
  const place = figure(parts, 0);
  const view = new AttentionView(
    place,
    {
      select(i) {
        state.column.value = -1;
        reading.select(i);
      },
      hover: (i) => (store.hovered.value = i),
      head: (layer, head) => chooseHead(parts, layer, head),
      cell(_, column) {
        state.column.value = column;
      },
      atStep: reading.showStep,
    },
    { window: WINDOW, id: 'chapter-attention', large: true },
  );
  paint(
    () => {
      const read = state.reading.value;
      return {
        tokens: read?.tokens ?? null,
        // Attention needs no predictions.
        inspection: /** @type {import('../engine/protocol.js').Inspection | null} */ (/** @type {unknown} */ (read)),
        selected: store.cursor.value,
        hovered: store.hovered.value,
        ...headOf(store),
        step: store.step.value,
        atStep: store.atStep.value,
        learning: store.running.value,
        keptSteps: store.keptSteps.value,
        theme: store.theme.value,
        off: offSet(state),
        column: store.hovered.value < 0 ? state.column.value : -1,
      };
    },
    (data) => view.update(data),
    place,
  );
}

/** The cell that is taken apart. @param {Parts} parts */
function cellOf({ state, store }) {
  const reading = state.reading.value;
  const [row, { layer, head }] = [state.row.value, headOf(store)];
  const chosen = state.column.value;
  const column = !reading || row < 0 ? 0 : chosen < 0 || chosen > row ? strongest(reading, layer, head, row) : chosen;
  return { layer, head, row, column };
}

/** @param {Parts} parts */
function arithmetic(parts) {
  const { state, store } = parts;
  const place = figure(parts, 1);
  const view = new CellView(place, { open: opener(parts, true), column: (j) => (state.column.value = j) });
  paint(
    () => ({
      reading: state.reading.value,
      cell: state.cell.value,
      headDim: state.facts.value?.headDim ?? 1,
      ...cellOf(parts),
    }),
    (data) => view.update(data),
    place,
  );
  const sumPlace = figure(parts, 1, 'derived');
  const sum = new SumView(sumPlace, {
    open: opener(parts, false),
    back: (i) => (state.path.value = state.path.peek().slice(0, i + 1)),
  });
  paint(
    () => ({ path: state.path.value, sum: state.sum.value, reading: state.reading.value }),
    (data) => sum.update(data),
    sumPlace,
  );
  const walkPlace = figure(parts, 1);
  const walk = new WalkView(walkPlace, {
    open: opener(parts, true),
    layer: (l) => (state.stageLayer.value = l),
  });
  paint(
    () => ({
      stages: state.stages.value,
      facts: state.facts.value,
      reading: state.reading.value,
      vocabulary: store.vocabulary.value,
      layer: Math.min(state.stageLayer.value, (state.facts.value?.config.layers ?? 1) - 1),
      row: state.row.value,
    }),
    (data) => walk.update(data),
    walkPlace,
  );
}

/** Stages of the walk: from the stream in front of a block to the prediction. @param {Parts} parts @returns {Place[]} */
export function stagesOf({ state, store }) {
  const config = state.facts.peek()?.config;
  const layer = Math.min(state.stageLayer.peek(), (config?.layers ?? 1) - 1);
  const { head } = headOf(store);
  const place = (/** @type {(typeof PARTS)[number]} */ part, l = layer) => ({
    part: PARTS.indexOf(part),
    layer: l,
    row: state.row.peek(),
    head,
    column: 0,
  });
  const inner =
    config?.mlp === 'swiGlu'
      ? /** @type {const} */ (['inner', 'up', 'active'])
      : /** @type {const} */ (['inner', 'active']);
  return [
    ...[
      'residual',
      'norm1',
      'projected',
      'qkv',
      'score',
      'weight',
      'mixed',
      'attention',
      'middle',
      'norm2',
      ...inner,
      'mlp',
    ].map((part) => place(/** @type {(typeof PARTS)[number]} */ (part))),
    place('residual', layer + 1),
    place('hidden'),
    place('logit'),
    place('probability'),
  ];
}

/** @param {Parts} parts */
function habits(parts) {
  const { state, store } = parts;
  const place = figure(parts, 2);
  const view = new HabitsView(place, { head: (layer, head) => chooseHead(parts, layer, head) });
  paint(
    () => ({ reading: state.reading.value, ...headOf(store) }),
    (data) => view.update(data),
    place,
  );
}

/** A part in or out of a list. @template T @param {T[]} list @param {T} item */
const toggled = (list, item) => (list.includes(item) ? list.filter((x) => x !== item) : [...list, item]);

/** @param {Parts} parts */
function ablation(parts) {
  const { state, store } = parts;
  const place = figure(parts, 3);
  const view = new AblationView(place, {
    toggle(key) {
      const [layer, name] = key.split(',');
      const now = state.changes.peek();
      const heads = state.reading.peek()?.heads ?? 1;
      const next =
        name === 'mlp'
          ? { mlps: toggled(now.mlps, Number(layer)) }
          : { heads: toggled(now.heads, Number(layer) * heads + Number(name)) };
      change(state, { ...now, ...next });
    },
    reset: () => change(state, UNCHANGED),
    undo: () => undoChange(state),
  });
  paint(
    () => ({
      reading: state.reading.value,
      effects: state.effects.value,
      heldOut: state.heldOut.value,
      off: offSet(state),
      changed: isChanged(state.changes.value),
      canUndo: state.undo.value.length > 0,
      look: state.look.value,
      vocabulary: store.vocabulary.value,
      learning: store.running.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function lens(parts) {
  const { state, store } = parts;
  const place = figure(parts, 4, 'derived');
  const view = new LensView(place, { ask: (id) => (state.asked.value = id) });
  paint(
    () => ({
      look: state.look.value,
      reading: state.reading.value,
      row: state.row.value,
      vocabulary: store.vocabulary.value,
      learning: store.running.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function map(parts) {
  const { state, store } = parts;
  const place = figure(parts, 5, 'derived');
  const view = new MapView(place, { select: (id) => (state.mapped.value = id) });
  paint(
    () => ({
      map: state.map.value,
      near: state.near.value,
      selected: mappedId(state),
      vocabulary: store.vocabulary.value,
      inText: state.reading.value?.tokens.ids ?? null,
      step: state.reading.value?.step ?? 0,
      theme: store.theme.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function edit(parts) {
  const { state, store } = parts;
  const place = figure(parts, 6);
  const view = new EditView(place, {
    choose: (tensor, row, column) => void chooseWeight(parts, tensor, row, column),
    set(value) {
      const chosen = state.weight.peek();
      if (!chosen) return;
      const now = state.changes.peek();
      const others = now.edits.filter((e) => e.index !== chosen.index);
      change(state, { ...now, edits: value === null ? others : [...others, { index: chosen.index, value }] });
    },
    undo: () => undoChange(state),
  });
  paint(
    () => {
      const chosen = state.weight.value;
      return {
        facts: state.facts.value,
        reading: state.reading.value,
        chosen,
        edited: state.changes.value.edits.find((e) => e.index === chosen?.index)?.value ?? null,
        changed: isChanged(state.changes.value),
        canUndo: state.undo.value.length > 0,
        look: state.look.value,
        vocabulary: store.vocabulary.value,
      };
    },
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts @param {number} tensor @param {number} row @param {number} column */
export async function chooseWeight({ state, lab, report }, tensor, row, column) {
  const of = state.facts.peek()?.tensors[tensor];
  if (!of) return;
  const index = of.offset + row * sizeOf(of)[1] + column;
  try {
    const value = await lab.call('weight', { index });
    state.weight.value = { tensor, row, column, index, value };
  } catch (error) {
    report(error);
  }
}

/** Attempts at a measurement: a model in training is opened anew every few seconds, which ends one that runs. */
const ATTEMPTS = 5;

/** Measures once. @param {Parts} parts @param {'race' | 'beyond'} what @param {() => Promise<void>} task */
async function measured({ state, report }, what, task) {
  if (state.busy.peek()) return;
  state.busy.value = what;
  try {
    for (let left = ATTEMPTS; left > 0; left--) {
      try {
        await task();
        break;
      } catch (error) {
        if (left === 1 || !isCancelled(error)) throw error;
      }
    }
  } catch (error) {
    report(error);
  } finally {
    state.busy.value = '';
  }
}

/** @param {Parts} parts */
function reach(parts) {
  const { state, lab } = parts;
  const place = figure(parts, 7);
  const view = new RecallView(place, { distance: (n) => (state.distance.value = n) });
  paint(
    () => ({ recall: state.recall.value, distance: state.distance.value }),
    (data) => view.update(data),
    place,
  );
  const beyondPlace = figure(parts, 7);
  const beyond = new BeyondView(beyondPlace, {
    measure: () =>
      void measured(parts, 'beyond', async () => {
        state.beyond.value = await lab.call('beyond', {});
      }),
  });
  paint(
    () => ({ beyond: state.beyond.value, busy: state.busy.value === 'beyond', ready: state.reading.value !== null }),
    (data) => beyond.update(data),
    beyondPlace,
  );
}

/** @param {Parts} parts */
function parallel(parts) {
  const { state, lab } = parts;
  const place = figure(parts, 8);
  const view = new RaceView(place, {
    measure: () =>
      void measured(parts, 'race', async () => {
        state.race.value = await lab.call('race', { ms: RACE_MS });
      }),
  });
  paint(
    () => ({
      race: state.race.value,
      busy: state.busy.value === 'race',
      ready: state.reading.value !== null,
      context: state.facts.value?.config.context ?? 0,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
export function drawInside(parts) {
  for (const draw of [attention, arithmetic, habits, ablation, lens, map, edit, reach, parallel]) draw(parts);
}
