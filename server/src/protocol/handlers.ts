/** The mapping handlers of files, as a tree shows them: plain data shared by server and client. Knows nothing but places. */
import type { Severity } from './findings.ts';
import type { Range } from './position.ts';

export interface FileHandlers {
  readonly uri: string;
  /** In the order of the text. */
  readonly handlers: readonly HandlerEntry[];
}

export interface HandlerEntry {
  readonly function: string;
  /** `file_operations.mmap`; a function may stand in several. */
  readonly slots: readonly string[];
  /** Of the function's name. */
  readonly range: Range;
  /** False in a branch of `#if` that the target does not compile: nothing is checked or run there. */
  readonly compiled: boolean;
  /** What was found on the ways that begin here; absent for a file that was not checked. */
  readonly findings?: readonly HandlerFinding[];
}

export interface HandlerFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly uri: string;
  readonly range: Range;
  /** The functions from the handler to the one of the finding, both included; empty when no calls lead there. */
  readonly way: readonly string[];
}
