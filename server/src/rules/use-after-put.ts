/** `use-after-put`: closing a vma drops its reference, which may be the last, and then follows the pointer once more. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkBlock, walkStatement } from '../syntax/walk.ts';
import type { Place, Report, ReportFix, Rule } from './rule.ts';
import { fixOf, insertingBehind, noFix, textAt, wholeLines } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { calleesOf } from './support/text/call-chains.ts';
import { flowThrough } from './support/text/flow.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

/** Calls that drop a reference of what their argument is, or lies in. */
const putting = /^(?:kref_put\w*|kobject_put|put_device|drm_gem_object_put|dma_buf_put)$/;
const freeing = /^(?:kfree|kvfree|vfree|kfree_sensitive)$/;

type CallExpression = Extract<Expression, { readonly kind: 'call' }>;

export const useAfterPut: Rule = {
  name: 'use-after-put',
  severity: 'error',
  summary: '`.close` uses an object after it has dropped the reference of the mapping.',
  check({ driver }) {
    const reports = new Map<string, Report>();
    for (const name of closing(driver)) {
      const uses = usesOf(driver, name);
      const found = uses && !reports.has(name) ? usedAfter(driver, uses) : undefined;
      if (!uses || !found) continue;
      const { name: object, use, drop, call } = found;
      const message = `\`${object}\` is used after \`${call}()\` has dropped the reference of the mapping: where it was the last one, the object is freed by then. Keep what is needed in a local variable first, or drop the reference last.`;
      const related = [{ ...drop, message: 'The reference is dropped here.' }];
      reports.set(name, reportIn(uses, use.span, message, { related, fixes: droppingLast(driver, uses, drop) }));
    }
    return [...reports.values()];
  },
};

/** The statement that drops goes behind the last one of the function, where nothing but statements of one expression lies between. */
function droppingLast(driver: Driver, { file, function: { body } }: FunctionUses, { span }: Place): readonly ReportFix[] {
  const at = body.statements.findIndex((each) => each.span.start <= span.start && span.end <= each.span.end);
  const statement = body.statements[at];
  const behind = body.statements.slice(at + 1);
  const last = behind.at(-1);
  if (statement?.kind !== 'expression' || !last || !behind.every(({ kind }) => kind === 'expression')) return noFix;
  const [after] = insertingBehind(driver, { file, span: last.span }, [textAt(driver, { file, span: statement.span })], { title: '' });
  const removed = wholeLines(driver, { file, span: statement.span });
  if (!after) return noFix;
  // Where a lock was taken before, the release may count on it.
  const isLocked = calledIn(body.statements.slice(0, at)).some((name) => /(?:^|_)lock/.test(name));
  const title = isLocked ? 'Drop the reference last (check that the release needs no lock)' : 'Drop the reference last';
  return fixOf({ title, safe: !isLocked }, [{ file, span: removed, newText: '' }, ...after.edits]);
}

/** The names of the functions that the statements call. */
function calledIn(statements: readonly Statement[]): readonly string[] {
  const names: string[] = [];
  for (const statement of statements)
    walkStatement(statement, {
      expression: (each) => void (each.kind === 'call' && each.callee.kind === 'name' && names.push(each.callee.name)),
    });
  return names;
}

/** The functions that run when a vma is closed. */
function closing(driver: Driver): ReadonlySet<string> {
  const names = new Set(driver.handlers.filter(({ kind }) => kind === 'close').map((handler) => handler.function));
  for (const name of names) for (const callee of calleesOf(driver, name)) names.add(callee);
  return names;
}

interface Use {
  readonly name: string;
  readonly use: Expression;
  readonly drop: Place;
  readonly call: string;
}

/** Variables whose object may be gone, each with the call that dropped it. */
type Gone = ReadonlyMap<string, { readonly call: string; readonly place: Place }>;

function usedAfter(driver: Driver, uses: FunctionUses): Use | undefined {
  let found: Use | undefined;
  const statements = callStatements(uses);
  const step = (each: Expression, gone: Gone): Gone => {
    if (each.kind === 'assignment' && each.target.kind === 'name') return without(gone, each.target.name);
    if (each.kind === 'call') return statements.has(each) ? afterCall(driver, uses, each, gone) : gone;
    const name = each.kind === 'member' && each.arrow && each.object.kind === 'name' ? each.object.name : undefined;
    const drop = name === undefined ? undefined : gone.get(name);
    if (name !== undefined && drop) found ??= { name, use: each, drop: drop.place, call: drop.call };
    return gone;
  };
  flowThrough<Gone>(uses.function.body, new Map(), {
    step,
    join: (left, right) => new Map([...left, ...right]),
    declare: (name, _, gone) => without(gone, name),
  });
  return found;
}

/** Calls whose result nobody asks for: `if (kref_put(…))` knows whether it was the last reference. */
function callStatements({ function: { body } }: FunctionUses): ReadonlySet<Expression> {
  const calls = new Set<Expression>();
  walkBlock(body, { statement: (each) => void (each.kind === 'expression' && calls.add(each.expression)) });
  return calls;
}

function without(gone: Gone, name: string): Gone {
  return gone.has(name) ? new Map([...gone].filter(([each]) => each !== name)) : gone;
}

function afterCall(driver: Driver, { file }: FunctionUses, call: CallExpression, gone: Gone): Gone {
  const owner = droppedBy(driver, call);
  if (owner === undefined || call.callee.kind !== 'name') return gone;
  return new Map(gone).set(owner, { call: call.callee.name, place: { file, span: call.span } });
}

/** The variable whose object may be gone after the call: `kref_put(&map->ref, …)` frees the map, and so may a function of the driver. */
function droppedBy(driver: Driver, call: CallExpression, depth = 0): string | undefined {
  if (call.callee.kind !== 'name') return undefined;
  const { name } = call.callee;
  if (driver.functions.has(name)) {
    const argument = call.arguments[droppedParameter(driver, name, depth) ?? -1];
    return argument?.kind === 'name' ? argument.name : undefined;
  }
  const [argument] = call.arguments;
  const place = argument?.kind === 'addressOf' ? argument.operand : argument;
  if (freeing.test(name)) return argument?.kind === 'name' ? argument.name : undefined;
  if (!putting.test(name)) return undefined;
  if (place?.kind === 'member' && argument?.kind === 'addressOf') return place.object.kind === 'name' ? place.object.name : undefined;
  return place?.kind === 'name' && !name.startsWith('kref') ? place.name : undefined;
}

/** The parameter that a function of the driver frees, or drops a reference of, when it was not NULL. */
function droppedParameter(driver: Driver, name: string, depth: number): number | undefined {
  const uses = depth > 2 ? undefined : usesOf(driver, name);
  for (const each of uses?.expressions ?? []) {
    const dropped = each.kind === 'call' ? droppedBy(driver, each, depth + 1) : undefined;
    const index = dropped === undefined ? -1 : (uses?.function.parameters.findIndex((parameter) => parameter.name === dropped) ?? -1);
    if (index >= 0) return index;
  }
  return undefined;
}
