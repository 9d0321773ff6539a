/**
 * The other C files of a driver's own folder, as far as the facts of its handlers need them: a textual index of what each
 * defines at file level, and the few functions and tables that handlers reach through declarations in the driver's own
 * headers. Two files with their own ideas of one static name are never mixed. Never looks beyond the folder.
 */
import type { FunctionHeader, GlobalVariable } from '../syntax/ast.ts';
import { localHeaders } from './headers.ts';
import { mappingStruct } from './registration.ts';
import { isTable } from './slots.ts';
import type { Source } from './source.ts';

/** How the folder is read. */
export interface Folder {
  /** The other C files, by absolute path. */
  readonly files: readonly string[];
  text(file: string): string | undefined;
  source(file: string): Source | undefined;
}

/** Files of a folder that are looked at and the characters of all of them; files and functions that one driver takes in. */
const limits = { files: 160, characters: 8_000_000, taken: 6, functions: 128 } as const;

/** The names that texts seem to define at file level, by path; texts that changed are indexed anew. */
const indexes = new Map<string, { readonly text: string; readonly names: ReadonlySet<string> }>();
const mostIndexes = 512;

/** A name before a parenthesis, or before `=`, on a line that begins a declaration. */
const definition = /^(?:[A-Za-z_][^\n;={}#"(]*[\s*])?([A-Za-z_]\w*)[ \t]*(?:\(|(?:\[[^\]\n]*\])*[ \t]*=)/gm;

function namesDefined(file: string, text: string): ReadonlySet<string> {
  const known = indexes.get(file);
  if (known?.text === text) return known.names;
  const names = new Set<string>();
  for (const [, name] of text.matchAll(definition)) if (name !== undefined) names.add(name);
  if (indexes.size >= mostIndexes) indexes.clear();
  indexes.set(file, { text, names });
  return names;
}

/** The files of a folder, within the budget. */
function* filesOf(folder: Folder): Iterable<{ readonly file: string; readonly text: string }> {
  let characters = 0;
  for (const file of folder.files.slice(0, limits.files)) {
    const text = folder.text(file);
    if (text === undefined) continue;
    characters += text.length;
    if (characters > limits.characters) return;
    yield { file, text };
  }
}

/** The files whose text may define `name`. */
function filesDefining(folder: Folder, name: string): readonly string[] {
  return [...filesOf(folder)].filter(({ file, text }) => text.includes(name) && namesDefined(file, text).has(name)).map(({ file }) => file);
}

/** The files whose text holds the word `name`. */
export function filesNaming(folder: Folder, name: string): readonly string[] {
  const word = new RegExp(`\\b${name}\\b`);
  return [...filesOf(folder)].filter(({ text }) => text.includes(name) && word.test(text)).map(({ file }) => file);
}

/** The result of a call, cast or not, that the place whose name begins here is set to: what allocates is a call. */
const calling = /[^;=]{0,200}=\s*(?:\([^()]*\)\s*)?[A-Za-z_]\w*\s*\(/y;

/** The files whose text names the struct and may give the field the result of a call, each with the offsets. */
export function filesSetting(
  folder: Folder,
  struct: string,
  field: string,
): readonly { readonly file: string; readonly offsets: readonly number[] }[] {
  const word = new RegExp(`\\b${field}\\b`, 'g');
  return [...filesOf(folder)].flatMap(({ file, text }) => {
    if (!text.includes(field) || !text.includes(struct)) return [];
    const offsets = [...text.matchAll(word)].flatMap(({ index }) => (isMember(text, index) && isCalledFor(text, index) ? index : []));
    return offsets.length > 0 ? [{ file, offsets }] : [];
  });
}

/** Whether a name is a field's: behind `.` or `->`, over white space and the ends of lines of a macro, or behind a comment. */
function isMember(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 80), offset).replace(/[\s\\]+$/, '');
  return /(?:\.|->|\*\/)$/.test(before);
}

function isCalledFor(text: string, offset: number): boolean {
  calling.lastIndex = offset;
  return calling.test(text);
}

/**
 * Views of the siblings that define what handlers of `own` reach: each lists the functions and variables that are reached, and
 * all of its types and macros. The headers of these files follow, those that are not among `headers`.
 */
export function reachedSiblings(own: Source, headers: readonly Source[], folder: Folder): readonly Source[] {
  const reach = new Reach(own, headers, folder);
  const views = reach.views();
  const known = new Set([own, ...headers].map(({ file }) => file));
  const further = views.flatMap((view) => localHeaders(view, (file) => folder.source(file)));
  return [...views, ...further.filter(({ file }) => !known.has(file) && known.add(file))];
}

/** What is taken of one sibling. */
interface Taken {
  readonly source: Source;
  /** All that it defines, by name. */
  readonly known: { readonly functions: ReadonlyMap<string, FunctionHeader>; readonly variables: ReadonlyMap<string, GlobalVariable> };
  readonly functions: Set<FunctionHeader>;
  readonly variables: Set<GlobalVariable>;
  /** It has a name of its own that the driver's file uses for something else. */
  isMixed: boolean;
}

function takenOf(source: Source): Taken {
  const functions = new Map(source.items.functions.map((each) => [each.name, each]));
  const variables = new Map(source.items.variables.filter((each) => !each.isExtern).map((each) => [each.name, each]));
  return { source, known: { functions, variables }, functions: new Set(), variables: new Set(), isMixed: false };
}

class Reach {
  readonly #own: Source;
  readonly #folder: Folder;
  /** Functions of the driver's own file and headers. */
  readonly #near = new Map<string, { readonly source: Source; readonly header: FunctionHeader }>();
  /** Names that the headers declare, and that stand in none of the files at hand. */
  readonly #declared = new Set<string>();
  /** Those of them that are handlers of mappings, by their parameters, and tables. */
  readonly #entries = new Set<string>();
  /** Names that mean something in the driver's own file alone. */
  readonly #private = new Set<string>();
  readonly #taken = new Map<string, Taken>();
  readonly #seen = new Set<string>();
  readonly #pending: { readonly source: Source; readonly text: string }[] = [];
  #functions = 0;

  constructor(own: Source, headers: readonly Source[], folder: Folder) {
    this.#own = own;
    this.#folder = folder;
    const files = [own, ...headers];
    for (const source of files)
      for (const header of source.items.functions) if (!this.#near.has(header.name)) this.#near.set(header.name, { source, header });
    const defined = new Set(files.flatMap(({ items }) => items.variables.filter(({ isExtern }) => !isExtern).map(({ name }) => name)));
    for (const { items } of files) {
      for (const { name, parameters } of items.prototypes) {
        if (this.#near.has(name)) continue;
        if (parameters.some(isMapping)) this.#entries.add(name);
        // What is told a number may check it; what is told of the vma may do anything to it.
        if (parameters.some((each) => isMapping(each) || each.type.kind === 'named')) this.#declared.add(name);
      }
      for (const { name, type, isExtern } of items.variables)
        if (isExtern && !defined.has(name) && type.kind === 'tagged' && isTable(type.name)) {
          this.#declared.add(name);
          this.#entries.add(name);
        }
    }
    for (const { name, isStatic } of own.items.functions) if (isStatic) this.#private.add(name);
    for (const { name, isStatic } of own.items.variables) if (isStatic) this.#private.add(name);
  }

  views(): readonly Source[] {
    if (this.#declared.size === 0 || this.#folder.files.length === 0) return [];
    for (const { name, parameters } of this.#own.items.functions) if (parameters.some(isMapping)) this.#enter(name);
    // Handlers and tables that are declared in a header, and named by this file.
    const named = [...this.#entries].filter((name) => this.#own.text.includes(name));
    if (named.length > 0) for (const name of this.#own.text.match(new RegExp(`\\b(?:${named.join('|')})\\b`, 'g')) ?? []) this.#want(name);
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) this.#follow(next.source, next.text);
    return [...this.#taken.values()].filter(({ isMixed }) => !isMixed).map(viewOf);
  }

  #enter(name: string): void {
    const near = this.#near.get(name);
    if (!near || this.#seen.has(name)) return;
    this.#seen.add(name);
    const { source, header } = near;
    this.#pending.push({ source, text: source.text.slice(header.bodySpan.start, header.bodySpan.end) });
  }

  /** The words of a piece of text of `source`; from a sibling it does not go on to another one. */
  #follow(source: Source, text: string): void {
    const taken = this.#taken.get(source.file);
    for (const word of text.match(/[A-Za-z_]\w*/g) ?? []) {
      if (!taken) this.#enter(word);
      else if (this.#private.has(word)) {
        if (taken.known.functions.has(word) || taken.known.variables.has(word)) taken.isMixed = true;
      } else this.#takeFrom(taken, word);
      if (!taken && this.#declared.has(word)) this.#want(word);
    }
  }

  #want(name: string): void {
    if (this.#seen.has(name) || this.#functions >= limits.functions) return;
    this.#seen.add(name);
    for (const file of filesDefining(this.#folder, name)) {
      const known = this.#taken.get(file);
      if (!known && this.#taken.size >= limits.taken) continue;
      const source = known?.source ?? this.#folder.source(file);
      if (!source || !isPublicIn(source, name)) continue;
      const taken = known ?? takenOf(source);
      this.#taken.set(file, taken);
      this.#takeFrom(taken, name);
      return;
    }
  }

  #takeFrom({ source, known, functions, variables }: Taken, name: string): void {
    const header = known.functions.get(name);
    if (header && !functions.has(header) && this.#functions < limits.functions) {
      this.#functions++;
      functions.add(header);
      this.#pending.push({ source, text: source.text.slice(header.bodySpan.start, header.bodySpan.end) });
    }
    const variable = known.variables.get(name);
    if (!variable || variables.has(variable)) return;
    variables.add(variable);
    if (variable.initializer) this.#pending.push({ source, text: source.text.slice(variable.span.start, variable.span.end) });
  }
}

function isMapping({ type }: FunctionHeader['parameters'][number]): boolean {
  return mappingStruct(type) !== undefined;
}

function isPublicIn({ items }: Source, name: string): boolean {
  return (
    items.functions.some((each) => each.name === name && !each.isStatic) ||
    items.variables.some((each) => each.name === name && !each.isStatic && !each.isExtern)
  );
}

function viewOf({ source, functions, variables }: Taken): Source {
  return { ...source, items: { ...source.items, functions: [...functions], variables: [...variables], macroCalls: [] } };
}
