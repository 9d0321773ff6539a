/**
 * Directives: which branches of conditionals are active, and what the text defines and includes. Gets each directive as
 * one line with its place; knows nothing of the text between them.
 */
import type { Include, MacroDefinition, Span, SyntaxProblem } from './ast.ts';
import { definitionOf, type IncludeReader, mayChange } from './included-text.ts';
import { type Branches, MacroState, maxConditionalDepth } from './macro-state.ts';
import type { SyntaxTarget } from './target.ts';

/** One `#if` that is open. */
interface Conditional extends Branches {
  readonly start: number;
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
  readonly #source: string;
  readonly #problems: SyntaxProblem[];
  readonly #state: MacroState;
  readonly #conditionals: Conditional[] = [];
  readonly #reader: IncludeReader | undefined;
  #follows: boolean | undefined;
  #inactiveFrom = 0;

  /** `reader` finds the local headers of `source`; without it they define nothing. */
  constructor(source: string, target: SyntaxTarget, problems: SyntaxProblem[], reader: IncludeReader | undefined) {
    this.#source = source;
    this.#problems = problems;
    this.#state = new MacroState(target);
    this.#reader = reader;
  }

  /** Reads the directive `line` (from its `#`, comments and line breaks blanked), which stands from `start` to `end`. */
  directive(line: string, start: number, end: number): void {
    const match = /^#\s*([A-Za-z_]\w*)?/.exec(line);
    const name = match?.[1] ?? '';
    const rest = match?.[0].length ?? 1;
    if (/^(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)$/.test(name)) this.#conditional(name, line.slice(rest), start, end);
    else if (!this.active) return;
    else if (name === 'define') this.#define(line.slice(rest), start + rest, { start, end });
    else if (name === 'undef') this.#state.undefine(line.slice(rest).trim());
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
      const isActive = this.active && conditionals.length < maxConditionalDepth;
      conditionals.push({ ...this.#state.open(name, condition, isActive), start, branch: end });
    } else if (!current) {
      this.#problems.push({ message: `This #${name} has no #if before it.`, span: { start, end } });
      return;
    } else {
      this.#endBranch(current, start);
      if (name === 'endif') conditionals.pop();
      else {
        this.#state.next(current, name, condition);
        current.branch = end;
      }
    }
    const now = conditionals[conditionals.length - 1]?.active ?? true;
    if (this.active && !now) this.#inactiveFrom = end;
    else if (!this.active && now) this.#leaveInactive(start);
    this.active = now;
  }

  #endBranch({ active, undecided, missing, branch }: Conditional, end: number): void {
    const makesUp = missing !== undefined && this.#state.has(missing);
    if (active && undecided && !makesUp) this.undecided.push({ start: branch, end });
  }

  #leaveInactive(end: number): void {
    if (end > this.#inactiveFrom) this.inactive.push({ start: this.#inactiveFrom, end });
  }

  #include(rest: string, span: Span): void {
    const match = /^\s*(?:"([^"]*)"|<([^>]*)>)/.exec(rest);
    const path = match?.[1] ?? match?.[2];
    if (path === undefined) return;
    const local = match?.[1] !== undefined;
    this.includes.push({ path, local, span });
    const reader = this.#reader;
    if (!local || !reader) return;
    this.#follows ??= headersDecide(this.#source, reader);
    const text = this.#follows ? reader(path) : undefined;
    if (text) this.#state.include(text, reader, this.#conditionals);
  }

  /** `rest` is what follows `#define`, beginning at the offset `offset`. */
  #define(rest: string, offset: number, span: Span): void {
    const definition = definitionOf(rest);
    if (!definition) return;
    const { name } = definition;
    const nameStart = offset + rest.indexOf(name);
    this.macros.push({ ...definition, span, nameSpan: { start: nameStart, end: nameStart + name.length } });
    this.#state.define(name, definition, this.#conditionals);
  }
}

const guard = /^[^#]*#[ \t]*ifndef[ \t]+(\w+)\s+#[ \t]*define[ \t]+\1\b/;
const test = /^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b((?:\\\r?\n|[^\n])*)/gm;
const definition = /^[ \t]*#[ \t]*define[ \t]+(\w+)((?:\\\r?\n|[^\n])*)/gm;
const localInclude = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm;

/** Whether a name that the conditions of a text ask for is one that its local headers may define: else they need not be replayed. */
function headersDecide(source: string, reader: IncludeReader): boolean {
  const paths = [...source.matchAll(localInclude)].flatMap(([, path]) => path ?? []);
  const names = new Set([...source.matchAll(test)].flatMap(([, condition]) => condition?.match(/[A-Za-z_]\w*/g) ?? []));
  const guarding = guard.exec(source)?.[1];
  if (guarding !== undefined) names.delete(guarding);
  if (paths.length === 0 || names.size === 0) return false;
  // A macro of the text's own may be made of macros of its headers.
  const bodies = [...source.matchAll(definition)];
  for (let size = -1; size !== names.size; ) {
    size = names.size;
    for (const [, name, body] of bodies)
      if (name !== undefined && names.has(name)) for (const word of body?.match(/[A-Za-z_]\w*/g) ?? []) names.add(word);
  }
  return mayChange(names, paths, reader);
}
