/** What the linter says, as plain data: the same for editor and command line. Knows nothing else. */
import type { Location, Range } from './position.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** `proved`: a scenario replays it; `likely`: the paths show it; `possible`: off unless asked for. */
export type Confidence = 'proved' | 'likely' | 'possible';

export interface RelatedLocation extends Location {
  readonly message: string;
}

export interface TextChange extends Location {
  readonly newText: string;
}

export interface Fix {
  /** Sentence case, no full stop: `Use vm_flags_set()`. */
  readonly title: string;
  /** Safe fixes take part in `--fix` and fix-all; others say in the title what to check. */
  readonly safe: boolean;
  readonly changes: readonly TextChange[];
}

export interface Finding extends Location {
  /** The slug of the rule, for ever. */
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What, why, what to do. */
  readonly message: string;
  readonly range: Range;
  readonly function: string;
  readonly handler?: { readonly kind: string; readonly slot: string };
  readonly related: readonly RelatedLocation[];
  readonly fixes: readonly Fix[];
  /** A scenario text that shows it in the simulator. */
  readonly witness?: string;
  /** Why it is not `proved`, where a replay was asked for: a sentence. */
  readonly unproved?: string;
  /** What to run to look at it: the handler that leads there, and the scenario that should show it, where the rule has one. */
  readonly replay?: { readonly handler: string; readonly scenario?: string };
}

/** Why a file or a function could not be judged in full. */
export interface CheckProblem {
  readonly file: string;
  readonly message: string;
}
