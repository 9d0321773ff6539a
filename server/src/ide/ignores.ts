/** Leaves out what comments of the driver's author ignore, and remembers which of them had something to leave out. */
import type { Driver } from '../driver/model.ts';
import { rules } from '../rules/registry.ts';
import type { IgnoreOutcome, Report, Rule } from '../rules/rule.ts';
import { type IgnoreComment, ignoreCommentsOf } from '../rules/support/text/ignore-comments.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';

export class Ignores {
  /** By file: those of the driver's own, and of each header in which something was found. */
  readonly #comments = new Map<string, readonly IgnoreComment[]>();
  /** Names of rules that a comment has left something out of. */
  readonly #used = new Map<IgnoreComment, Set<string>>();

  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Whether a comment leaves this report out. */
  ignores(rule: Rule, report: Report): boolean {
    let isIgnored = false;
    for (const comment of this.#commentsOf(report.file)) {
      const { covers, reason } = comment;
      if (reason === '' || report.span.start < covers.start || report.span.start >= covers.end) continue;
      if (!comment.rules.some(({ name }) => name === rule.name)) continue;
      const used = this.#used.get(comment) ?? new Set();
      this.#used.set(comment, used.add(rule.name));
      isIgnored = true;
    }
    return isIgnored;
  }

  #commentsOf(file: string): readonly IgnoreComment[] {
    const comments = this.#comments.get(file) ?? ignoreCommentsOf(this.#driver, file);
    this.#comments.set(file, comments);
    return comments;
  }

  /** What became of each comment, when the rules of `ran` have run. */
  outcomes(ran: ReadonlySet<string>): readonly IgnoreOutcome[] {
    const names = rules.map(({ name }) => name);
    this.#commentsOf(this.#driver.file);
    return [...this.#comments.values()].flat().map((comment) => {
      const written = comment.rules.map(({ name }) => name);
      const unknown = new Map(written.filter((name) => !names.includes(name)).map((name) => [name, didYouMean(name, names)]));
      // In a header a comment may be for another file that includes it.
      const isOwn = comment.file === this.#driver.file;
      const idle = written.filter((name) => isOwn && ran.has(name) && !this.#used.get(comment)?.has(name));
      return { comment, unknown, idle };
    });
  }
}
