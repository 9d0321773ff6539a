/**
 * Vmas that are looked up under the mmap lock and followed after it is dropped, as the text of one function tells: the look-up,
 * the unlock and the use stand in this order in one list of statements or in lists around it. Decides no condition.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression, Statement } from '../../../syntax/ast.ts';
import { walkStatement } from '../../../syntax/walk.ts';

/** The vma `name`, found at `found`, is followed at `use` though `unlock` has dropped the lock. */
export interface UseAfterUnlock {
  readonly name: string;
  readonly found: Expression;
  readonly unlock: Expression;
  readonly use: Expression;
}

type Call = Expression & { readonly kind: 'call' };

/** The first such use of each variable that holds what a call of `lookUps` has found. */
export function usesAfterUnlock(driver: Driver, body: readonly Statement[], lookUps: ReadonlySet<string>): readonly UseAfterUnlock[] {
  const found: UseAfterUnlock[] = [];
  const pending = [body];
  for (let list = pending.pop(); list; list = pending.pop()) {
    found.push(...inList(driver, list, lookUps));
    for (const statement of list) pending.push(...listsIn(statement));
  }
  return found;
}

/** The lists of statements that stand right inside a statement. */
function listsIn(statement: Statement): readonly (readonly Statement[])[] {
  const listOf = (inner: Statement | undefined): readonly (readonly Statement[])[] =>
    inner === undefined ? [] : inner.kind === 'block' ? [inner.statements] : listsIn(inner);
  switch (statement.kind) {
    case 'block':
      return [statement.statements];
    case 'if':
      return [...listOf(statement.then), ...listOf(statement.otherwise)];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'iterator':
    case 'switch':
      return listOf(statement.body);
    case 'guard':
      return listOf(statement.body);
    default:
      return [];
  }
}

/** The look-up and the unlock are statements of this very list, so that no condition stands between them. */
function inList(driver: Driver, list: readonly Statement[], lookUps: ReadonlySet<string>): readonly UseAfterUnlock[] {
  return list.flatMap((statement, index) => {
    const name = lookedUp(statement, lookUps);
    if (!name) return [];
    let unlock: Call | undefined;
    for (const next of list.slice(index + 1)) {
      const call = callOf(next);
      if (!unlock && call && isUnlock(driver, call)) unlock = call;
      // A label may be reached with the lock held, and a second lock or look-up begins anew.
      else if (next.kind === 'label' || next.kind === 'case' || next.kind === 'default') return [];
      else if (unlock) {
        const use = firstUse(driver, next, name.name);
        if (use === 'over') return [];
        if (use) return [{ name: name.name, found: name.call, unlock, use }];
      }
    }
    return [];
  });
}

/** The variable that the statement fills with what it looks up. */
function lookedUp(statement: Statement, lookUps: ReadonlySet<string>): { readonly name: string; readonly call: Call } | undefined {
  const isLookUp = (value: Expression | undefined): value is Call =>
    value?.kind === 'call' && value.callee.kind === 'name' && lookUps.has(value.callee.name);
  if (statement.kind === 'declaration') {
    for (const { name, initializer } of statement.declarators)
      if (initializer?.kind === 'expression' && isLookUp(initializer.expression)) return { name, call: initializer.expression };
    return undefined;
  }
  const assigned = statement.kind === 'expression' && statement.expression.kind === 'assignment' ? statement.expression : undefined;
  return assigned?.target.kind === 'name' && isLookUp(assigned.value) ? { name: assigned.target.name, call: assigned.value } : undefined;
}

function callOf(statement: Statement): Call | undefined {
  return statement.kind === 'expression' && statement.expression.kind === 'call' ? statement.expression : undefined;
}

function isUnlock(driver: Driver, call: Call): boolean {
  const {
    callee,
    arguments: [lock],
  } = throughWrappers(driver, call);
  if (callee.kind !== 'name') return false;
  return /^mmap_(?:read|write)_unlock$/.test(callee.name) || (/^up_(?:read|write)$/.test(callee.name) && isMmapLock(lock));
}

/** Macros and functions around a call that are seen through. */
const mostWrappers = 4;

/** The call that a macro of the driver stands for, or that is all that a function of the driver does. */
function throughWrappers(driver: Driver, call: Call): Call {
  let at = call;
  for (let count = 0; count < mostWrappers && at.callee.kind === 'name'; count++) {
    const { name } = at.callee;
    const macro = driver.macro(name);
    const [only, ...others] = driver.functions.has(name) ? (driver.body(name)?.body.statements ?? []) : [];
    const inner = macro?.kind === 'expression' ? macro.expression : only && others.length === 0 ? callOf(only) : undefined;
    if (inner?.kind !== 'call') return at;
    at = inner;
  }
  return at;
}

function isMmapLock(lock: Expression | undefined): boolean {
  return lock?.kind === 'addressOf' && lock.operand.kind === 'member' && /^mmap_(?:sem|lock)$/.test(lock.operand.field);
}

function isLock({ callee }: Call): boolean {
  return callee.kind === 'name' && /^(?:mmap_\w+_lock\w*|down_(?:read|write)\w*)$/.test(callee.name);
}

/** Where the statement follows the variable; `over` when it is filled anew or somebody takes the lock again first. */
function firstUse(driver: Driver, statement: Statement, name: string): Expression | 'over' | undefined {
  let first: Expression | 'over' | undefined;
  walkStatement(statement, {
    expression: (each) => {
      if (first !== undefined) return;
      if (each.kind === 'assignment' && each.target.kind === 'name' && each.target.name === name) first = 'over';
      else if (each.kind === 'call' && isLock(throughWrappers(driver, each))) first = 'over';
      else if (each.kind === 'member' && each.arrow && each.object.kind === 'name' && each.object.name === name) first = each;
    },
  });
  return first;
}
