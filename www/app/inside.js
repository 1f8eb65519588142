/**
 * The state of chapter 3: a copy of the model in the lab, what it does with the text, and what the learner changed in it.
 * The copy follows the model that learns at a calm pace; the text and the changes are followed at once.
 */

import { LabClient } from '../engine/lab-client.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { paced } from './paced.js';

/** @typedef {import('../engine/lab-protocol.js').LabReading} LabReading */
/** @typedef {import('../engine/lab-protocol.js').LabChanges} LabChanges */
/** @typedef {import('../engine/lab-protocol.js').Place} Place */

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

/** @type {LabChanges} */
export const UNCHANGED = { heads: [], mlps: [], edits: [] };

/** @param {LabChanges} c */
export const isChanged = (c) => c.heads.length + c.mlps.length + c.edits.length > 0;

/** @param {import('./store.js').Store} store */
export function createInsideState(store) {
  const reading = typed(/** @type {LabReading | null} */ (null));
  return {
    active: computed(() => store.screen.value === 'ch3'),
    facts: typed(/** @type {import('../engine/lab-protocol.js').LabFacts | null} */ (null)),
    reading,
    /** What the reading is of: the model, its text, its changes, a step of the past or null. @type {import('../vendor/signals/signals-core.js').Signal<readonly unknown[]>} */
    readingOf: typed(/** @type {readonly unknown[]} */ ([])),
    changes: typed(UNCHANGED),
    /** What was in force before the last change. @type {import('../vendor/signals/signals-core.js').Signal<LabChanges[]>} */
    undo: typed(/** @type {LabChanges[]} */ ([])),
    effects: typed(/** @type {Float32Array | null} */ (null)),
    /** Loss on text that the model never learned from, as it is and as it was changed. */
    heldOut: typed(/** @type {{ plain: number, changed: number, tokens: number } | null} */ (null)),
    look: typed(/** @type {import('../engine/lab-protocol.js').LabLook | null} */ (null)),
    /** Token whose way is looked at; -1: the model's first choice. */
    asked: typed(-1),
    /** Column of the cell that is taken apart; -1: the strongest. */
    column: typed(-1),
    cell: typed(/** @type {import('../engine/lab-protocol.js').Result<'cell'> | null} */ (null)),
    /** Numbers that were opened, one behind the other. */
    path: typed(/** @type {Place[]} */ ([])),
    sum: typed(/** @type {import('../engine/lab-protocol.js').LabSum | null} */ (null)),
    stages: typed(/** @type {{ place: Place, values: Float32Array }[]} */ ([])),
    stageLayer: typed(0),
    map: typed(/** @type {import('../engine/lab-protocol.js').LabMap | null} */ (null)),
    /** Token of the map whose neighbours are shown; -1: that of the selected one. */
    mapped: typed(-1),
    near: typed(/** @type {{ id: number, ids: Uint32Array, cosines: Float32Array } | null} */ (null)),
    /** Weight to be edited. */
    weight: typed(
      /** @type {{ tensor: number, row: number, column: number, index: number, value: number } | null} */ (null),
    ),
    /** Head that the learner has picked, and in which reading. @type {import('../vendor/signals/signals-core.js').Signal<{ layer: number, head: number, reading: LabReading } | null>} */
    picked: typed(/** @type {{ layer: number, head: number, reading: LabReading } | null} */ (null)),
    distance: typed(2),
    /** 'short': a name of a place takes more than half of the context. */
    recall: typed(/** @type {import('./inside-recall.js').Recalled | 'short' | null} */ (null)),
    race: typed(/** @type {{ pass: number, step: number } | null} */ (null)),
    beyond: typed(/** @type {import('../engine/lab-protocol.js').LabBeyond | null} */ (null)),
    /** What is being measured: 'race', 'beyond' or ''. */
    busy: typed(''),
    /** Row of the reading under the cursor. */
    row: computed(() => {
      const read = reading.value;
      if (!read || read.time === 0) return -1;
      return Math.min(read.time - 1, Math.max(0, store.cursor.value - read.first));
    }),
  };
}

/** @typedef {ReturnType<typeof createInsideState>} InsideState */

/**
 * @typedef {object} Parts
 * @property {InsideState} state
 * @property {import('./store.js').Store} store
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {LabClient} lab
 * @property {(error: unknown) => void} report
 */

export const createLab = () => new LabClient();

/** The copy of the model, its text and its changes. @param {Parts} parts */
function followModel({ state, store, engine, lab, report }) {
  /** What the lab holds. */
  let held = { model: /** @type {unknown} */ (null), step: -1, generation: -1 };
  paced(() => {
    const [model, text, changes] = [store.model.value, store.text.value, state.changes.value];
    const past = store.atStep.value;
    const step = past ?? store.step.value;
    if (!state.active.value || !model) return null;
    const of = [model, text, changes, past];
    return {
      key: of,
      task: async (signal) => {
        const known = held.model === model && held.generation === lab.generation;
        const fresh = known && held.step === step;
        if (fresh) {
          const before = state.reading.peek();
          const same = before !== null && shownText === text;
          const reading = same ? await lab.call('change', { changes }) : await readChanged(text, changes);
          if (!signal.aborted) show(reading, text, of);
          return;
        }
        if (!known || past === null) {
          const checkpoint = await engine.call('save', {});
          if (signal.aborted) return;
          const options = { transfer: [checkpoint.buffer] };
          // Another shape of model: what was changed in the old one has no place in it.
          const opened = await lab.call('open', { checkpoint, text, changes }, options);
          held = { model, step: opened.facts.step, generation: lab.generation };
          if (signal.aborted) return;
          if (past === null) return showOpened(opened, text, of);
        }
        // An earlier step of the same model.
        const params = await engine.call('weightsAt', { atStep: step });
        if (signal.aborted) return;
        const opened = await lab.call('reweigh', { params, step, text, changes }, { transfer: [params.buffer] });
        held = { ...held, step };
        if (!signal.aborted) showOpened(opened, text, of);
      },
    };
  }, report);

  /** @param {import('../engine/lab-protocol.js').Result<'open'>} opened @param {string} text @param {readonly unknown[]} of */
  function showOpened({ facts, reading }, text, of) {
    batch(() => {
      state.facts.value = facts;
      show(reading, text, of);
    });
  }

  let shownText = '';
  /** @param {LabReading} reading @param {string} text @param {readonly unknown[]} of */
  function show(reading, text, of) {
    shownText = text;
    batch(() => {
      state.reading.value = reading;
      state.readingOf.value = of;
    });
  }

  /** The lab keeps its changes while another text is read. @param {string} text @param {LabChanges} changes */
  async function readChanged(text, changes) {
    await lab.call('read', { text });
    return lab.call('change', { changes });
  }
}

/** Whether the lab has read what the page shows: right after a change it still holds what was before. @param {Parts} parts */
const isCurrent = ({ state, store }) =>
  [store.model.value, store.text.value, state.changes.value, store.atStep.value].every(
    (value, i) => value === state.readingOf.value[i],
  );

/** Asks anew whenever the reading or what `read` gives has changed. @param {Parts} parts @param {() => readonly unknown[] | null} read @param {(signal: AbortSignal) => Promise<void>} task @param {boolean} [calm]  a reading of a later step waits for its turn */
function follow({ state, report }, read, task, calm = false) {
  paced(() => {
    const reading = state.reading.value;
    const more = read();
    if (!state.active.value || !reading || !more) return null;
    return { key: calm ? more : [reading, ...more], task };
  }, report);
}

/** The position under the cursor. @param {Parts} parts */
function followLook(parts) {
  const { state, lab } = parts;
  follow(
    parts,
    () => (state.row.value < 0 ? null : [state.row.value, state.asked.value]),
    async (signal) => {
      const look = await lab.call('look', { row: state.row.peek(), id: state.asked.peek() }, { signal });
      if (!signal.aborted) state.look.value = look;
    },
  );
}

/** Column that a row looks at most. @param {LabReading} reading @param {number} layer @param {number} head @param {number} row @param {number} [last]  column that is counted last */
export function strongest({ attention, heads, time }, layer, head, row, last = row) {
  const from = ((layer * heads + head) * time + row) * time;
  let best = 0;
  for (let j = 1; j <= last; j++) if (attention[from + j] > attention[from + best]) best = j;
  return best;
}

/** The cell of the matrix, and the stages of the position. @param {Parts & { head: () => { layer: number, head: number } }} parts */
function followCell(parts) {
  const { state, lab, head: headOf } = parts;
  follow(
    parts,
    () => (state.row.value < 0 ? null : [state.row.value, state.column.value, headOf().layer, headOf().head]),
    async (signal) => {
      const reading = state.reading.peek();
      if (!reading) return;
      const { layer, head } = headOf();
      const row = state.row.peek();
      const chosen = state.column.peek();
      const column = chosen < 0 || chosen > row ? strongest(reading, layer, head, row) : chosen;
      const cell = await lab.call('cell', { layer, head, row, column }, { signal });
      if (!signal.aborted) state.cell.value = cell;
    },
  );
}

/** @param {Parts} parts */
function followSum(parts) {
  const { state, lab } = parts;
  follow(
    parts,
    () => [state.path.value],
    async (signal) => {
      const place = state.path.peek().at(-1);
      const reading = state.reading.peek();
      if (!place || !reading || place.row >= reading.time) {
        state.sum.value = null;
        return;
      }
      const sum = await lab.call('sum', place, { signal });
      if (!signal.aborted) state.sum.value = sum;
    },
  );
}

/** @param {Parts & { stages: () => Place[] }} parts */
function followStages(parts) {
  const { state, lab, stages } = parts;
  follow(
    parts,
    () => (state.row.value < 0 ? null : [state.row.value, state.stageLayer.value, state.facts.value]),
    async (signal) => {
      const all = await Promise.all(
        stages().map(async (place) => ({ place, values: await lab.call('vector', place, { signal }) })),
      );
      if (!signal.aborted) state.stages.value = all;
    },
  );
}

/** The weight that may be edited, as it is in the copy that is shown. @param {Parts} parts */
function followWeight(parts) {
  const { state, lab } = parts;
  follow(
    parts,
    () => (state.weight.value ? [state.weight.value.index] : null),
    async (signal) => {
      const index = state.weight.peek()?.index ?? 0;
      const value = await lab.call('weight', { index }, { signal });
      const chosen = state.weight.peek();
      if (signal.aborted || chosen?.index !== index || chosen.value === value) return;
      state.weight.value = { ...chosen, value };
    },
  );
}

/** @param {Parts} parts */
function followEffects(parts) {
  const { state, store, lab } = parts;
  const of = () => [store.model.value, store.text.value, state.changes.value, store.atStep.value];
  // What belongs to another text, step or change is no longer told.
  effect(() => {
    of();
    state.effects.value = null;
  });
  follow(
    parts,
    () => (isCurrent(parts) ? of() : null),
    async (signal) => {
      if (state.row.peek() < 0) {
        state.effects.value = null;
        return;
      }
      const effects = await lab.call('effects', {}, { signal });
      if (!signal.aborted) state.effects.value = effects;
    },
    true,
  );
}

/** @param {Parts} parts */
function followHeldOut(parts) {
  const { state, store, lab } = parts;
  const of = () => [store.model.value, state.changes.value, store.atStep.value];
  effect(() => {
    of();
    state.heldOut.value = null;
  });
  follow(
    parts,
    () => (isCurrent(parts) ? of() : null),
    async (signal) => {
      const heldOut = await lab.call('heldOut', {}, { signal });
      if (!signal.aborted) state.heldOut.value = heldOut;
    },
    true,
  );
}

/** @param {Parts} parts */
function followMap(parts) {
  const { state, store, lab } = parts;
  /** Axes belong to one model. @type {unknown} */
  let of = null;
  follow(
    parts,
    () => [store.model.value, state.changes.value, store.atStep.value],
    async (signal) => {
      const model = store.model.peek();
      const before = (of === model && state.map.peek()?.axes) || new Float32Array();
      const map = await lab.call('map', { before }, { signal });
      if (signal.aborted) return;
      of = model;
      state.map.value = map;
    },
    true,
  );
  follow(
    parts,
    () => {
      const id = mappedId(state);
      return id < 0 ? null : [id];
    },
    async (signal) => {
      const id = mappedId(state);
      if (id < 0 || id >= (state.reading.peek()?.vocabSize ?? 0)) return;
      const found = await lab.call('neighbours', { id }, { signal });
      if (!signal.aborted) state.near.value = { id, ...found };
    },
  );
}

/** Token of the map that is looked at. @param {InsideState} state */
export function mappedId(state) {
  if (state.mapped.value >= 0) return state.mapped.value;
  const reading = state.reading.value;
  return reading && state.row.value >= 0 ? reading.tokens.ids[reading.first + state.row.value] : -1;
}

/** @param {Parts & { head: () => { layer: number, head: number }, stages: () => Place[] }} parts */
export function followInside(parts) {
  followModel(parts);
  followLook(parts);
  followCell(parts);
  followSum(parts);
  followStages(parts);
  followWeight(parts);
  followEffects(parts);
  followHeldOut(parts);
  followMap(parts);
}

/** Changes the copy; the change before it can be had back. @param {InsideState} state @param {LabChanges} changes */
export function change(state, changes) {
  batch(() => {
    state.undo.value = [...state.undo.peek(), state.changes.peek()].slice(-50);
    state.changes.value = changes;
  });
}

/** @param {InsideState} state */
export function undoChange(state) {
  const last = state.undo.peek().at(-1);
  if (!last) return;
  batch(() => {
    state.undo.value = state.undo.peek().slice(0, -1);
    state.changes.value = last;
  });
}
