/**
 * A finished simulation: what the scenario did, step by step, and the verdict. Immutable plain data; whoever draws it
 * (command line, view, tests) needs nothing else. Addresses, pfns and sizes are strings such as `0x7f0000000000`,
 * because JSON has no 64-bit numbers.
 */
import type { Location } from './position.ts';

export interface Trace {
  /** Of the simulated Linux, such as `6.12`. */
  readonly kernel: string;
  readonly file: string;
  readonly handler: { readonly function: string; readonly kind: string; readonly slot: string };
  /** The scenario that ran, as text. */
  readonly scenario: string;
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly TraceStep[];
  readonly verdict: Verdict;
}

/** A value that the driver's files do not tell and the simulation had to choose. */
export interface Assumption {
  /** The path that a C author would write: `priv->size`. Editable by `assume NAME = VALUE`. */
  readonly name: string;
  readonly value: string;
  /** Why this value: the role that was inferred, or the scenario line that set it. */
  readonly reason: string;
  readonly location?: Location;
  /** `assume NAME = VALUE` changes it. */
  readonly settable?: true;
}

export interface TraceStep {
  readonly index: number;
  /** The scenario's line (from 1) and statement that this step belongs to. */
  readonly line: number;
  readonly statement: string;
  /** Where the statement stands, when another scenario that is included has it. */
  readonly source?: SourceLine;
  /** What happened, in words: `mmap(2) returns 0x7f0000000000`. */
  readonly title: string;
  readonly kind: StepKind;
  /** Who did it: the user program, a forked child, the driver's C code, the kernel. */
  readonly actor: string;
  /** The driver's line that ran, when one did. */
  readonly location?: Location;
  /** The C stack, innermost first, with the values that were named on this line. */
  readonly stack: readonly { readonly function: string; readonly location?: Location; readonly values: readonly NamedValue[] }[];
  /** Changes that the step made, one sentence each, in order. */
  readonly changes: readonly string[];
  readonly problems: readonly TraceProblem[];
  /** Memory after the step. Equal states may be one shared object. */
  readonly state: MemoryState;
}

export type StepKind = 'action' | 'enter' | 'call' | 'leave' | 'fault' | 'result' | 'expectation' | 'problem';

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface MemoryState {
  readonly processes: readonly ProcessState[];
  /** Runs of pages that a mapping or the driver knows of. */
  readonly pages: readonly PageRun[];
}

export interface ProcessState {
  readonly name: string;
  readonly vmas: readonly VmaState[];
  readonly ptes: readonly PteRun[];
  /** Pages counted in Rss: file, anonymous. */
  readonly rss: { readonly file: number; readonly anonymous: number };
}

export interface VmaState {
  /** The scenario's name of the mapping, such as `a`. */
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly pgoff: string;
  /** Kernel names, such as `VM_PFNMAP`. */
  readonly flags: readonly string[];
  /** As /proc/PID/smaps prints them. */
  readonly smapsFlags: string;
  readonly pageProtection: string;
  readonly ops?: string;
}

export interface PteRun {
  readonly start: string;
  /** In pages. */
  readonly length: number;
  readonly pfn: string;
  readonly special: boolean;
  readonly writable: boolean;
  readonly dirty: boolean;
  readonly cache: string;
}

export interface PageRun {
  readonly pfn: string;
  /** In pages. */
  readonly length: number;
  /** `kmalloc`, `alloc_pages`, `anonymous`, `device memory`, … */
  readonly kind: string;
  /** Absent where there is no struct page. */
  readonly refcount?: number;
  readonly mapcount?: number;
  /** What it belongs to: `priv->buf`. */
  readonly owner?: string;
  readonly freed: boolean;
}

/** Something that must not happen, at the step where it becomes true. */
export interface TraceProblem {
  /** Kebab-case: `kernel-bug`, `warning`, `oops`, `hang`, `leak`, `use-after-free`, `foreign-memory`, `bad-page`, … */
  readonly kind: string;
  readonly message: string;
  /** The line that the kernel's log would show, where there is one. */
  readonly kernelLine?: string;
  readonly step: number;
}

/** A line of an included scenario, from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

export interface FailedExpectation {
  readonly line: number;
  /** When an included scenario has the expectation; `line` is that of the `include`. */
  readonly source?: SourceLine;
  readonly expected: string;
  readonly actual: string;
}

export interface Verdict {
  /**
   * `completed`: the scenario ran to its end without a problem; `problem`: it ran into at least one;
   * `expectationFailed`: an `expect` did not hold; `stopped`: the simulation could not go on, and says why.
   */
  readonly outcome: 'completed' | 'problem' | 'expectationFailed' | 'stopped';
  /** One or two sentences. */
  readonly summary: string;
  readonly problems: readonly TraceProblem[];
  readonly failedExpectations: readonly FailedExpectation[];
  /** Why it stopped, when it did: an unknown call that decides, a budget, text that was not understood. */
  readonly stoppedBecause?: string;
}
