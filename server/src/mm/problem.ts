/**
 * What can go wrong in the modelled kernel, as data. A problem is reported once, where it happens; the ones that end the
 * running kernel path (BUG, oops, endless fault) are also thrown as a `KernelStop`, which only the functions for user
 * actions catch. Callers outside this folder never see an exception.
 */
import type { MmapLock } from './mm.ts';
import type { Vma } from './vma.ts';

/** The kinds of problems, each with what it means. */
export const problemKinds = {
  bug: 'the kernel stops with `kernel BUG at …`',
  oops: 'the kernel dereferences a bad pointer',
  warning: 'the kernel prints a warning with a stack trace and goes on',
  'bad-page-map': '`BUG: Bad page map`: a pte that the vma does not explain',
  'bad-page-state': '`BUG: Bad page state`: a page is freed that is still in use, or a used one is handed out',
  'bad-rss': '`BUG: Bad rss-counter state` at exit',
  'refcount-underflow': 'a reference is given back that nobody holds',
  'use-after-free': 'user space reaches memory after the driver freed it',
  'freed-while-mapped': 'memory is freed while ptes that do not hold a reference still lead to it',
  'foreign-memory': 'user space gets memory that the driver does not own',
  'uninitialised-memory': 'user space reads kernel memory that nobody initialised',
  'read-only-write': 'user space writes what must stay as it is: the page of zeros, read-only data of the kernel',
  leak: 'memory that nobody can give back any more',
  'write-not-prevented': 'user space makes memory writable that the driver gives out read-only',
  'outside-vma': 'ptes are written outside the vma that was passed',
  'lock-not-held': 'a lock that the call needs is not held, or is held in the wrong mode',
  deadlock: 'a task waits for itself',
  'endless-fault': 'an access faults for ever',
  'bad-return': 'a callback returned something that the kernel does not understand, or an error for what it has done',
  'cache-type': 'the cache type asked for is not the one that is used',
  'bad-vma-change': 'a callback changed what it must not change',
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One problem. Ranges are `[start, end)` bytes; pfns count pages. */
export interface MmProblem {
  readonly kind: ProblemKind;
  /** What happens, why, in full sentences. */
  readonly message: string;
  /** The line that the kernel itself logs, where it logs one. */
  readonly kernelLog?: string;
  /** The kernel function that notices, and its file. */
  readonly where: { readonly function: string; readonly file: string };
  /** The rule of the model's source of facts, such as `S5.1`. */
  readonly rule?: string;
  readonly vmaId?: number;
  readonly address?: bigint;
  readonly pfn?: bigint;
  readonly pages?: number;
  /** The task waits for ever, but a signal ends it. */
  readonly killable?: boolean;
}

/** Problem kinds after which the running task does not go on. */
export type FatalKind = 'bug' | 'oops' | 'endless-fault' | 'deadlock';

/** Ends the kernel path that is running. Thrown and caught inside the model, and by drivers' callbacks only through it. */
export class KernelStop extends Error {
  readonly problem: MmProblem;
  /** How the path held the mmap lock that the model took for it; absent: not at all. It keeps the lock. */
  lock: MmapLock | undefined = undefined;

  constructor(problem: MmProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** The names under which problems say where they were noticed. */
export function inMemoryC(name: string): MmProblem['where'] {
  return { function: name, file: 'mm/memory.c' };
}

/** Fields of a problem that name the vma and address. */
export function at(vma: Vma | undefined, address?: bigint): Pick<MmProblem, 'vmaId' | 'address'> {
  return { ...(vma ? { vmaId: vma.id } : {}), ...(address === undefined ? {} : { address }) };
}
