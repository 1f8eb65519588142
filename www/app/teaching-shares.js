/** Right answers as a share. */

/** @param {import('../engine/teacher-protocol.js').Findings | undefined} found */
export function shareOf(found) {
  const all = (found?.shares ?? []).reduce((sum, { right, asked }) => [sum[0] + right, sum[1] + asked], [0, 0]);
  return all[1] > 0 ? { share: all[0] / all[1], right: all[0], asked: all[1] } : null;
}
