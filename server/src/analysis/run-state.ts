/**
 * What a run has come to, as far as a way to go on is told from another by it: where it is, which locks it holds, what it
 * knows of the request, and which calls and writes it has made that a mapping depends on. What else it has decided and
 * written does not count, so that runs which differ in that alone are in one state; `explore.ts` follows the ways out of it
 * for the first of them. The same in two versions of a text whose functions were moved. Knows no rules.
 */
import type { Driver } from '../driver/model.ts';
import { hash53 } from '../execution/term-key.ts';
import type { Frame } from '../execution/world.ts';
import type { Span } from '../syntax/ast.ts';
import type { HeldLock } from './path.ts';

/** One function that runs. */
interface Level {
  /** The calls that lead here. */
  readonly way: string;
  /** Where its body begins: places in it are counted from there. */
  readonly start: number;
}

export class RunState {
  readonly #driver: Driver;
  readonly #levels: Level[] = [];
  /** All that was noted, in order. */
  #past = '';

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  enter({ function: name, calledAt }: Frame): void {
    const caller = this.#levels.at(-1);
    const from = caller && calledAt ? `${caller.way} ${calledAt.start - caller.start} ` : '';
    this.#levels.push({ way: `${from}${name}`, start: this.#driver.functions.get(name)?.bodySpan.start ?? 0 });
  }

  leave(): void {
    this.#levels.pop();
  }

  /** Something happened that what follows may depend on. */
  note(what: string): void {
    this.#past = hash53(`${this.#past} ${what}`, 0);
  }

  /** The state at `span` in the function that runs, in that round of a loop. */
  at(span: Span, round: number | 'some' | undefined, locks: readonly HeldLock[]): string {
    const level = this.#levels.at(-1);
    const held = locks.map(({ kind }) => kind).join();
    return `${level?.way} ${span.start - (level?.start ?? 0)} ${round} ${held} ${this.#past}`;
  }
}
