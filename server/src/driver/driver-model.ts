/**
 * The driver as a whole: its own file and the headers beside it, with everything computed when it is first asked for and
 * kept. One object per version of the text; it never changes what it answers.
 */
import type { Expression, FunctionDefinition, MacroDefinition, MacroMeaning, Span, TypeDefinition, TypeName } from '../syntax/ast.ts';
import { branchVariants } from './branches.ts';
import { type Declarations, declarationsOf, scopeOver } from './declarations.ts';
import { TextOfDriver } from './driver-text.ts';
import { sourcesInFunction, sourcesInVariable } from './field-sources.ts';
import { type HandlerContext, handlersBySignature, handlersOf, tablesOf } from './handlers.ts';
import { localHeaders } from './headers.ts';
import { MacroTables } from './macro-tables.ts';
import type { Driver, DriverFunction, DriverProblem, FieldSource, Handler, OpsTable, Target } from './model.ts';
import { type Registration, RegistrationSearch } from './registration.ts';
import { mayHaveHandlers, mentionsSlot } from './relevance.ts';
import { Settings } from './setting-text.ts';
import { SiblingSources } from './sibling-sources.ts';
import { type Folder, filesNaming, reachedSiblings } from './siblings.ts';
import { isTable } from './slots.ts';
import type { Source } from './source.ts';
import { type Scope, structName } from './typing.ts';

/** How the model reads other texts. */
export interface Reader {
  /** A file of the driver, or `undefined` where there is none. */
  file(path: string): Source | undefined;
  /** A text that a macro expands to, or another reading of the file at `file`; the caller disposes of nothing. */
  snippet(text: string, file?: string): Source;
  /** The other C files of the folder. */
  readonly folder: Folder;
}

export class DriverModel implements Driver {
  readonly file: string;
  readonly target: Target;
  readonly text = new TextOfDriver(this);
  readonly #own: Source;
  readonly #reader: Reader;
  readonly #elsewhere: SiblingSources;
  readonly #bodies = new Map<string, FunctionDefinition | undefined>();
  readonly #meanings = new Map<string, MacroMeaning | undefined>();
  readonly #fieldSources = new Map<string, readonly FieldSource[]>();
  #sources: ReadonlyMap<string, Source> | undefined;
  /** What is taken of the other C files of the folder. */
  #siblings: readonly Source[] = [];
  #declarations: Declarations | undefined;
  #registrations: readonly Registration[] | undefined;
  #handlers: readonly Handler[] | undefined;
  #inactiveHandlers: readonly Handler[] | undefined;
  #tables: readonly OpsTable[] | undefined;
  #files: ReadonlyMap<string, string> | undefined;
  #ownScope: Scope | undefined;

  constructor(own: Source, target: Target, reader: Reader) {
    this.file = own.file;
    this.target = target;
    this.#own = own;
    this.#reader = reader;
    this.#elsewhere = new SiblingSources(reader, (name) => this.macro(name));
  }

  get ownText(): string {
    return this.#own.text;
  }

  get files(): ReadonlyMap<string, string> {
    this.#files ??= new Map([...this.sources].map(([file, { text }]) => [file, text]));
    return this.#files;
  }

  isUndecided(file: string, { start, end }: Span): boolean {
    return this.sources.get(file)?.undecided.some((branch) => branch.start <= start && end <= branch.end) === true;
  }

  get handlers(): readonly Handler[] {
    this.#handlers ??= this.#findHandlers();
    return this.#handlers;
  }

  get inactiveHandlers(): readonly Handler[] {
    this.#inactiveHandlers ??= this.#findInactiveHandlers();
    return this.#inactiveHandlers;
  }

  get tables(): readonly OpsTable[] {
    this.#tables ??= [...tablesOf(this.#found, this.file), ...this.#siblingTables()];
    return this.#tables;
  }

  get functions(): ReadonlyMap<string, DriverFunction> {
    return this.declarations.functions;
  }

  get variables(): Declarations['variables'] {
    return this.declarations.variables;
  }

  get types(): ReadonlyMap<string, TypeDefinition> {
    return this.declarations.types;
  }

  get typedefs(): ReadonlyMap<string, TypeName> {
    return this.declarations.typedefs;
  }

  get enumerators(): ReadonlyMap<string, Expression | undefined> {
    return this.declarations.enumerators;
  }

  get enumeratorSteps(): Declarations['enumeratorSteps'] {
    return this.declarations.enumeratorSteps;
  }

  get macros(): ReadonlyMap<string, MacroDefinition> {
    return this.declarations.macros;
  }

  get problems(): readonly DriverProblem[] {
    return this.#own.items.problems.map(({ message, span }) => ({ file: this.file, message, span }));
  }

  /** Everything that the driver's files declare, by name. */
  get declarations(): Declarations {
    this.#declarations ??= declarationsOf([...this.sources.values()]);
    return this.#declarations;
  }

  #siblingTables(): readonly OpsTable[] {
    const { declarations } = this;
    return this.#siblings.flatMap((source) => tablesOf(this.#registrationsIn(source, declarations, this.#scope), source.file));
  }

  /** The texts by file, the driver's own first. */
  get sources(): ReadonlyMap<string, Source> {
    if (!this.#sources) {
      const headers = localHeaders(this.#own, (file) => this.#reader.file(file));
      const siblings = reachedSiblings(this.#own, headers, this.#reader.folder);
      this.#siblings = siblings.filter(({ file }) => file.endsWith('.c'));
      this.#sources = new Map([this.#own, ...headers, ...siblings].map((source) => [source.file, source]));
    }
    return this.#sources;
  }

  body(name: string): FunctionDefinition | undefined {
    if (!this.#bodies.has(name)) {
      const header = this.functions.get(name);
      this.#bodies.set(name, header && this.sources.get(header.file)?.body(header));
    }
    return this.#bodies.get(name);
  }

  macro(name: string): MacroMeaning | undefined {
    if (!this.#meanings.has(name)) {
      const definition = this.declarations.macros.get(name);
      this.#meanings.set(name, definition && this.sources.get(definition.file)?.meaning(definition));
    }
    return this.#meanings.get(name);
  }

  sourcesOf(struct: string | undefined, field: string): readonly FieldSource[] {
    const all = this.#sourcesOfField(field);
    const same = all.filter((source) => source.struct === struct);
    const shared = (struct === undefined ? all : same).length === 0 ? this.#sharedStruct(struct, field) : undefined;
    if (shared !== undefined) same.push(...this.#elsewhere.sourcesOf(shared, field));
    if (struct === undefined) return [...same, ...all.filter((source) => source.struct !== undefined)];
    return [...same, ...all.filter((source) => source.struct === undefined)];
  }

  #sourcesOfField(field: string): readonly FieldSource[] {
    let sources = this.#fieldSources.get(field);
    if (!sources) {
      const found: FieldSource[] = [];
      const settings = new Map([...this.sources.values()].map((source) => [source.file, settingsOf(source)]));
      const maySet = ({ file, span }: { readonly file: string; readonly span: Span }): boolean =>
        settings.get(file)?.maySet(field, span) ?? false;
      for (const header of this.functions.values()) {
        if (maySet(header)) found.push(...this.sourcesIn(header.name).filter((source) => source.field === field));
      }
      for (const variable of this.variables.values()) {
        if (variable.initializer && maySet(variable)) {
          found.push(...sourcesInVariable(variable, variable.file, this.#scope).filter((source) => source.field === field));
        }
      }
      sources = found;
      this.#fieldSources.set(field, sources);
    }
    return sources;
  }

  #structsByField: ReadonlyMap<string, readonly string[]> | undefined;

  /** The struct of the headers that has the field: `struct` itself, or the only one. */
  #sharedStruct(struct: string | undefined, field: string): string | undefined {
    if (!this.#structsByField) {
      const own = new Set(this.#own.items.types.map(({ name }) => name));
      const found = new Map<string, string[]>();
      for (const { name, type } of this.types.values()) {
        if (own.has(name) || type.kind !== 'tagged' || type.body?.kind !== 'fields') continue;
        for (const each of type.body.fields) found.set(each.name, [...(found.get(each.name) ?? []), name]);
      }
      this.#structsByField = found;
    }
    const structs = this.#structsByField.get(field) ?? [];
    if (struct !== undefined) return structs.includes(struct) ? struct : undefined;
    return structs.length === 1 ? structs[0] : undefined;
  }

  readonly #byFunction = new Map<string, readonly FieldSource[]>();

  sourcesIn(name: string): readonly FieldSource[] {
    let sources = this.#byFunction.get(name);
    if (!sources) {
      const definition = this.body(name);
      sources = definition ? sourcesInFunction(definition, this.functions.get(name)?.file ?? this.file, this.#scope) : [];
      this.#byFunction.set(name, sources);
    }
    return sources;
  }

  get #scope(): Scope {
    this.#ownScope ??= scopeOver(this.declarations, (name) => this.macro(name));
    return this.#ownScope;
  }

  get #found(): readonly Registration[] {
    this.#registrations ??= this.#registrationsIn(this.#own, this.declarations, this.#scope);
    return this.#registrations;
  }

  /** The registrations in one text, in its order. */
  #registrationsIn(source: Source, declarations: Declarations, scope: Scope): readonly Registration[] {
    const macros = new MacroTables({
      version: this.target.version,
      scope,
      macroDefinition: (name) => declarations.macros.get(name),
      parse: (text) => this.#reader.snippet(text).items,
    });
    const search = new RegistrationSearch(macros.surroundings(source.text));
    for (const variable of source.items.variables) {
      if (!variable.initializer) continue;
      const container = structName(variable.type, scope);
      if ((container !== undefined && (isTable(container) || this.#isStatedTable(container))) || this.#mayRegister(source, variable.span)) {
        search.initializer(variable.type, variable.initializer, scope, variable.name);
      }
    }
    for (const header of source.items.functions) {
      const written = source.text.slice(header.bodySpan.start, header.bodySpan.end);
      if (!mentionsSlot(written) && !this.#mentionsStatedSlot(written)) continue;
      const definition = source === this.#own ? this.body(header.name) : source.body(header);
      if (definition) search.body(definition);
    }
    const called = source.items.macroCalls.flatMap((call) => macros.tablesOfCall(call));
    return [...search.found, ...called].sort((left, right) => left.span.start - right.span.start);
  }

  #isStatedTable(container: string): boolean {
    return [...(this.target.slots?.keys() ?? [])].some((slot) => slot.startsWith(`${container}.`));
  }

  #mentionsStatedSlot(text: string): boolean {
    return [...(this.target.slots?.keys() ?? [])].some((slot) => text.includes(slot.slice(slot.indexOf('.') + 1)));
  }

  /** Whether an initializer sets a slot itself or uses a macro of the driver that may. */
  #mayRegister({ text }: Source, span: { readonly start: number; readonly end: number }): boolean {
    const written = text.slice(span.start, span.end);
    return mentionsSlot(written) || mayHaveHandlers(written);
  }

  get #context(): HandlerContext {
    const { items, text } = this.#own;
    const isCalled = (name: string): boolean => {
      const written = text.match(new RegExp(`\\b${name}\\s*\\(`, 'g'))?.length ?? 0;
      const listed = [...items.functions, ...items.prototypes].filter((each) => each.name === name).length;
      return written > listed;
    };
    const { slots } = this.target;
    return { file: this.file, functions: this.functions, isCalled, ...(slots && { slots }) };
  }

  #findHandlers(): readonly Handler[] {
    const context = this.#context;
    const registered = handlersOf(this.#found, context);
    const others = handlersBySignature(new Set(registered.map((handler) => handler.function)), context);
    return [...registered, ...others.flatMap((handler) => this.#registeredElsewhere(handler, context) ?? handler)];
  }

  /** A handler that the headers declare, as another file of the folder registers it. */
  #registeredElsewhere(handler: Handler, context: HandlerContext): readonly Handler[] | undefined {
    const name = handler.function;
    if (this.functions.get(name)?.isStatic !== false || !this.declarations.prototypes.has(name)) return undefined;
    for (const file of filesNaming(this.#reader.folder, name)) {
      const source = this.#reader.folder.source(file);
      if (!source) continue;
      const registrations = this.#registrationsIn(source, ...this.#elsewhere.namesIn(source));
      const found = handlersOf(
        registrations.filter((registration) => registration.function === name),
        { ...context, file },
      );
      if (found.length > 0) return found;
    }
    return undefined;
  }

  /** Names that this configuration makes `NULL` by a macro; another one may have functions of these names. */
  get #absentFunctions(): readonly string[] {
    return this.#own.items.macros.filter(({ body, parameters }) => !parameters && /^\s*\(*\s*NULL\b/.test(body)).map(({ name }) => name);
  }

  #findInactiveHandlers(): readonly Handler[] {
    const known = new Set(this.handlers.map(keyOf));
    const found: Handler[] = [];
    const absent = new RegExp(`\\b(?:${this.#absentFunctions.join('|')})\\s*\\(`);
    const isInteresting = (branch: string): boolean => mentionsSlot(branch) || (this.#absentFunctions.length > 0 && absent.test(branch));
    const context = this.#context;
    const headers = [...this.sources.values()].filter((source) => source !== this.#own);
    for (const text of branchVariants(this.#own.text, this.#own.inactive, isInteresting)) {
      const source = this.#reader.snippet(text, this.file);
      const declarations = declarationsOf([source, ...headers]);
      const scope = scopeOver(declarations, (name) => {
        const definition = source.items.macros.find((macro) => macro.name === name);
        return definition ? source.meaning(definition) : this.macro(name);
      });
      const registrations = this.#registrationsIn(source, declarations, scope);
      for (const handler of handlersOf(registrations, { ...context, functions: declarations.functions })) {
        const key = keyOf(handler);
        if (known.has(key)) continue;
        known.add(key);
        found.push(handler);
      }
    }
    return found;
  }
}

const settings = new WeakMap<Source, Settings>();

function settingsOf(source: Source): Settings {
  const known = settings.get(source) ?? new Settings(source.text);
  settings.set(source, known);
  return known;
}

function keyOf(handler: Handler): string {
  return `${handler.function} ${handler.slot} ${handler.registeredAt?.span.start ?? ''}`;
}
