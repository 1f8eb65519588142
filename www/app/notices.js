/** Shows and withdraws notices. One of each kind at a time, newest last. */

/** @typedef {import('../views/notice.js').Notice} Notice */
/** @typedef {import('./store.js').Store} Store */

/** @param {Store} store */
export function createNotices({ notices }) {
  /** @param {string} id */
  const drop = (id) => {
    if (notices.peek().some((n) => n.id === id)) notices.value = notices.peek().filter((n) => n.id !== id);
  };
  return {
    drop,
    /** @param {Notice} notice */
    show(notice) {
      const others = notices.peek().filter((n) => n.id !== notice.id);
      notices.value = [...others, notice];
    },
    /** A way out that only closes the notice. @param {string} id @param {() => string} label */
    closing: (id, label) => ({ label, act: () => drop(id) }),
  };
}

/** @typedef {ReturnType<typeof createNotices>} Notices */
