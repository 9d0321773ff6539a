/** `find-vma-unchecked`: the result of a look-up is used without asking whether it holds the address. */
import type { Driver } from '../driver/model.ts';
import { callFact, isAvailable } from '../kernel/lookup.ts';
import type { Expression } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesIn, usesOf } from './support/text/uses.ts';

/** Look-ups; `find_vma()` gives the next vma behind the address where none holds it. */
const looking: ReadonlySet<string> = new Set(['find_vma', 'vma_lookup', 'find_extend_vma', 'find_vma_intersection', 'find_exact_vma']);

export const findVmaUnchecked: Rule = {
  name: 'find-vma-unchecked',
  severity: 'error',
  summary: 'The vma that a look-up gave is used without a test for NULL, or for the address lying in it.',
  check({ driver }) {
    return usesIn(driver, /\bfind_(?:extend_|exact_)?vma|\bvma_lookup\b/).flatMap((uses) => {
      const reports: Report[] = [];
      for (const lookUp of lookUps(uses)) {
        const { name, span, variable } = lookUp;
        const used = uses.expressions.find(
          (each) => each.kind === 'member' && isVariable(each.object, variable) && each.span.start > span.end,
        );
        if (!used) continue;
        if (!isTested(uses, variable))
          reports.push(
            reportIn(
              uses,
              span,
              `\`${name}()\` gives NULL when there is no vma, and \`${variable}\` is used without a test: an address that is not mapped stops the kernel with an oops. Test it first.`,
            ),
          );
        else if (name === 'find_vma' && !isCompared(driver, uses, variable))
          reports.push(
            reportIn(
              uses,
              span,
              `\`find_vma()\` gives the next vma when none holds the address, and nothing compares the address with \`${variable}->vm_start\`: the driver works on somebody else's mapping. Use vma_lookup(), or compare.`,
              { fixes: lookingUp(driver, uses, lookUp) },
            ),
          );
      }
      return reports;
    });
  },
};

interface LookUp {
  readonly name: string;
  readonly span: Expression['span'];
  readonly variable: string;
  readonly arguments: readonly Expression[];
}

/** `vma = find_vma(…)` and `struct vm_area_struct *vma = find_vma(…)`. */
function lookUps(uses: FunctionUses): readonly LookUp[] {
  const found: LookUp[] = [];
  const add = (variable: string | undefined, value: Expression | undefined): void => {
    if (variable === undefined || value?.kind !== 'call' || value.callee.kind !== 'name' || !looking.has(value.callee.name)) return;
    found.push({ name: value.callee.name, span: value.callee.span, variable, arguments: value.arguments });
  };
  walkBlock(uses.function.body, {
    expression: (each) => {
      if (each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'name') add(each.target.name, each.value);
    },
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const { name, initializer } of statement.declarators) if (initializer?.kind === 'expression') add(name, initializer.expression);
    },
  });
  return found;
}

function isVariable(expression: Expression, name: string): boolean {
  return expression.kind === 'name' ? expression.name === name : expression.kind === 'assignment' && isVariable(expression.target, name);
}

/** Looks up what holds the address, where the kernel can (5.14); or compares where the function asks for NULL. */
function lookingUp(driver: Driver, uses: FunctionUses, { span, variable, arguments: [, address] }: LookUp): readonly ReportFix[] {
  const { file } = uses;
  const lookUp = callFact('vma_lookup');
  if (lookUp && isAvailable(lookUp, driver.target.version) === 'yes')
    return replacing({ file, span }, 'vma_lookup', { title: 'Use vma_lookup()' });
  const text = address && textAt(driver, { file, span: address.span });
  const tests = testsOf(uses, variable);
  const [test, ...others] = tests;
  if (!test || others.length > 0 || test.span.start < span.end || !/^(?:\([\w ]+\)\s*)?[\w.>[\]-]+$/.test(text ?? '')) return noFix;
  const newText = test.kind === 'unary' ? ` || ${text} < ${variable}->vm_start` : ` && ${text} >= ${variable}->vm_start`;
  // It stands first, alone or before what goes on alike, so that nothing else is read in another way.
  const { start: line, text: lines } = driver.text.lines({ file, span: test.span });
  const isFirst = /\(\s*$/.test(lines.slice(0, test.span.start - line));
  const goesOn = test.kind === 'unary' ? /^\s*(?:\)|\|\|)/ : /^\s*(?:\)|&&)/;
  if (!isFirst || !goesOn.test(lines.slice(test.span.end - line))) return noFix;
  return fixOf({ title: 'Compare the address with vm_start' }, [{ file, span: { start: test.span.end, end: test.span.end }, newText }]);
}

/** `!vma` wherever it stands, and `vma` where it is the test of an `if`, or the first part of one. */
function testsOf(uses: FunctionUses, variable: string): readonly Expression[] {
  const tests = uses.expressions.filter((each) => each.kind === 'unary' && each.operator === '!' && isVariable(each.operand, variable));
  const first = (test: Expression): Expression => (test.kind === 'binary' && test.operator === '&&' ? first(test.left) : test);
  walkBlock(uses.function.body, {
    statement: (each) => {
      if (each.kind === 'if' && first(each.test).kind === 'name' && isVariable(first(each.test), variable)) tests.push(first(each.test));
    },
  });
  return tests;
}

/** Whether some condition asks for the pointer itself. */
function isTested(uses: FunctionUses, variable: string): boolean {
  let tested = false;
  const asks = (test: Expression | undefined): boolean => {
    if (!test) return false;
    if (isVariable(test, variable)) return true;
    if (test.kind === 'unary') return asks(test.operand);
    if (test.kind === 'binary') return asks(test.left) || asks(test.right);
    // `unlikely(!vma)`, `WARN_ON(!vma)`, and functions that are given the vma to check it.
    return test.kind === 'call' && test.arguments.some(asks);
  };
  walkBlock(uses.function.body, {
    statement: (statement) => {
      if (statement.kind === 'if' || statement.kind === 'while' || statement.kind === 'doWhile' || statement.kind === 'for')
        tested ||= asks(statement.test);
      if (statement.kind === 'return') tested ||= asks(statement.value);
    },
    expression: (each) => {
      if (each.kind === 'conditional') tested ||= asks(each.test);
      if (each.kind === 'binary' && (each.operator === '&&' || each.operator === '||')) tested ||= asks(each);
    },
  });
  return tested;
}

/**
 * Whether the function reads where the vma begins, or hands it to one that does, or that may. A distance from there that is stored
 * away at once is compared with nothing.
 */
function isCompared(driver: Driver, uses: FunctionUses, variable: string): boolean {
  const stored = uses.expressions.filter((each) => each.kind === 'assignment' && each.target.kind === 'member' && !hasOrdering(each.value));
  const isStored = ({ span }: Expression): boolean => stored.some((each) => each.span.start <= span.start && span.end <= each.span.end);
  return uses.expressions.some((each) => {
    if (each.kind === 'member') return isStart(each) && isVariable(each.object, variable) && !isStored(each);
    if (each.kind !== 'call' || each.callee.kind !== 'name' || !each.arguments.some((argument) => isVariable(argument, variable)))
      return false;
    const callee = usesOf(driver, each.callee.name);
    return callee ? callee.expressions.some(isStart) : /check|valid|range|contain|in_vma/.test(each.callee.name);
  });
}

const isStart = (each: Expression): boolean => each.kind === 'member' && each.field === 'vm_start';

function hasOrdering(expression: Expression): boolean {
  let found = false;
  walkExpression(expression, { expression: (each) => (found ||= each.kind === 'binary' && /^[<>]=?$/.test(each.operator)) });
  return found;
}
