/** When a server that keeps ending by itself is left alone. */

/** Milliseconds. */
const span = 3 * 60 * 1000;
const most = 5;

/** Whether a server whose ends were at these times (milliseconds, the last one now) is to be started again. */
export function mayStartAgain(ends: readonly number[]): boolean {
  const now = ends.at(-1) ?? 0;
  return ends.filter((end) => now - end <= span).length < most;
}
