/** How V8 is told to run this program. The core never imports this. */
import { setFlagsFromString } from 'node:v8';

/** V8 before 12 (Node 20) counts what was executed until it optimises, later ones how often a function was called. Both nine times what is usual. */
const late = Number.parseInt(process.versions.v8, 10) < 12 ? '--interrupt-budget=600000' : '--invocation-count-for-turbofan=27000';

/**
 * To be called before the program is read: compiled code is kept by the flags that it was read with. V8 optimises what has run for a while,
 * for what it has seen of it; the next driver is another one, and the optimised code is thrown away. Waiting nine times as long saves a
 * quarter of the time of a check of many files, and of the opening of a file. A long simulation runs one thing for long:
 * `driver-mmap simulate` keeps V8's own measure.
 */
export function optimiseLate(): void {
  setFlagsFromString(late);
}

/**
 * For processes that read many texts, one file after the other or one version of a file after the other: what one needs is garbage when
 * the next one begins, and a heap that grows slowly stays a third smaller, for little time. The language server says so once it is warm:
 * what it opens first is not slowed.
 */
export function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=60');
}

/** Takes `growSlowly` back. */
export function growAsUsual(): void {
  setFlagsFromString('--heap-growing-percent=0');
}
