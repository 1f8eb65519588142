/** A helper as the training worker sees it: what it was given, and the arrays that travel between the two. */

/** @typedef {import('./module.js').Engine} Engine */
/** @typedef {import('./protocol.js').ToHelper} ToHelper */
/** @typedef {import('./protocol.js').FromHelper} FromHelper */
/** @typedef {Extract<FromHelper, { gradient: Float32Array }>} Answer */

export class Helper {
  /** The engine is loaded there. */
  ready = false;
  /** When it last gave a sign, or was last given something while it had nothing to do. */
  heardAt = 0;
  /** Of its engine's memory, as it last told. */
  memoryBytes = 0;
  /** Shards of the present round that it owes. @type {Set<number>} */
  owes = new Set();
  #hired;
  #lesson = '';
  /** Round whose weights it has. */
  #round = -1;
  /** Arrays to be used again, of the length of the present lesson. @type {Float32Array[]} */
  #spare = [];

  /**
   * @param {import('./hire.js').Hired} hired
   * @param {{ ready: (helper: Helper) => void, answered: (helper: Helper, answer: Answer) => void, lost: (helper: Helper) => void }} on
   */
  constructor(hired, on) {
    this.#hired = hired;
    hired.port.onmessage = ({ data }) => this.#receive(data, on);
  }

  /** @param {FromHelper} message @param {ConstructorParameters<typeof Helper>[1]} on */
  #receive(message, on) {
    if ('memoryBytes' in message) this.memoryBytes = message.memoryBytes;
    if ('ready' in message) {
      this.ready = true;
      on.ready(this);
    } else if ('failed' in message) on.lost(this);
    else on.answered(this, message);
  }

  /**
   * Asks for the gradient of a shard; sends before it what the helper does not know yet.
   * @param {Engine} run @param {string} lesson @param {number} round @param {number} shard @param {number} now
   */
  give(run, lesson, round, shard, now) {
    const length = run.weightCount();
    if (this.#lesson !== lesson) {
      this.#lesson = lesson;
      this.#spare = [];
      this.#post({ lesson });
    }
    if (this.#round !== round) {
      this.#round = round;
      const weights = this.#spare.pop() ?? new Float32Array(length);
      run.copyWeights(weights);
      const spare = this.#spare.splice(0);
      this.#post({ weights, spare }, [weights.buffer, ...spare.map(({ buffer }) => buffer)]);
    }
    if (this.owes.size === 0) this.heardAt = now;
    this.owes.add(shard);
    this.#post({ round, shard, length, rows: run.shardBatch(shard) });
  }

  /** Takes back an array whose gradient was added. @param {Float32Array} gradient @param {string} lesson */
  takeBack(gradient, lesson) {
    if (lesson === this.#lesson) this.#spare.push(gradient);
  }

  end() {
    this.#hired.port.onmessage = null;
    this.#hired.dismiss();
  }

  /** @param {ToHelper} message @param {Transferable[]} [transfer] */
  #post(message, transfer = []) {
    this.#hired.port.postMessage(message, transfer);
  }
}
