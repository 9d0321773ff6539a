/**
 * The values that the driver's files do not tell: each was chosen for a reason, is listed in the trace, can be set by
 * `assume`, and may have alternatives that a further run tries. Knows no C and no mm.
 */

import type { Location } from '../../protocol/position.ts';
import type { Assumption } from '../../protocol/trace.ts';

/** A value that may be assumed, and why. */
export interface Choice {
  readonly value: bigint;
  /** As users read it. */
  readonly text: string;
  readonly reason: string;
  /** Nothing speaks for this value rather than another: what follows from it proves little. */
  readonly isGuess?: boolean;
  /** The user program chooses it: the driver cannot count on another value. */
  readonly isUsers?: boolean;
}

/** What a run takes instead of the first choices: values from the scenario, and alternatives by index. */
export interface Wishes {
  /** By path as written after `assume`. */
  readonly values: ReadonlyMap<string, { readonly value: bigint; readonly line: number }>;
  /** By name: which choice to take, when not the first. */
  readonly alternatives: ReadonlyMap<string, number>;
  /** Values with which the handler should go through to its end, by the names that the analysis of its text gives them. */
  readonly suggested?: ReadonlyMap<string, bigint>;
  /** Memory of a size that nothing tells is taken to be far larger than what the driver says of lengths. */
  readonly roomy?: boolean;
  /** A function of another file that gets the mapping is taken to succeed and to leave the mapping as it is. */
  readonly trusting?: boolean;
  /** Nothing has happened to the driver but its own set-up and what the scenario says: what nobody set is 0, lists are empty. */
  readonly asItRuns?: boolean;
}

export const noWishes: Wishes = { values: new Map(), alternatives: new Map() };

/** A name that has more than one choice, as the search for a way through the handler sees it. */
export interface OpenChoice {
  readonly name: string;
  readonly taken: number;
  readonly count: number;
  /** What was taken. */
  readonly value: bigint;
  /** Nothing speaks for this value rather than another. */
  readonly isGuess: boolean;
  /** The user program chooses it. */
  readonly isUsers?: boolean;
}

/** Whether a guess is about something outside of the driver: a constant of a header that is not at hand, what another file's function gives. */
export function isOutside(name: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$|\(\)$/.test(name);
}

/** The assumptions of one run, in the order in which they were first needed. */
export class Assumptions {
  readonly #wishes: Wishes;
  readonly #list = new Map<string, Assumption>();
  readonly #open = new Map<string, OpenChoice>();
  readonly #used = new Set<string>();
  readonly #guesses: string[] = [];
  /** By what elements of one array have in common: which choice the first of them took. */
  readonly #firstOfElements = new Map<string, { readonly name: string; readonly index: number }>();
  /** What was taken for granted while the driver was set up: calls that succeed, pointers that lead somewhere. */
  #granted: Map<string, OpenChoice> | undefined;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** See `Wishes.roomy`. */
  get roomy(): boolean {
    return this.#wishes.roomy === true;
  }

  /** See `Wishes.trusting`. */
  get trusting(): boolean {
    return this.#wishes.trusting === true;
  }

  /** See `Wishes.asItRuns`. */
  get asItRuns(): boolean {
    return this.#wishes.asItRuns === true;
  }

  get count(): number {
    return this.#list.size;
  }

  get list(): readonly Assumption[] {
    return [...this.#list.values()];
  }

  /** Names whose values were guessed. */
  get guesses(): readonly string[] {
    return this.#guesses;
  }

  /** What has alternatives, in the order in which it was first needed. */
  get openChoices(): readonly OpenChoice[] {
    return [...this.#open.values()];
  }

  /** Paths after `assume` that nothing asked for. */
  get unused(): readonly string[] {
    return [...this.#wishes.values.keys()].filter((path) => !this.#used.has(path));
  }

  /** The value that the scenario sets for `name`, noted as an assumption. */
  wished(name: string, location?: Location | undefined): bigint | undefined {
    const path = this.#wishes.values.has(name) ? name : this.#sameTail(name);
    const wish = path === undefined ? undefined : this.#wishes.values.get(path);
    if (path === undefined || !wish) return undefined;
    this.#used.add(path);
    this.note({
      name,
      value: formatAssumed(wish.value),
      reason: `line ${wish.line} of the scenario sets it`,
      settable: true,
      ...(location ? { location } : {}),
    });
    return wish.value;
  }

  /** What was taken against the likeliest because an element of the same array has it. */
  readonly followed = new Map<string, bigint>();

  /** Calls of other files that got the mapping and were trusted to leave it as it is. */
  readonly trusted = new Set<string>();

  /** Calls of other files that were told how long the mapping is, and said what there is to map. */
  readonly checking = new Set<string>();

  /** What was asked for of the machine and of others at work on it: see `hasCircumstance`. */
  readonly circumstances = new Set<string>();

  /** Whether something is so that mostly is not, as an IOMMU is there: where the scenario says so, or this run is to try it. */
  hasCircumstance(name: string, reason: string): boolean {
    this.circumstances.add(name);
    const wished = this.wished(name);
    if (wished !== undefined) return wished !== 0n;
    if (this.#wishes.alternatives.get(name) !== 1) return false;
    this.#open.set(name, { name, taken: 1, count: 2, value: 1n, isGuess: false, isUsers: true });
    this.note({ name, value: '1', reason, settable: true });
    return true;
  }

  /** Whether a call of another file that gets the mapping is trusted; those that were are kept. */
  trusts(name: string): boolean {
    if (this.trusting) this.trusted.add(name);
    return this.trusting;
  }

  /** Suggestions that were taken, by the names under which they were asked for. */
  readonly taken = new Map<string, bigint>();

  /** The value that the analysis suggests for `name`: both call it so, or go the last steps to it alike. */
  suggested(name: string, location?: Location | undefined): bigint | undefined {
    const { suggested } = this.#wishes;
    if (!suggested || this.#granted) return undefined;
    const tail = tailOf(name);
    const isMeant = (path: string) => plain(path) === plain(name) || (tail !== undefined && endsWith(plain(path), plain(tail)));
    const path = suggested.has(name) ? name : [...suggested.keys()].find(isMeant);
    const value = path === undefined ? undefined : suggested.get(path);
    if (value === undefined) return undefined;
    this.taken.set(name, value);
    this.note({
      name,
      value: formatAssumed(value),
      reason: 'with it the handler goes through to its end',
      settable: true,
      ...(location ? { location } : {}),
    });
    return value;
  }

  /** Whether somebody says what is called so: the result of a function that is defined elsewhere. */
  isTold(name: string): boolean {
    if (this.#wishes.values.has(name)) this.#used.add(name);
    const suggested = this.#wishes.suggested?.get(name);
    if (suggested !== undefined) this.taken.set(name, suggested);
    return suggested !== undefined || this.#wishes.values.has(name);
  }

  /** The set-up of the driver begins: what it takes for granted is not listed one by one. */
  beginSetUp(): void {
    this.#granted = new Map();
  }

  /** It is over; gives what it took for granted, in the order in which it was asked. */
  endSetUp(): readonly OpenChoice[] {
    const granted = [...(this.#granted?.values() ?? [])];
    this.#granted = undefined;
    return granted;
  }

  /** Takes one of `choices` for `name`; the first, unless this run is to try another. */
  choose(name: string, choices: readonly [Choice, ...Choice[]], location?: Location | undefined): bigint {
    const wished = this.wished(name, location);
    if (wished !== undefined) return wished;
    const suggested = this.suggested(name, location);
    if (suggested !== undefined) return suggested;
    const leader = this.#leaderOf(name);
    const index = Math.min(this.#wishes.alternatives.get(name) ?? leader?.index ?? 0, choices.length - 1);
    const choice = choices[index] ?? choices[0];
    if (leader && index > 0) this.followed.set(name, choice.value);
    if (this.#granted && index === 0 && isForGranted(name, choice)) {
      if (!this.#granted.has(name))
        this.#granted.set(name, { name, taken: 0, count: choices.length, value: choice.value, isGuess: choice.isGuess === true });
      return choice.value;
    }
    if (choices.length > 1 && !this.#open.has(name) && leader === undefined)
      this.#open.set(name, {
        ...{ name, taken: index, count: choices.length, value: choice.value, isGuess: choice.isGuess === true },
        ...(choice.isUsers ? { isUsers: true } : {}),
      });
    if (choice.isGuess) this.#guesses.push(name);
    const reason = index > 0 ? `${choice.reason}; with ${choices[0].text} the handler does not get through` : choice.reason;
    this.note({ name, value: choice.text, reason, settable: true, ...(location ? { location } : {}) });
    return choice.value;
  }

  /**
   * An element of the same array that was asked for before, where what it holds was looked for: elements of one array are mostly alike,
   * and the handler that wants one of them to be so wants it of all.
   */
  #leaderOf(name: string): { readonly index: number } | undefined {
    const family = familyOf(name);
    if (!this.trusting || family === undefined) return undefined;
    const leader = this.#firstOfElements.get(family);
    if (leader) return leader.name === name ? undefined : leader;
    this.#firstOfElements.set(family, { name, index: this.#wishes.alternatives.get(name) ?? 0 });
    return undefined;
  }

  /** Lists an assumption that was made some other way; the first one for a name stays. */
  note(assumption: Assumption): void {
    if (!this.#list.has(assumption.name)) this.#list.set(assumption.name, assumption);
  }

  /** `dev->size` also means `priv->size`: how the driver calls the pointer differs between its functions. */
  #sameTail(name: string): string | undefined {
    const tail = tailOf(name);
    if (tail === undefined) return undefined;
    return [...this.#wishes.values.keys()].find((path) => tailOf(path) === tail);
  }
}

/** A call that succeeds or says no, a pointer that leads somewhere. */
function isForGranted(name: string, { value, text }: Choice): boolean {
  return text === 'not NULL' || (name.endsWith(')') && value <= 1n);
}

/** What follows the first `->` or `.`: `priv->bar[0].len` gives `bar[0].len`. */
function tailOf(path: string): string | undefined {
  return /^[^.>-]+(?:->|\.)(.+)$/.exec(path)?.[1];
}

/** What a field has in common with that of other elements of its array; `undefined` where the path has no elements. */
function familyOf(path: string): string | undefined {
  return /[\])>.]/.test(path) ? path.replace(/\[\d+\]\.|->/g, '.') : undefined;
}

/** Without the indexes of arrays, which the analysis knows as expressions. */
function plain(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '[]');
}

function endsWith(path: string, tail: string): boolean {
  return path.endsWith(`->${tail}`) || path.endsWith(`.${tail}`);
}

/** `0x10000`, or a small number as it is. */
export function formatAssumed(value: bigint): string {
  return value >= -4096n && value < 256n ? value.toString() : `0x${BigInt.asUintN(64, value).toString(16)}`;
}
