/** What an attack on a handler found: each way to a problem with the scenario that shows it. Plain data, as printed by `--attack`. */
import type { Location } from './position.ts';
import type { Assumption, StepKind } from './trace.ts';

export interface AttackReport {
  /** Of the simulated Linux, such as `6.12`. */
  readonly kernel: string;
  readonly file: string;
  readonly handler: { readonly function: string; readonly kind: string; readonly slot: string };
  readonly seed: number;
  /** What the usual mapping had to assume. */
  readonly assumptions: readonly Assumption[];
  readonly attacks: readonly Attack[];
  /** How many programs were run, and how many steps they took. */
  readonly tried: number;
  readonly spent: number;
  /** Why nothing could be tried. */
  readonly stoppedBecause?: string;
}

/** One way to a problem. */
export interface Attack {
  /** As in traces: `foreign-memory`, `kernel-bug`, … */
  readonly problem: string;
  readonly message: string;
  /** The line that the kernel's log would show, where there is one. */
  readonly kernelLine?: string;
  /** The driver's line that ran into it. */
  readonly location?: Location;
  /** `possible`: it depends on a value that the driver's files do not tell. */
  readonly confidence: 'likely' | 'possible';
  /** The value it depends on. */
  readonly because?: string;
  /** The shortest scenario that was found; `simulate --scenario` replays it. */
  readonly scenario: string;
  readonly steps: readonly AttackStep[];
}

export interface AttackStep {
  /** The scenario's line, from 1. */
  readonly line: number;
  readonly statement: string;
  readonly title: string;
  readonly kind: StepKind;
  readonly location?: Location;
  /** Kinds of the problems that showed in this step. */
  readonly problems: readonly string[];
}
