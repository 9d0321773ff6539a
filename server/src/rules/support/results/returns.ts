/** The return statements of a function of the driver, as written. */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';

/** The values that the function returns, in the order of the text; both sides of a conditional are values of their own. */
export function returnedValues(driver: Driver, name: string): readonly Expression[] {
  const values: Expression[] = [];
  const add = (value: Expression): void => {
    if (value.kind !== 'conditional') {
      values.push(value);
      return;
    }
    if (value.then) add(value.then);
    add(value.otherwise);
  };
  const definition = driver.body(name);
  if (definition)
    walkBlock(definition.body, {
      statement: (statement) => {
        if (statement.kind === 'return' && statement.value) add(statement.value);
      },
    });
  return values;
}

/** `EINVAL` for the name of an error number, with or without a sign. */
export function errorName(value: Expression): { readonly name: string; readonly negative: boolean } | undefined {
  if (value.kind === 'unary' && value.operator === '-') {
    const inner = errorName(value.operand);
    return inner && !inner.negative ? { name: inner.name, negative: true } : undefined;
  }
  return value.kind === 'name' && /^E[A-Z0-9]{2,}$/.test(value.name) ? { name: value.name, negative: false } : undefined;
}
