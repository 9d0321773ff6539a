/**
 * The macros that are defined at one point of a text, and what conditions say with them: the text's own, and those of the headers that
 * it has included so far, whose directives are replayed here. Knows nothing of places in a text.
 */
import { type ConditionMacro, evaluateCondition, isDefined, isTold, type MacroLookup } from './conditions.ts';
import type { IncludedText, IncludeReader } from './included-text.ts';
import type { SyntaxTarget } from './target.ts';

/** Deepest nesting of `#if`; what is deeper is inactive. */
export const maxConditionalDepth = 256;

/** Levels of includes, and directives of headers that are replayed for one text; what lies beyond is not seen. */
const limits = { depth: 16, directives: 60_000 } as const;

/** A macro of the text or its headers. */
interface KnownMacro extends ConditionMacro {
  /** Whether it is defined only because of a name that no text at hand defines. */
  readonly isUndecided: boolean;
}

/** One `#if` that is open. */
export interface Branches {
  readonly outerActive: boolean;
  /** Whether its current branch is active, and whether one of its branches was. */
  active: boolean;
  taken: boolean;
  /** Whether a name that no text at hand defines decided which branch is active. */
  undecided: boolean;
  /** The name in `#ifndef NAME`: a branch that defines it guards a header, or makes up for what is missing. */
  readonly missing?: string;
}

export class MacroState {
  readonly #target: SyntaxTarget;
  /** `undefined` stands for what `#undef` has taken away. */
  readonly #macros = new Map<string, KnownMacro | undefined>();
  readonly #once = new Set<IncludedText>();
  #replayed = 0;

  constructor(target: SyntaxTarget) {
    this.#target = target;
  }

  has(name: string): boolean {
    return this.#macros.get(name) !== undefined;
  }

  /** `within` are the conditionals that are open, outermost first. */
  define(name: string, macro: ConditionMacro, within: readonly Branches[]): void {
    for (const each of within) if (each.missing === name) each.undecided = false;
    const { parameters, body } = macro;
    this.#macros.set(name, { body, ...(parameters && { parameters }), isUndecided: within.some(({ undecided }) => undecided) });
  }

  undefine(name: string): void {
    this.#macros.set(name, undefined);
  }

  /** The conditional that `#if`, `#ifdef` or `#ifndef` opens where `isActive` says whether the text is compiled. */
  open(name: string, condition: string, isActive: boolean): Branches {
    const active = isActive && this.holds(name, condition);
    const undecided = isActive && this.#isUndecided(name, condition);
    const missing = name === 'ifndef' ? operandOf(condition) : undefined;
    return { outerActive: isActive, active, taken: active, undecided, ...(missing ? { missing } : {}) };
  }

  /** `#else`, `#elif` and their relatives. */
  next(current: Branches, name: string, condition: string): void {
    const test = name.slice('el'.length);
    const isOpen = current.outerActive && !current.taken;
    if (isOpen && name !== 'else') current.undecided ||= this.#isUndecided(test, condition);
    current.active = isOpen && (name === 'else' || this.holds(test, condition));
    current.taken ||= current.active;
  }

  /** Does what the directives of an included text do; `reader` finds what it includes itself. */
  include(text: IncludedText, reader: IncludeReader, within: readonly Branches[], depth = 0): void {
    if (depth > limits.depth || this.#once.has(text)) return;
    const open: Branches[] = [];
    const isActive = (): boolean => open[open.length - 1]?.active ?? true;
    for (const directive of text.directives) {
      if (++this.#replayed > limits.directives) return;
      if (directive.kind === 'conditional') this.#conditional(directive.name, directive.condition, open);
      else if (!isActive()) continue;
      else if (directive.kind === 'define') this.define(directive.name, directive, [...within, ...open]);
      else if (directive.kind === 'undef') this.undefine(directive.name);
      else if (directive.kind === 'once') this.#once.add(text);
      else {
        const included = reader(directive.path, text);
        if (included) this.include(included, reader, [...within, ...open], depth + 1);
      }
    }
  }

  #conditional(name: string, condition: string, open: Branches[]): void {
    const current = open[open.length - 1];
    if (name.startsWith('if')) open.push(this.open(name, condition, (current?.active ?? true) && open.length < maxConditionalDepth));
    else if (name === 'endif') open.pop();
    else if (current) this.next(current, name, condition);
  }

  readonly #lookup: MacroLookup = (name) => this.#macros.get(name) ?? (this.#macros.has(name) ? 'removed' : undefined);

  /** Whether the condition of `#if`, `#ifdef` or `#ifndef` holds. */
  holds(name: string, condition: string): boolean {
    return this.#value(name, condition, this.#lookup);
  }

  /** Whether the condition holds or not according to whether the build defines names that no text at hand defines. */
  #isUndecided(name: string, condition: string): boolean {
    const words = condition.match(/[A-Za-z_$][\w$]*/g) ?? [];
    const isKnown = (word: string): boolean => (this.#macros.has(word) ? this.#macros.get(word)?.isUndecided !== true : isTold(word));
    if (words.every(isKnown)) return false;
    const otherwise: MacroLookup = (macro) => (isKnown(macro) ? this.#lookup(macro) : this.has(macro) ? 'removed' : { body: '1' });
    return this.#value(name, condition, otherwise) !== this.holds(name, condition);
  }

  #value(name: string, condition: string, lookup: MacroLookup): boolean {
    if (name === 'if') return evaluateCondition(condition, this.#target, lookup) !== 0n;
    return isDefined(operandOf(condition) ?? '', this.#target, lookup) === (name === 'ifdef');
  }
}

/** The name behind `#ifdef` or `#ifndef`. */
function operandOf(condition: string): string | undefined {
  return /[A-Za-z_$][\w$]*/.exec(condition)?.[0];
}
