/**
 * Times training steps by one worker and by several, in turns, on one run: `cargo xtask bench workers`.
 * What is timed is the page's own crew; evaluations and samples come between steps and are left out.
 */
import { breathing } from '/engine/breathe.js';
import { Crew } from '/engine/crew.js';
import { hire } from '/engine/hire.js';
import { loadEngine } from '/engine/loader.js';

const { breathe } = breathing();
let wake = () => {};

const spawn = () => hire((asked, transfer) => self.postMessage(asked, { transfer }), '/engine/shard.js');
const crewOf = (/** @type {any} */ run, /** @type {number} */ workers) => {
  const crew = new Crew({ spawn, now: () => performance.now(), wake: () => wake(), cores: workers });
  crew.plan(run, workers);
  return crew;
};

/** Milliseconds of one step. @param {any} run @param {Crew} crew */
async function step(run, crew) {
  while (run.hasTask()) run.doTask();
  const [goal, start] = [run.step() + 1, performance.now()];
  while (run.step() < goal) {
    const woken = new Promise((resolve) => (wake = () => resolve(undefined)));
    if (!crew.advance(run)) await woken;
    if (crew.size > 1) await breathe();
  }
  return performance.now() - start;
}

self.onmessage = async ({ data: { settings, text, counts, turns, steps } }) => {
  const { module } = await loadEngine();
  const opening = module.Opening.fresh(settings, text);
  while (!opening.advance(() => {}));
  const run = /** @type {any} */ (opening.finish());
  const crews = counts.map((/** @type {number} */ workers) => crewOf(run, workers));
  for (const crew of crews) while (crew.size < counts[crews.indexOf(crew)]) await new Promise((r) => setTimeout(r, 50));
  const times = counts.map(() => /** @type {number[]} */ ([]));
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, crew] of crews.entries()) {
      for (let k = 0; k < steps; k++) {
        const ms = await step(run, crew);
        // The first turn is for the browser, which compiles hot loops better while they run; so is each first step.
        if (turn > 0 && k > 0) times[i].push(ms);
      }
    }
  }
  const { parameters, flopsPerStep } = run.facts();
  self.postMessage({ times, parameters, flopsPerStep, shards: run.shards() });
};
