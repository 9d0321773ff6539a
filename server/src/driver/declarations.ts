/**
 * Everything that the files of a driver declare, by name. The first file is the driver's own; where two files define the
 * same name, the first one wins.
 */
import type { Expression, FileItems, GlobalVariable, MacroDefinition, TypeDefinition, TypeName } from '../syntax/ast.ts';
import type { DriverFunction } from './model.ts';
import type { Scope } from './typing.ts';

/** One file's part: what is listed of it, and where it is from. */
export interface ListedFile {
  readonly file: string;
  readonly items: FileItems;
}

export interface Declarations {
  readonly functions: ReadonlyMap<string, DriverFunction>;
  /** What functions that are only declared return. */
  readonly prototypes: ReadonlyMap<string, TypeName>;
  readonly variables: ReadonlyMap<string, GlobalVariable & { readonly file: string }>;
  /** Structs, unions and enums by tag. */
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly typedefs: ReadonlyMap<string, TypeName>;
  readonly enumerators: ReadonlyMap<string, Expression | undefined>;
  /** Each enumerator as the last value spelled before it, plus a count. */
  readonly enumeratorSteps: ReadonlyMap<string, EnumeratorStep>;
  readonly macros: ReadonlyMap<string, MacroDefinition & { readonly file: string }>;
}

/** `base + plus`; without a base the enum counts from 0. */
export interface EnumeratorStep {
  readonly base?: Expression;
  readonly plus: bigint;
}

/** Merges the files' lists. */
export function declarationsOf(files: readonly ListedFile[]): Declarations {
  const functions = new Map<string, DriverFunction>();
  const prototypes = new Map<string, TypeName>();
  const variables = new Map<string, GlobalVariable & { readonly file: string }>();
  const types = new Map<string, TypeDefinition>();
  const typedefs = new Map<string, TypeName>();
  const enumerators = new Map<string, Expression | undefined>();
  const enumeratorSteps = new Map<string, EnumeratorStep>();
  const macros = new Map<string, MacroDefinition & { readonly file: string }>();
  for (const { file, items } of files) {
    for (const each of items.functions) addFirst(functions, each.name, { ...each, file });
    for (const each of items.prototypes) addFirst(prototypes, each.name, each.returns);
    for (const each of items.variables) {
      const known = variables.get(each.name);
      // A later definition with an initializer completes a declaration that has none.
      if (!known || (known.isExtern && !each.isExtern) || (!known.initializer && each.initializer))
        variables.set(each.name, { ...each, file });
    }
    for (const each of items.types) {
      if (each.kind === 'typedef') addFirst(typedefs, each.name, each.type);
      else addType(types, each);
      addEnumerators(each.type, enumerators, enumeratorSteps);
    }
    for (const each of items.macros) addFirst(macros, each.name, { ...each, file });
  }
  return { functions, prototypes, variables, types, typedefs, enumerators, enumeratorSteps, macros };
}

function addFirst<Value>(map: Map<string, Value>, name: string, value: Value): void {
  if (name !== '' && !map.has(name)) map.set(name, value);
}

/** A definition with a body wins over a mere mention. */
function addType(types: Map<string, TypeDefinition>, definition: TypeDefinition): void {
  const known = types.get(definition.name);
  const hasBody = (each: TypeDefinition | undefined): boolean => each?.type.kind === 'tagged' && each.type.body !== undefined;
  if (definition.name !== '' && (!known || (!hasBody(known) && hasBody(definition)))) types.set(definition.name, definition);
}

function addEnumerators(type: TypeName, values: Map<string, Expression | undefined>, steps: Map<string, EnumeratorStep>): void {
  if (type.kind !== 'tagged' || type.body?.kind !== 'enumerators') return;
  let base: Expression | undefined;
  let plus = 0n;
  for (const { name, value } of type.body.enumerators) {
    if (value) {
      base = value;
      plus = 0n;
    }
    addFirst(steps, name, { ...(base && { base }), plus });
    if (name !== '' && !values.has(name)) values.set(name, value);
    plus++;
  }
}

/** Names as these declarations have them; `macro` gives the meaning of a macro. */
export function scopeOver(declarations: Declarations, macro: Scope['macro']): Scope {
  return {
    variable: (name) => declarations.variables.get(name)?.type,
    typedef: (name) => declarations.typedefs.get(name),
    struct: (name) => declarations.types.get(name)?.type,
    returns: (name) => declarations.functions.get(name)?.returns ?? declarations.prototypes.get(name),
    macro,
  };
}
