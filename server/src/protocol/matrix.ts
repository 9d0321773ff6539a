/**
 * One handler and one scenario on several kernels: what the program gets at each statement, and where two kernels begin to
 * differ. Immutable plain data, made of finished traces.
 */
import type { Verdict } from './trace.ts';

export interface Matrix {
  readonly file: string;
  readonly handler: { readonly function: string; readonly kind: string; readonly slot: string };
  /** The scenario that ran on every kernel. */
  readonly scenario: string;
  /** In the order asked for, such as `2.6.15`. */
  readonly kernels: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** One for each kernel. */
  readonly verdicts: readonly { readonly outcome: Verdict['outcome']; readonly summary: string }[];
  /** One for each kernel but the first: how it differs from the one before it. */
  readonly differences: readonly MatrixDifference[];
}

/** One statement of the scenario. */
export interface MatrixRow {
  readonly line: number;
  readonly statement: string;
  /** In words of one or two, one for each kernel: `ok`, `0x11`, `EFAULT`, `SIGBUS`, `BUG`; `–` where it was not reached. */
  readonly cells: readonly string[];
}

/** The first thing that two neighbouring kernels do in different ways; without `at` they do the same. */
export interface MatrixDifference {
  readonly from: string;
  readonly to: string;
  readonly at?: {
    readonly line: number;
    readonly statement: string;
    /** Whether the program sees it there: its result, or a problem. */
    readonly isSeen: boolean;
    /** What happened on each, in a clause. */
    readonly was: string;
    readonly is: string;
    /** Why: what changed in Linux between the two, where the model names it. */
    readonly rule?: MatrixRule;
  };
}

export interface MatrixRule {
  /** The first version that does it the new way. */
  readonly since: string;
  /** A full sentence. */
  readonly says: string;
  /** The number in the model's source of facts, such as `S4.5`. */
  readonly number?: string;
}
