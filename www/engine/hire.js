/**
 * Helpers as the engine's worker asks for them. The page starts and ends them (`hired.js`): a worker that starts another
 * one locks up for good in Firefox now and then.
 */

/** @typedef {{ port: MessagePort, dismiss: () => void }} Hired  the way to a helper, and its end */

let count = 0;

/**
 * @param {(notification: import('./protocol.js').Notification, transfer: Transferable[]) => void} post  to the page
 * @param {string} script  address of the helper's script
 * @returns {Hired} at once: what is posted to the port waits until the helper listens
 */
export function hire(post, script) {
  const { port1, port2 } = new MessageChannel();
  const id = count++;
  post({ event: 'hire', id, script, port: port2 }, [port2]);
  return {
    port: port1,
    dismiss: () => {
      port1.close();
      post({ event: 'dismiss', id }, []);
    },
  };
}
