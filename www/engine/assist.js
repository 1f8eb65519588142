/**
 * A helper's side: gradients for the worker that trains, one shard after the other.
 *
 * It knows the model's weights as they were last sent and nothing else of the run, so it can be replaced at any time.
 * Arrays go back and forth: what brought weights brings the next gradient home. The page, which started this worker,
 * gives it the port to the engine's worker once it has said that it is here.
 */

import { trapped } from './failure.js';

/** @typedef {import('./module.js').Helper} Helper */
/** @typedef {import('./protocol.js').ToHelper} ToHelper */
/** @typedef {import('./protocol.js').FromHelper} FromHelper */

/** @param {() => Promise<import('./module.js').LoadedEngine>} load */
export function assist(load) {
  const loading = load();
  /** @type {Helper | null} */
  let helper = null;
  /** @type {Float32Array[]} */
  let spare = [];
  /** @type {MessagePort | null} */
  let port = null;
  /** @param {FromHelper} message @param {Transferable[]} [transfer] */
  const post = (message, transfer = []) => port?.postMessage(message, transfer);
  let dead = false;
  /** @param {unknown} error */
  const fail = (error) => {
    if (!dead) post({ failed: trapped(error) });
    dead = true;
  };

  /** @param {import('./module.js').LoadedEngine} engine @param {ToHelper} message */
  function handle({ module, memory }, message) {
    if ('lesson' in message) {
      helper?.free();
      helper = new module.Helper(message.lesson);
      spare = [];
    } else if ('weights' in message) {
      helper?.setWeights(message.weights);
      spare.push(message.weights, ...message.spare);
    } else if (helper) {
      const { round, shard, rows } = message;
      const gradient = spare.pop() ?? new Float32Array(message.length);
      const lossNats = helper.gradient(rows.tokens, rows.targets, rows.weights, gradient);
      post({ round, shard, lossNats, gradient, memoryBytes: memory.buffer.byteLength }, [gradient.buffer]);
    }
  }

  // Messages keep their order while the engine is being loaded: they all wait for the same promise.
  const receive = (/** @type {MessageEvent} */ { data }) =>
    void loading.then((engine) => dead || handle(engine, data)).catch(fail);
  self.onmessage = ({ data }) => {
    port = /** @type {MessagePort} */ (data);
    port.onmessage = receive;
    loading.then(({ memory }) => post({ ready: true, memoryBytes: memory.buffer.byteLength }), fail);
  };
  self.postMessage('here');
}
