/** `open-can-fail`: `.open` takes its reference with a call that can fail, and has no way to say so. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { firstCount } from './support/lifetime/counting.ts';
import { withCallees } from './support/locks/lock-classes.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

/** What a call takes that `.close` gives back. */
const taking = /(?:^|_)(?:get|pin|alloc|acquire|prepare|map|attach|reserve)(?:_|$)/;
/** Calls of the kernel that take something, and may refuse. */
const refusing = /^(?:kref_get_unless_zero|refcount_inc_not_zero|dma_buf_pin|drm_gem_pin|clk_prepare_enable|pm_runtime_resume_and_get)$/;
/** Those that refuse a count of 0 alone. */
const unlessZero = /_unless_zero$|_not_zero$/;
/** Macros that tell of a failure and go on. */
const telling = /^(?:WARN\w*|pr_\w+|dev_\w+|drm_\w+|printk\w*|net\w*_ratelimited|likely|unlikely)$/;

export const openCanFail: Rule = {
  name: 'open-can-fail',
  severity: 'warning',
  summary: '`.open` takes its reference with a call that can fail, and goes on when it does.',
  check({ driver }) {
    const reports = new Map<string, Report>();
    for (const { function: open, defined, kind } of driver.handlers) {
      const uses = kind === 'open' && defined && !reports.has(open) ? usesOf(driver, open) : undefined;
      const close = uses && closeOf(driver, open);
      const call = uses && close !== undefined && firstCount(driver, close, 'down') ? lostFailure(driver, uses, close) : undefined;
      if (!uses || !call) continue;
      const message = `\`${call.name}()\` can fail, and \`.open\` cannot: fork or a split goes on with a vma for which nothing was taken, and \`${close}()\` gives back what another vma holds. Take all that can fail in mmap, and count here.`;
      reports.set(open, reportIn(uses, call.span, message));
    }
    return [...reports.values()];
  },
};

function closeOf(driver: Driver, open: string): string | undefined {
  const table = driver.tables.find(
    ({ container, entries }) =>
      container === 'vm_operations_struct' && entries.some(({ slot, function: name }) => slot === 'open' && name === open),
  );
  return table?.entries.find(({ slot }) => slot === 'close')?.function;
}

/** A call that can refuse, and whose result decides nothing. */
function lostFailure(
  driver: Driver,
  uses: FunctionUses,
  close: string,
): { readonly name: string; readonly span: Expression['span'] } | undefined {
  for (const each of uses.expressions) {
    if (each.kind !== 'call' || each.callee.kind !== 'name') continue;
    const { name } = each.callee;
    if (unlessZero.test(name) && isHeldByMapping(driver, each.arguments[0], close)) continue;
    if ((refusing.test(name) || (taking.test(name) && mayFail(driver, name))) && isLost(uses, each))
      return { name, span: each.callee.span };
  }
  return undefined;
}

/** Whether `.close` counts the same field down: the mapping that is copied holds one of it, so it is not 0. */
function isHeldByMapping(driver: Driver, counter: Expression | undefined, close: string): boolean {
  const field = fieldOf(counter);
  if (field === undefined) return false;
  const expressions = [...withCallees(driver, close)].flatMap((name) => usesOf(driver, name)?.expressions ?? []);
  return expressions.some(
    (each) =>
      each.kind === 'call' &&
      each.callee.kind === 'name' &&
      /_dec|_sub|_put/.test(each.callee.name) &&
      fieldOf(each.arguments[0]) === field,
  );
}

/** The last name of `&card->users`. */
function fieldOf(counter: Expression | undefined): string | undefined {
  const at = counter?.kind === 'addressOf' ? counter.operand : counter;
  return at?.kind === 'member' ? at.field : undefined;
}

/** Whether the function returns an `int` that is an error number somewhere, its own or that of a function which it calls. */
function mayFail(driver: Driver, name: string, depth = 0): boolean {
  const uses = depth > 3 ? undefined : usesOf(driver, name);
  if (uses?.function.returns.kind !== 'named' || uses.function.returns.name !== 'int') return false;
  const values: Expression[] = [];
  walkBlock(uses.function.body, {
    statement: (each) => {
      if (each.kind === 'return' && each.value) values.push(each.value);
    },
    expression: (each) => {
      if (each.kind === 'assignment' && each.target.kind === 'name') values.push(each.value);
    },
  });
  return values.some((value) => isError(driver, value, depth));
}

/** `-ENOMEM`, what PTR_ERR() makes of a pointer, a wait that a signal ends, another function that fails. */
function isError(driver: Driver, value: Expression, depth: number): boolean {
  if (value.kind === 'unary') return value.operator === '-' && value.operand.kind === 'name' && /^E[A-Z0-9]+$/.test(value.operand.name);
  if (value.kind !== 'call' || value.callee.kind !== 'name') return false;
  return /^PTR_ERR$|_interruptible$|_killable$/.test(value.callee.name) || mayFail(driver, value.callee.name, depth + 1);
}

/** Whether the result is dropped, or only told of: no branch asks for it, or for the variable that it was put in. */
function isLost({ function: { body } }: FunctionUses, call: Expression): boolean {
  const variables = new Set<string>();
  let isUsed = false;
  const holdsCall = (each: Expression): boolean => anyIn(each, (part) => part === call);
  const note = (value: Expression | undefined): void => {
    if (value && anyIn(value, (part) => part === call || (part.kind === 'name' && variables.has(part.name)))) isUsed = true;
  };
  walkBlock(body, {
    expression: (each) => {
      if (each.kind === 'assignment' && each.target.kind === 'name' && holdsCall(each.value)) variables.add(each.target.name);
      else if (each.kind === 'assignment' && each.target.kind !== 'name') note(each.value);
    },
    statement: (each) => {
      if (each.kind === 'declaration') {
        for (const { name, initializer } of each.declarators)
          if (initializer?.kind === 'expression' && holdsCall(initializer.expression)) variables.add(name);
      }
      note(testOf(each));
    },
  });
  return !isUsed;
}

/** What a statement decides by; a macro that only tells of it does not count. */
function testOf(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'if':
      return isTelling(statement.then) && !statement.otherwise ? undefined : statement.test;
    case 'while':
    case 'doWhile':
      return statement.test;
    case 'switch':
    case 'return':
      return statement.value;
    default:
      return undefined;
  }
}

function isTelling(statement: Statement): boolean {
  if (statement.kind === 'block') return statement.statements.length > 0 && statement.statements.every(isTelling);
  if (statement.kind !== 'expression') return false;
  const { expression } = statement;
  return expression.kind === 'call' && expression.callee.kind === 'name' && telling.test(expression.callee.name);
}

function anyIn(expression: Expression, accept: (each: Expression) => boolean): boolean {
  let found = false;
  walkExpression(expression, {
    expression: (each) => {
      found ||= accept(each);
    },
  });
  return found;
}
