/**
 * What a rule is. One file per rule beside this one; `registry.ts` lists them. A rule reads paths and the driver and
 * returns reports; it knows no positions, no LSP, no text of messages other than its own.
 */
import type { EntryAnalysis } from '../analysis/path.ts';
import type { Driver, Handler, Place } from '../driver/model.ts';
import type { VersionRange } from '../kernel/version.ts';
import type { Confidence, Severity } from '../protocol/findings.ts';
import type { IgnoreComment } from './support/text/ignore-comments.ts';

export type { Place } from '../driver/model.ts';

export interface Edit extends Place {
  readonly newText: string;
}

export interface ReportFix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

export interface Report extends Place {
  /** What is wrong, why it matters, what to do; with the code's own names and numbers. */
  readonly message: string;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly function: string;
  readonly handler?: Handler;
  readonly related: readonly (Place & { readonly message: string })[];
  readonly fixes: readonly ReportFix[];
  /** A scenario that should show it in the simulator; a replay decides whether the finding is `proved`. */
  readonly witness?: string;
  /** Why the replay did not prove it, once it was tried. */
  readonly unproved?: string;
}

export interface RuleContext {
  readonly driver: Driver;
  /** Handlers and other entries that reach a mapping call, each with its paths. */
  readonly entries: readonly EntryAnalysis[];
  /** What became of the comments that ignore rules; present for `useless-ignore` alone, which runs after the others. */
  readonly ignores?: readonly IgnoreOutcome[];
}

export interface IgnoreOutcome {
  readonly comment: IgnoreComment;
  /** Names that no rule has, each with a sentence on how to spell it. */
  readonly unknown: ReadonlyMap<string, string>;
  /** Names of rules that ran and reported nothing there. */
  readonly idle: readonly string[];
}

/**
 * What a replay shows: a problem of the simulator at the lines of the report; `refused`: the call that the report stands on fails;
 * `expected`: what the witness expects is the case.
 */
export type Evidence =
  | 'expected'
  | 'refused'
  | 'bad-page-map'
  | 'bad-page-state'
  | 'bad-return'
  | 'deadlock'
  | 'endless-fault'
  | 'foreign-memory'
  | 'freed-while-mapped'
  | 'kernel-bug'
  | 'leak'
  | 'lock-not-held'
  | 'oops'
  | 'outside-vma'
  | 'refcount-underflow'
  | 'uninitialised-memory'
  | 'use-after-free'
  | 'warning';

export interface Rule {
  /** The bad thing, kebab-case, for ever: a slug of the catalogue. */
  readonly name: string;
  readonly severity: Severity;
  /** One line, as in the table of rules. */
  readonly summary: string;
  /** The kernels on which it holds; absent: all. */
  readonly versions?: VersionRange;
  /** Looks at one entry at a time: of several it reports what it reports of each. */
  readonly byEntry?: true;
  /** What proves a finding of this rule when its witness is replayed. */
  readonly provedBy?: readonly Evidence[];
  /** What a program does to show a finding that has no witness of its own: scenarios, tried in order. */
  readonly shownBy?: readonly string[];
  /** The rule tells what the target does not compile: it says nothing of text that only some builds of the driver compile. */
  readonly tellsCompiling?: true;
  /** It reports names that Linux has given up: editors strike them out. */
  readonly isAboutOldNames?: true;
  check(context: RuleContext): readonly Report[];
}
