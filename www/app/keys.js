/** The page's keys. A text field keeps all of its keys, a focused control those that it knows itself. */

/** @param {Element} element */
function kindOf(element) {
  if (element.closest('textarea, select, dialog, [contenteditable]')) return 'typing';
  if (element instanceof HTMLInputElement) {
    return element.type === 'range'
      ? 'range'
      : element.type === 'checkbox' || element.type === 'radio'
        ? 'button'
        : 'typing';
  }
  return element.closest('button, a, summary') ? 'button' : 'page';
}

/** Keys that a control of a kind keeps for itself. */
const OWN = {
  range: new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']),
  button: new Set([' ', 'Enter']),
  page: new Set(),
};

/**
 * @param {Record<string, () => void>} actions  by the value of `KeyboardEvent.key`; letters in lower case
 * @returns {() => void} ends it
 */
export function listenToKeys(actions) {
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // 229: a key that an input method has taken.
    if (event.isComposing || event.keyCode === 229) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const kind = kindOf(target);
    if (kind === 'typing' || document.querySelector('dialog[open]') || OWN[kind].has(event.key)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!Object.hasOwn(actions, name)) return;
    event.preventDefault();
    // A held key repeats movement, never a start or a stop.
    if (!event.repeat || name.startsWith('Arrow') || name === '[' || name === ']') actions[name]();
  };
  window.addEventListener('keydown', pressed);
  return () => window.removeEventListener('keydown', pressed);
}
