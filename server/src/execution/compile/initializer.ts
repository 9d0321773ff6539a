/**
 * Initialisers: values and braced lists, with designators and with inner braces left out, written to an object part by
 * part. What a list does not mention becomes zero.
 */
import type { Designator, Expression, Initializer, InitializerEntry, Span } from '../../syntax/ast.ts';
import { store } from '../access.ts';
import { constantExpression } from '../constant-expression.ts';
import { type CType, unknownType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import { clear } from '../memory.ts';
import { elementAt, fieldAt, type Location } from '../place.ts';
import { constant } from '../term.ts';
import { compileExpression } from './expression.ts';
import { expandEntries } from './macro.ts';
import type { Scope } from './scope.ts';

export type Fill = (run: Run, location: Location) => void;
/** From an object to a part of it. */
type Way = (run: Run, location: Location) => Location;

interface Part {
  readonly way: Way;
  readonly type: CType;
}

interface Cursor {
  readonly entries: readonly InitializerEntry[];
  at: number;
}

/** The type of an object declared as `type`: an array without a length has that of its initialiser. */
export function completeType(type: CType, initializer: Initializer | undefined, scope: Scope): CType {
  if (type.kind !== 'array' || type.length !== undefined || !initializer) return type;
  if (initializer.kind === 'expression') {
    const { expression } = initializer;
    return expression.kind === 'string' ? { ...type, length: expression.value.length + 1 } : type;
  }
  let next = 0;
  let length = 0;
  for (const entry of expandEntries(initializer.entries, scope)) {
    const [first] = entry.designators;
    if (first?.kind === 'element') next = indexOf(first.last ?? first.index, scope) ?? next;
    length = Math.max(length, ++next);
  }
  return { ...type, length };
}

/** Writes the initialiser's value to an object of `type`. Lists clear the object first. */
export function compileInitializer(type: CType, initializer: Initializer, scope: Scope): Fill {
  if (initializer.kind === 'expression') return compileValue(type, initializer, scope);
  if (type.kind !== 'struct' && type.kind !== 'array' && type.kind !== 'unknown') {
    const [only] = expandEntries(initializer.entries, scope);
    return only ? compileInitializer(type, only.value, scope) : clearing([]);
  }
  return clearing(compileList(type, { entries: expandEntries(initializer.entries, scope), at: 0 }, scope, true));
}

/** The fills of a list without what it does not mention. */
export function compileMentioned(type: CType, initializer: Initializer, scope: Scope): readonly Fill[] {
  return initializer.kind === 'list'
    ? compileList(type, { entries: expandEntries(initializer.entries, scope), at: 0 }, scope, true)
    : [compileValue(type, initializer, scope)];
}

function clearing(fills: readonly Fill[]): Fill {
  return (run, location) => {
    clear(location, run.types.sizeOf(location.type));
    for (const fill of fills) fill(run, location);
  };
}

function compileValue(type: CType, initializer: Extract<Initializer, { kind: 'expression' }>, scope: Scope): Fill {
  const { expression, span } = initializer;
  if (type.kind === 'array' && expression.kind === 'string') return fillString(type, expression.value);
  const entry = type.kind === 'struct' && expression.kind === 'call' ? listOfMacro(expression, span) : undefined;
  if (entry) return clearing(compileList(type, { entries: [entry], at: 0 }, scope, true));
  const value = compileExpression(expression, scope, type.kind === 'unknown' ? undefined : type);
  return (run, location) => {
    store(run, location, value.evaluate(run), span);
  };
}

/** Macros that stand for braces around a number, with the way to the number. */
const numberMacros: Readonly<Record<string, readonly string[]>> = {
  ATOMIC_INIT: ['counter'],
  ATOMIC64_INIT: ['counter'],
  ATOMIC_LONG_INIT: ['counter'],
  REFCOUNT_INIT: ['refs', 'counter'],
  KREF_INIT: ['refcount', 'refs', 'counter'],
};

/** `ATOMIC_INIT(1)` and its like as the list `{ .counter = 1 }`. */
function listOfMacro({ callee, arguments: [number] }: Extract<Expression, { kind: 'call' }>, span: Span): InitializerEntry | undefined {
  const fields = callee.kind === 'name' && Object.hasOwn(numberMacros, callee.name) ? numberMacros[callee.name] : undefined;
  if (!fields || !number) return undefined;
  const designators = fields.map((name): Designator => ({ kind: 'field', name, span }));
  return { designators, value: { kind: 'expression', expression: number, span }, span };
}

function fillString(type: Extract<CType, { kind: 'array' }>, text: string): Fill {
  const element = type.of;
  return (run, location) => {
    clear(location, run.types.sizeOf(type));
    for (let index = 0; index < text.length; index++) {
      const at = elementAt(location, constant(index), run.types.sizeOf(element), element);
      store(run, at, { kind: 'integer', type: run.types.model.long, term: constant(text.charCodeAt(index)) }, run.span);
    }
  };
}

/**
 * Reads entries for the parts of `type` until they or the parts run out. `braced` is false where the inner braces are left
 * out: then a designator belongs to the list outside.
 */
function compileList(type: CType, cursor: Cursor, scope: Scope, braced: boolean): Fill[] {
  const fills: Fill[] = [];
  let next = 0;
  while (cursor.at < cursor.entries.length) {
    const entry = cursor.entries[cursor.at];
    if (!entry) break;
    if (entry.designators.length > 0) {
      if (!braced) break;
      const [first, ...deeper] = entry.designators;
      const start = first && designated(type, first, scope);
      cursor.at++;
      if (!first || !start) continue;
      next = start.next;
      for (const part of start.parts) fills.push(compilePart(deeperPart(part, deeper, scope), entry.value, scope));
      continue;
    }
    const part = positional(type, next++, scope);
    if (!part) {
      if (!braced) break;
      cursor.at++;
      continue;
    }
    if (entry.value.kind === 'expression' && leavesBracesOut(part.type, entry.value, scope)) {
      const inner = compileList(part.type, cursor, scope, false);
      fills.push((run, location) => {
        const at = part.way(run, location);
        for (const fill of inner) fill(run, at);
      });
      continue;
    }
    cursor.at++;
    fills.push(compilePart(part, entry.value, scope));
  }
  return fills;
}

function compilePart(part: Part, value: Initializer, scope: Scope): Fill {
  const fill = compileInitializer(part.type, value, scope);
  return (run, location) => fill(run, part.way(run, location));
}

/** Whether a scalar stands for the first member of a struct or array. */
function leavesBracesOut(type: CType, value: Extract<Initializer, { kind: 'expression' }>, scope: Scope): boolean {
  if (type.kind !== 'struct' && type.kind !== 'array') return false;
  if (type.kind === 'array' && value.expression.kind === 'string') return false;
  if (type.kind === 'struct' && !scope.context.compiled.types.layout(type)) return false;
  const from = compileExpression(value.expression, scope).type;
  return from.kind !== 'struct' && from.kind !== 'unknown';
}

/** The parts that a designator names (several for `[a ... b]`), and the position after them. */
function designated(
  type: CType,
  designator: Designator,
  scope: Scope,
): { readonly parts: readonly Part[]; readonly next: number } | undefined {
  if (designator.kind === 'field') {
    const layout = scope.context.compiled.types.layout(type);
    const position = layout?.members.findIndex((member) => member.name === designator.name) ?? -1;
    return { parts: [fieldPart(type, designator.name, scope)], next: position + 1 };
  }
  const from = indexOf(designator.index, scope);
  const to = designator.last ? indexOf(designator.last, scope) : from;
  if (from === undefined || to === undefined || to - from > 4096) return undefined;
  const parts = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => elementPart(type, from + index));
  return { parts, next: to + 1 };
}

function deeperPart(part: Part, designators: readonly Designator[], scope: Scope): Part {
  let whole = part;
  for (const designator of designators) {
    const [inner] = designated(whole.type, designator, scope)?.parts ?? [];
    if (!inner) return whole;
    const { way } = whole;
    whole = { type: inner.type, way: (run, location) => inner.way(run, way(run, location)) };
  }
  return whole;
}

function positional(type: CType, index: number, scope: Scope): Part | undefined {
  if (type.kind === 'array') return type.length !== undefined && index >= type.length ? undefined : elementPart(type, index);
  if (type.kind === 'unknown') return elementPart(type, index);
  if (type.kind !== 'struct') return undefined;
  const members = scope.context.compiled.types.layout(type)?.members.filter((member) => member.name !== '' || member.bits === undefined);
  const member = type.tag === 'union' && index > 0 ? undefined : members?.[index];
  if (!member) return undefined;
  // An anonymous member has no name, but it has a place.
  return member.name === ''
    ? { type: member.type, way: (_run, at) => fieldAt(at, member.step, member.type) }
    : fieldPart(type, member.name, scope);
}

function fieldPart(type: CType, name: string, scope: Scope): Part {
  const field = scope.context.compiled.types.field(type, name);
  if (!field) return { type: unknownType, way: (_run, at) => fieldAt(at, { kind: 'field', name }, unknownType) };
  return { type: field.type, way: (_run, at) => fieldAt(at, field.step, field.type, field.bits) };
}

function elementPart(type: CType, index: number): Part {
  const of = type.kind === 'array' ? type.of : unknownType;
  return { type: of, way: (run, at) => elementAt(at, constant(index), run.types.sizeOf(of), of) };
}

export function indexOf(expression: Parameters<typeof constantExpression>[0], scope: Scope): number | undefined {
  const { program, types } = scope.context.compiled;
  const value = constantExpression(expression, program, types);
  return value === undefined ? undefined : Number(value);
}
