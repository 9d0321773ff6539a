/**
 * The checks of the last few versions of a text: an undo, a redo or a letter typed and taken back finds its findings at
 * once. Knows only texts; whoever owns it forgets everything when something else changes that a check depends on.
 */
import type { CheckResult } from '../ide/check.ts';
import type { Shown } from '../ide/steady.ts';

/** What was done for one version of a text. */
export interface RecentCheck {
  /** Absent while the text is broken and nothing had to be searched for in it. */
  readonly check?: CheckResult;
  readonly shown?: Shown;
}

/** Versions of one text. */
const most = 6;

export class RecentChecks {
  /** The last used ones last. */
  readonly #results = new Map<string, RecentCheck>();

  /** What was done for exactly this text. */
  of(text: string): RecentCheck | undefined {
    const result = this.#results.get(text);
    if (result) this.keep(text, result);
    return result;
  }

  /** Adds to what is known of the text. */
  keep(text: string, result: RecentCheck): void {
    const known = this.#results.get(text);
    this.#results.delete(text);
    this.#results.set(text, { ...known, ...result });
    const [oldest] = this.#results.keys();
    if (this.#results.size > most && oldest !== undefined) this.#results.delete(oldest);
  }

  forget(): void {
    this.#results.clear();
  }
}
