/**
 * The quick fix of an element that a number of the user's chooses in an array whose length is declared: the number is compared before
 * anything is done. Knows C as it is written, and no rule.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression, Statement } from '../../../syntax/ast.ts';
import { walkStatement } from '../../../syntax/walk.ts';
import type { ReportFix } from '../../rule.ts';
import { typeOf, usesOf } from '../text/uses.ts';
import { noFix, textAt } from './fixes.ts';
import { beginningWith, takesSomething } from './head-fixes.ts';

/** Answers with `answer` where the index, which is written like `number`, is not below the length of the array, at the head of a function. */
export function comparingIndex(driver: Driver, name: string, number: RegExp, answer: string): readonly ReportFix[] {
  const uses = usesOf(driver, name);
  if (!uses) return noFix;
  const { file } = uses;
  const declarations = uses.function.body.statements.filter(({ kind }) => kind === 'declaration');
  for (const each of uses.expressions) {
    if (each.kind !== 'index') continue;
    const [array, index] = [each.object, each.index].map(({ span }) => textAt(driver, { file, span }));
    const type = typeOf(uses, driver, each.object);
    if (type?.kind !== 'array' || !type.length || !number.test(index ?? '') || !isKnownFirst(driver, declarations, each.object)) continue;
    const isEarly = (statement: Statement): boolean => takesSomething(driver, statement) || reads(statement, each);
    const title = `Answer offsets behind ${array} with ${answer}`;
    return beginningWith(driver, name, [`if (${index} >= ARRAY_SIZE(${array}))`, `\treturn ${answer};`], isEarly, { title });
  }
  return noFix;
}

/** Whether what leads to the array is known before the first statement. */
function isKnownFirst(driver: Driver, declarations: readonly Statement[], array: Expression): boolean {
  const base = array.kind === 'member' ? array.object : array;
  if (base.kind !== 'name') return false;
  const isSet = declarations.some(
    (each) =>
      each.kind === 'declaration' && each.declarators.some(({ name, initializer }) => name === base.name && initializer !== undefined),
  );
  return isSet || driver.variables.has(base.name);
}

/** Whether the statement takes more of the element than its address. */
function reads(statement: Statement, element: Expression): boolean {
  const addressed = new Set<Expression>();
  let found = false;
  walkStatement(statement, {
    expression: (each) => {
      if (each.kind === 'addressOf') addressed.add(each.operand);
      found ||= each === element && !addressed.has(each);
    },
  });
  return found;
}
