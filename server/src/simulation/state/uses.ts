/**
 * How a driver uses a name: every place in its functions where a field or variable stands, with the expressions around
 * it. Follows a value into the local variables that are made from it. Reads syntax trees only; runs nothing.
 */
import type { Driver, DriverFunction } from '../../driver/model.ts';
import type { Block, Expression } from '../../syntax/ast.ts';
import { walkBlock } from '../../syntax/walk.ts';

import type { Subject } from './subject.ts';

/** One place where the value is used: `around` goes from the nearest expression outwards. */
export interface Use {
  readonly expression: Expression;
  readonly around: readonly Expression[];
  readonly function: string;
  /** What became of the value on its way into a local variable that is used here. */
  readonly turned: Turned;
}

/** Bytes that were turned `into pages`, pages that were turned `into bytes`, or neither. */
export type Turned = 'into pages' | 'into bytes' | undefined;

/** Values are followed into locals this far. */
const hops = 2;

const known = new WeakMap<Driver, Map<string, readonly Use[]>>();

/** The places where the subject is read; no more than the first sixty. */
export function usesOf(driver: Driver, subject: Subject): readonly Use[] {
  let byName = known.get(driver);
  if (!byName) {
    byName = new Map();
    known.set(driver, byName);
  }
  const key = `${subject.kind} ${subject.name} ${subject.within ?? ''}`;
  let uses = byName.get(key);
  if (!uses) {
    uses = findUses(driver, subject);
    byName.set(key, uses);
  }
  return uses;
}

const limit = 60;

function findUses(driver: Driver, { kind, name: field, within }: Subject): readonly Use[] {
  const uses: Use[] = [];
  // Objects may bear an expression as their name.
  if (!/^\w+$/.test(field)) return uses;
  const mentions = new RegExp(`\\b${field}\\b`);
  for (const header of driver.functions.values()) {
    if (uses.length >= limit) break;
    if ((within !== undefined && within !== header.name) || !mentions.test(textOf(driver, header))) continue;
    const body = driver.body(header.name)?.body;
    if (body)
      collect(body, { name: header.name, matches: (expression) => isNamed(expression, field, kind), turned: undefined, depth: hops }, uses);
  }
  return uses;
}

/** The text of a function, without lowering it. */
export function textOf(driver: Driver, header: DriverFunction): string {
  return driver.files.get(header.file)?.slice(header.span.start, header.span.end) ?? '';
}

function isNamed(expression: Expression, name: string, kind: 'field' | 'variable'): boolean {
  if (kind === 'field') return expression.kind === 'member' && expression.field === name;
  return expression.kind === 'name' && expression.name === name;
}

/** What is looked for in one function. */
interface Search {
  readonly name: string;
  readonly matches: (expression: Expression) => boolean;
  readonly turned: Turned;
  readonly depth: number;
}

function collect(body: Block, { name, matches, turned, depth }: Search, uses: Use[]): void {
  const locals = new Map<string, Turned>();
  const stack: Expression[] = [];
  const flowsInto = (local: string, value: Expression) => locals.set(local, turnedBy(value, matches) ?? turned);
  walkBlock(body, {
    statement(statement) {
      if (statement.kind !== 'declaration') return;
      for (const { name: local, initializer } of statement.declarators) {
        if (initializer?.kind === 'expression' && holds(initializer.expression, matches)) flowsInto(local, initializer.expression);
      }
    },
    expression(expression) {
      while (stack.length > 0 && !contains(stack.at(-1), expression)) stack.pop();
      if (matches(expression) && uses.length < limit && !isTarget(expression, stack)) {
        uses.push({ expression, around: stack.toReversed(), function: name, turned });
        for (const outer of stack)
          if (outer.kind === 'assignment' && outer.target.kind === 'name' && outer.operator === '=' && holds(outer.value, matches))
            flowsInto(outer.target.name, outer.value);
      }
      stack.push(expression);
    },
  });
  if (depth === 0) return;
  for (const [local, wasTurned] of locals) {
    collect(body, { name, matches: (expression) => isNamed(expression, local, 'variable'), turned: wasTurned, depth: depth - 1 }, uses);
  }
}

/** What `root` turns that into which matches. */
function turnedBy(root: Expression, matches: (expression: Expression) => boolean): Turned {
  if (root.kind === 'cast') return turnedBy(root.operand, matches);
  if (root.kind !== 'binary') return undefined;
  if (holds(root.left, matches)) return turnOf(root, root.left) ?? turnedBy(root.left, matches);
  return turnOf(root, root.right) ?? turnedBy(root.right, matches);
}

/** What the operator turns its operand into: `bytes >> PAGE_SHIFT`, `pages * PAGE_SIZE`. */
export function turnOf({ operator, left, right }: Expression & { readonly kind: 'binary' }, operand: Expression): Turned {
  const other = operand === left ? right : left;
  if (other.kind !== 'name') return undefined;
  const { name } = other;
  if (operand === left && ((operator === '>>' && name === 'PAGE_SHIFT') || (operator === '/' && name === 'PAGE_SIZE'))) return 'into pages';
  if (operand === left && operator === '<<' && name === 'PAGE_SHIFT') return 'into bytes';
  return operator === '*' && name === 'PAGE_SIZE' ? 'into bytes' : undefined;
}

function contains(outer: Expression | undefined, inner: Expression): boolean {
  return outer !== undefined && outer !== inner && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** Whether the expression is what an assignment writes: no use of its value. */
function isTarget(expression: Expression, stack: readonly Expression[]): boolean {
  const outer = stack.at(-1);
  return outer?.kind === 'assignment' && outer.operator === '=' && outer.target === expression;
}

/** What comes of these is of another kind than their operands: a stride times an index is no stride. */
const factors: ReadonlySet<string> = new Set(['*', '/', '%']);

/** Whether something that matches stands inside `root` and is not an argument of a call there. */
function holds(root: Expression, matches: (expression: Expression) => boolean): boolean {
  switch (root.kind) {
    case 'binary':
      // What is subtracted is of another kind than the rest: an offset less where a window starts.
      if (root.operator === '<<' || root.operator === '>>' || root.operator === '-') return holds(root.left, matches);
      if (factors.has(root.operator))
        return (
          (turnOf(root, root.left) !== undefined && holds(root.left, matches)) ||
          (turnOf(root, root.right) !== undefined && holds(root.right, matches))
        );
      return holds(root.left, matches) || holds(root.right, matches);
    case 'cast':
    case 'unary':
      return holds(root.operand, matches);
    case 'conditional':
      return (root.then !== undefined && holds(root.then, matches)) || holds(root.otherwise, matches);
    default:
      return matches(root);
  }
}

/** A constant by its name: in capitals, or with a prefix that is, as `XYZ_okay`. */
const constantName = /^[A-Z][A-Z0-9_]*$|^[A-Z][A-Z0-9]+_\w+$/;

/** The constants that the subject is compared with for equality: numbers, and names of constants. */
export function constantsComparedWith(driver: Driver, subject: Subject): readonly Expression[] {
  const found: Expression[] = [];
  for (const { expression, around } of usesOf(driver, subject)) {
    const outer = around.find(({ kind }) => kind !== 'cast');
    if (outer?.kind !== 'binary' || (outer.operator !== '==' && outer.operator !== '!=')) continue;
    const other = outer.left === expression ? outer.right : outer.left;
    if (other.kind === 'number' || (other.kind === 'name' && constantName.test(other.name))) found.push(other);
  }
  return found;
}

/** The struct that a pointer leads to which the subject is compared with, where that is a parameter of the function. */
export function structComparedWith(driver: Driver, subject: Subject): string | undefined {
  for (const { expression, around, function: inside } of usesOf(driver, subject)) {
    const outer = around.find(({ kind }) => kind !== 'cast');
    if (outer?.kind !== 'binary' || (outer.operator !== '==' && outer.operator !== '!=')) continue;
    const other = outer.left === expression ? outer.right : outer.left;
    if (other.kind !== 'name') continue;
    const type = driver.functions.get(inside)?.parameters.find(({ name }) => name === other.name)?.type;
    if (type?.kind === 'pointer' && type.to.kind === 'tagged') return type.to.name;
  }
  return undefined;
}

/** Calls of fault handlers that map a page at the address that is their second argument. */
const inserting = /^vmf?_insert_(pfn|pfn_prot|mixed|mixed_mkwrite|page)$/;

/** Whether the driver keeps the user address in the subject that it maps a page at. */
export function isFaultAddress(driver: Driver, subject: Subject): boolean {
  return usesOf(driver, subject).some(
    ({ expression, around: [outer] }) =>
      outer?.kind === 'call' && outer.callee.kind === 'name' && inserting.test(outer.callee.name) && outer.arguments[1] === expression,
  );
}

/** The constants in capitals whose bits of the subject are tested; those first that `running` functions test. */
export function bitsTestedOf(driver: Driver, subject: Subject, running: (name: string) => boolean): readonly Expression[] {
  const found: { readonly bits: Expression; readonly isNear: boolean }[] = [];
  for (const { expression, around, function: name } of usesOf(driver, subject)) {
    const outer = around.find(({ kind }) => kind !== 'cast');
    if (outer?.kind !== 'binary' || outer.operator !== '&') continue;
    const bits = outer.left === expression ? outer.right : outer.left;
    if (bits.kind === 'name' && /^[A-Z][A-Z0-9_]*$/.test(bits.name)) found.push({ bits, isNear: running(name) });
  }
  return found.toSorted((left, right) => Number(right.isNear) - Number(left.isNear)).map(({ bits }) => bits);
}

/** Whether the driver assigns to elements of the array that the subject is or leads to. */
export function hasElementsSet(driver: Driver, subject: Subject): boolean {
  return usesOf(driver, subject).some(
    ({ expression, around: [index, assignment] }) =>
      index?.kind === 'index' && index.object === expression && assignment?.kind === 'assignment' && assignment.target === index,
  );
}
