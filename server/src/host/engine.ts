/** How V8 is told to run this program. The core never imports this. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 before 12 (Node 20) counts what was executed until it optimises, later ones how often a function was called. */
const countsBytes = Number.parseInt(process.versions.v8, 10) < 12;

/** Nine times what is usual, and 22 times. */
const late = countsBytes ? '--interrupt-budget=600000' : '--invocation-count-for-turbofan=27000';
const veryLate = countsBytes ? '--interrupt-budget=1500000' : '--invocation-count-for-turbofan=67500';

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
 * For a check of many files by several threads, once they have read the program: each optimises for itself, so that it pays even later
 * than for one. What one file needs is garbage when the next one begins: a heap that only doubles until it is looked through takes less
 * memory, for little time. `optimiseLate` and `growAsUsual` take it back.
 */
export function optimiseForThreads(): void {
  setFlagsFromString(veryLate);
  setFlagsFromString('--heap-growing-percent=100');
}

/**
 * For a language server once it is warm, so that what it opens first is not slowed: what one version of a file needs is garbage when the
 * next one begins, and a heap that grows slowly stays a third smaller, for little time.
 */
export function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=40');
  growNoNewSpace();
}

/** For a process whose pieces of work are small: the space for new objects stays as large as it is by now. */
export function growNoNewSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Takes back how the others let the heap grow. */
export function growAsUsual(): void {
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--semi-space-growth-factor=2');
}

let collect: (() => void) | undefined;

/** Frees what is garbage, and gives its memory back to the system. Takes tens of milliseconds, for when nobody waits. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}
