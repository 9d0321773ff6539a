/**
 * Directives: which branches of conditionals are active, and what the text defines and includes. Gets each directive as
 * one line with its place; knows nothing of the text between them.
 */
import type { Include, MacroDefinition, Span, SyntaxProblem } from './ast.ts';
import { evaluateCondition, isDefined, isTold, type MacroLookup } from './conditions.ts';
import type { SyntaxTarget } from './target.ts';

/** Deepest nesting of `#if`; what is deeper is inactive. */
const maxConditionalDepth = 256;

/** One `#if` that is open: whether its current branch is active, and whether one of its branches was. */
interface Conditional {
  readonly outerActive: boolean;
  readonly start: number;
  active: boolean;
  taken: boolean;
  /** Whether a name that no text at hand defines decided which branch is active. */
  undecided: boolean;
  /** The name in `#ifndef NAME`: a branch that defines it guards a header, or makes up for what is missing. */
  readonly missing?: string;
  /** Where the current branch begins. */
  branch: number;
}

export class Preprocessor {
  readonly macros: MacroDefinition[] = [];
  readonly includes: Include[] = [];
  readonly inactive: Span[] = [];
  /** Active branches of conditionals that a name decides which no text at hand defines, such as `HAVE_VM_FLAGS_SET`. */
  readonly undecided: Span[] = [];
  /** Whether the text behind the directives read so far is compiled. */
  active = true;
  readonly #target: SyntaxTarget;
  readonly #problems: SyntaxProblem[];
  readonly #defined = new Map<string, MacroDefinition>();
  readonly #conditionals: Conditional[] = [];
  #inactiveFrom = 0;

  constructor(target: SyntaxTarget, problems: SyntaxProblem[]) {
    this.#target = target;
    this.#problems = problems;
  }

  /** Reads the directive `line` (from its `#`, comments and line breaks blanked), which stands from `start` to `end`. */
  directive(line: string, start: number, end: number): void {
    const match = /^#\s*([A-Za-z_]\w*)?/.exec(line);
    const name = match?.[1] ?? '';
    const rest = match?.[0].length ?? 1;
    if (/^(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)$/.test(name)) this.#conditional(name, line.slice(rest), start, end);
    else if (!this.active) return;
    else if (name === 'define') this.#define(line.slice(rest), start + rest, { start, end });
    else if (name === 'undef') this.#defined.delete(line.slice(rest).trim());
    else if (name === 'include') this.#include(line.slice(rest), { start, end });
  }

  /** The text ends at the offset `length`. */
  end(length: number): void {
    if (!this.active) this.#leaveInactive(length);
    const open = this.#conditionals[this.#conditionals.length - 1];
    if (open)
      this.#problems.push({ message: 'This conditional is never closed with #endif.', span: { start: open.start, end: open.start + 1 } });
  }

  #conditional(name: string, condition: string, start: number, end: number): void {
    const conditionals = this.#conditionals;
    const current = conditionals[conditionals.length - 1];
    if (name.startsWith('if')) {
      const active = this.active && conditionals.length < maxConditionalDepth && this.#holds(name, condition);
      const undecided = this.active && this.#isUndecided(name, condition);
      const missing = name === 'ifndef' ? operandOf(condition) : undefined;
      conditionals.push({
        outerActive: this.active,
        start,
        active,
        taken: active,
        undecided,
        branch: end,
        ...(missing ? { missing } : {}),
      });
    } else if (!current) {
      this.#problems.push({ message: `This #${name} has no #if before it.`, span: { start, end } });
      return;
    } else {
      this.#endBranch(current, start);
      if (name === 'endif') conditionals.pop();
      else this.#nextBranch(current, name, condition, end);
    }
    const now = conditionals[conditionals.length - 1]?.active ?? true;
    if (this.active && !now) this.#inactiveFrom = end;
    else if (!this.active && now) this.#leaveInactive(start);
    this.active = now;
  }

  #endBranch({ active, undecided, missing, branch }: Conditional, end: number): void {
    const makesUp = missing !== undefined && this.#defined.has(missing);
    if (active && undecided && !makesUp) this.undecided.push({ start: branch, end });
  }

  /** `#else`, `#elif` and their relatives: the branch that begins at the offset `start`. */
  #nextBranch(current: Conditional, name: string, condition: string, start: number): void {
    const test = name.slice('el'.length);
    const isOpen = current.outerActive && !current.taken;
    if (isOpen && name !== 'else') current.undecided ||= this.#isUndecided(test, condition);
    current.active = isOpen && (name === 'else' || this.#holds(test, condition));
    current.taken ||= current.active;
    current.branch = start;
  }

  #leaveInactive(end: number): void {
    if (end > this.#inactiveFrom) this.inactive.push({ start: this.#inactiveFrom, end });
  }

  /** Whether the condition of `#if`, `#ifdef` or `#ifndef` holds. */
  #holds(name: string, condition: string): boolean {
    return this.#value(name, condition, (macro) => this.#defined.get(macro));
  }

  /** Whether the condition holds or not according to whether the build defines names that no text at hand defines. */
  #isUndecided(name: string, condition: string): boolean {
    const words = condition.match(/[A-Za-z_$][\w$]*/g) ?? [];
    if (words.every((word) => this.#defined.has(word) || isTold(word, this.#target))) return false;
    const defined: MacroLookup = (macro) => this.#defined.get(macro) ?? (isTold(macro, this.#target) ? undefined : { body: '1' });
    return this.#value(name, condition, defined) !== this.#holds(name, condition);
  }

  #value(name: string, condition: string, lookup: MacroLookup): boolean {
    if (name === 'if') return evaluateCondition(condition, this.#target, lookup) !== 0n;
    return isDefined(operandOf(condition) ?? '', this.#target, lookup) === (name === 'ifdef');
  }

  #include(rest: string, span: Span): void {
    const match = /^\s*(?:"([^"]*)"|<([^>]*)>)/.exec(rest);
    const path = match?.[1] ?? match?.[2];
    if (path !== undefined) this.includes.push({ path, local: match?.[1] !== undefined, span });
  }

  /** `rest` is what follows `#define`, beginning at the offset `offset`. */
  #define(rest: string, offset: number, span: Span): void {
    const match = /^\s+([A-Za-z_$][\w$]*)(?:\(([^()]*)\))?/.exec(rest);
    const name = match?.[1];
    if (!match || name === undefined) return;
    const nameStart = offset + match[0].indexOf(name);
    const parameters = match[2]
      ?.split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '');
    const macro = { name, body: rest.slice(match[0].length), span, nameSpan: { start: nameStart, end: nameStart + name.length } };
    const definition: MacroDefinition = parameters ? { ...macro, parameters } : macro;
    this.macros.push(definition);
    this.#defined.set(name, definition);
  }
}

/** The name behind `#ifdef` or `#ifndef`. */
function operandOf(condition: string): string | undefined {
  return /[A-Za-z_$][\w$]*/.exec(condition)?.[0];
}
