/**
 * Tables that macros make: calls at file level whose expansion is a table, macros that stand for entries of an
 * initializer, and the kernel's own table makers, which are known as data.
 */
import { positionalMembers } from '../kernel/positional-tables.ts';
import { tableMacro } from '../kernel/table-macros.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { FileItems, FileMacroCall, MacroDefinition } from '../syntax/ast.ts';
import { expandMacro } from './expand.ts';
import { type MacroEntries, type Registration, RegistrationSearch, type Surroundings } from './registration.ts';
import { mentionsSlot } from './relevance.ts';
import { isTable } from './slots.ts';
import type { Scope } from './typing.ts';

export interface MacroContext {
  readonly version: KernelVersion;
  readonly scope: Scope;
  macroDefinition(name: string): MacroDefinition | undefined;
  /** Reads a text made by an expansion. */
  parse(text: string): FileItems;
}

/** Levels of macros that call macros. */
const maxDepth = 8;
/** Expansions read per file, and their characters together. */
const limits = { expansions: 400, characters: 1_000_000 } as const;

/** The macros of one file; counts what it expands. */
export class MacroTables {
  readonly #context: MacroContext;
  readonly #relevant = new Map<string, boolean>();
  #expansions = 0;
  #characters = 0;

  constructor(context: MacroContext) {
    this.#context = context;
  }

  /** What a search in `text` may ask about macros. */
  surroundings(text: string): Surroundings {
    const { scope } = this.#context;
    return {
      scope,
      text,
      macroDefinition: (name) => this.#context.macroDefinition(name),
      members: (container) => positionalMembers(container, this.#context.version),
      entriesOfMacro: (name, values, container) => this.#entries(name, values, container),
      nameOfMacro: (name, values) => this.#name(name, values),
    };
  }

  /** The registrations in the tables that a call at file level makes; they stand at the call. */
  tablesOfCall(call: FileMacroCall, depth = 0): readonly Registration[] {
    const macro = this.#context.macroDefinition(call.name);
    if (!macro) {
      const known = tableMacro(call.name, this.#context.version);
      if (known?.makes !== 'table') return [];
      const { container, slot, function: name } = known;
      const table = call.arguments[0]?.trim() ?? '';
      return [{ container, slot, function: name, span: call.span, table, ownSlot: false }];
    }
    if (depth >= maxDepth || !this.#isRelevant(macro)) return [];
    const text = this.#expand(macro, call.arguments);
    if (text === undefined) return [];
    const items = this.#context.parse(`${text};`);
    const search = new RegistrationSearch(this.surroundings(`${text};`), call.span);
    for (const variable of items.variables) {
      if (variable.initializer) search.initializer(variable.type, variable.initializer, this.#context.scope, variable.name);
    }
    return [...search.found, ...items.macroCalls.flatMap((inner) => this.tablesOfCall({ ...inner, span: call.span }, depth + 1))];
  }

  #entries(name: string, values: readonly string[], container: string | undefined): MacroEntries | undefined {
    const macro = this.#context.macroDefinition(name);
    if (!macro) {
      const known = tableMacro(name, this.#context.version);
      return known?.makes === 'entries' ? { kind: 'known', ...known } : undefined;
    }
    if (!(container !== undefined && isTable(container)) && !this.#isRelevant(macro)) return undefined;
    const text = this.#expand(macro, values);
    if (text === undefined || text.trim() === '') return undefined;
    const declaration = `struct ${container ?? 'unknown'} entries = { ${text} };`;
    const [variable] = this.#context.parse(declaration).variables;
    return variable?.initializer ? { kind: 'read', initializer: variable.initializer, text: declaration } : undefined;
  }

  /** Whether a macro, or one that it calls, sets a slot; most macros of a driver do not, and are not expanded. */
  #isRelevant(macro: MacroDefinition): boolean {
    let relevant = this.#relevant.get(macro.name);
    if (relevant === undefined) {
      relevant = this.#reachesSlot(macro);
      this.#relevant.set(macro.name, relevant);
    }
    return relevant;
  }

  #reachesSlot(macro: MacroDefinition): boolean {
    const pending = [macro];
    const seen = new Set<string>();
    for (let next = pending.pop(); next && seen.size < limits.expansions; next = pending.pop()) {
      if (seen.has(next.name)) continue;
      seen.add(next.name);
      if (mentionsSlot(next.body)) return true;
      for (const [word] of next.body.matchAll(/[A-Za-z_]\w*/g)) {
        const inner = this.#context.macroDefinition(word);
        if (inner && !seen.has(word)) pending.push(inner);
        if (!inner && tableMacro(word, this.#context.version)) return true;
      }
    }
    return false;
  }

  #name(name: string, values: readonly string[]): string | undefined {
    const macro = this.#context.macroDefinition(name);
    const text = macro?.parameters && this.#expand(macro, values)?.trim();
    return text && /^[A-Za-z_]\w*$/.test(text) && text !== 'NULL' ? text : undefined;
  }

  #expand(macro: MacroDefinition, values: readonly string[]): string | undefined {
    if (++this.#expansions > limits.expansions || this.#characters > limits.characters) return undefined;
    const text = expandMacro(macro, values);
    this.#characters += text?.length ?? 0;
    return text;
  }
}
