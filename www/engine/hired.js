/** Helpers as the page holds them: it starts and ends workers, and hands each the port to the engine's worker. */

import { trapped } from './failure.js';

export class Hired {
  /** @type {Map<number, Worker>} */
  #workers = new Map();

  /** @param {Extract<import('./protocol.js').Notification, { event: 'hire' | 'dismiss' }>} asked */
  tell(asked) {
    if (asked.event === 'dismiss') this.#end(asked.id);
    else this.#start(asked);
  }

  /** Ends all of them. */
  clear() {
    for (const id of [...this.#workers.keys()]) this.#end(id);
  }

  /** @param {{ id: number, script: string, port: MessagePort }} asked */
  #start({ id, script, port }) {
    const failed = (/** @type {unknown} */ error) => port.postMessage({ failed: trapped(error) });
    try {
      const worker = new Worker(script, { type: 'module', name: 'glassgpt helper' });
      // Its first word says that the script runs; a port that went to a script that never comes would be silent.
      worker.onmessage = () => worker.postMessage(port, [port]);
      worker.onerror = (event) => {
        event.preventDefault();
        failed(event.message ?? 'the script of a helper could not be loaded');
      };
      this.#workers.set(id, worker);
    } catch (error) {
      failed(error);
    }
  }

  /** @param {number} id */
  #end(id) {
    this.#workers.get(id)?.terminate();
    this.#workers.delete(id);
  }
}
