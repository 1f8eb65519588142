/**
 * A macrotask boundary: pending messages are handled before the promise resolves.
 *
 * A message channel, because `setTimeout` waits at least 4 ms when nested and a second or more in a hidden tab.
 */

/** @returns {{ breathe: () => Promise<void>, close: () => void }} */
export function breathing() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    breathe: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
      }),
    close: () => port1.close(),
  };
}
