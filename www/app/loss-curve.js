/** The training loss of every step, in a buffer that grows by doubling. */
export class LossCurve {
  #buffer = new Float32Array(1024);
  #length = 0;

  /** A view of all values, valid until the next write beyond the buffer. */
  get values() {
    return this.#buffer.subarray(0, this.#length);
  }

  /** @param {Float32Array} values */
  reset(values) {
    this.#length = 0;
    this.write(1, values);
  }

  /** Values of the steps from `firstStep` on; what was known of later steps is forgotten. @param {number} firstStep @param {Float32Array} values */
  write(firstStep, values) {
    const end = firstStep - 1 + values.length;
    if (end > this.#buffer.length) {
      const larger = new Float32Array(Math.max(end, 2 * this.#buffer.length));
      larger.set(this.values);
      this.#buffer = larger;
    }
    this.#buffer.set(values, firstStep - 1);
    this.#length = end;
  }
}
