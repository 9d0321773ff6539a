/** An expression of one function, said in another one that reaches the same object by another name. Knows C as it is written, and no rule. */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { textAt } from './fixes.ts';

/** How a function comes to the fields of an object: `card->`, `dev->ring.`. */
export type Reach = string;

/** How `field` is reached in a text such as `card->ring.cpu`; `undefined` where it is no field at its end. */
export function reachOf(text: string): Reach | undefined {
  return /^([A-Za-z_][\w.>[\]-]*(?:->|\.))\w+$/.exec(text.replace(/\s+/g, ''))?.[1];
}

/**
 * The expression with what `from` reaches said by `to`; `undefined` where something else takes part that only its own function
 * knows. Constants, macros and variables of the file are the same everywhere.
 */
export function rebased(driver: Driver, file: string, expression: Expression, from: Reach, to: Reach): string | undefined {
  const text = textAt(driver, { file, span: expression.span });
  switch (expression.kind) {
    case 'number':
    case 'sizeofType':
      return text;
    case 'name':
      return isOfFile(driver, expression.name) ? text : undefined;
    case 'member': {
      const plain = text.replace(/\s+/g, '');
      if (plain.startsWith(from)) return `${to}${plain.slice(from.length)}`;
      const [root = ''] = /^\w+/.exec(plain) ?? [];
      // A shorter way to an outer object: `card->dev` where `card->ring.` reaches the fields.
      if (from.startsWith(`${root}->`) && to.includes('->')) {
        const outer = to.slice(0, to.indexOf('->') + 2);
        return from.slice(root.length + 2) === to.slice(outer.length) ? `${outer}${plain.slice(root.length + 2)}` : undefined;
      }
      return isOfFile(driver, root) ? plain : undefined;
    }
    case 'addressOf': {
      const inner = rebased(driver, file, expression.operand, from, to);
      return inner === undefined ? undefined : `&${inner}`;
    }
    case 'binary': {
      const [left, right] = [expression.left, expression.right].map((each) => rebased(driver, file, each, from, to));
      return left === undefined || right === undefined
        ? undefined
        : `${inner(expression.left, left)} ${expression.operator} ${inner(expression.right, right)}`;
    }
    case 'call': {
      if (expression.callee.kind !== 'name' || !/^(?:PAGE_ALIGN|ARRAY_SIZE|sizeof)$/.test(expression.callee.name)) return undefined;
      const parts = expression.arguments.map((each) => rebased(driver, file, each, from, to));
      return parts.includes(undefined) ? undefined : `${expression.callee.name}(${parts.join(', ')})`;
    }
    default:
      return undefined;
  }
}

const inner = ({ kind }: Expression, text: string): string => (kind === 'binary' ? `(${text})` : text);

/** A macro, a variable of the file, or a constant of the kernel. */
function isOfFile(driver: Driver, name: string): boolean {
  return driver.macros.has(name) || driver.variables.has(name) || driver.enumerators.has(name) || /^[A-Z][A-Z0-9_]+$/.test(name);
}
