/** What a driver does with the memory that a field points to, as far as its text tells: whether anything could have written it. */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import { usesIn } from '../text/uses.ts';

/** Calls that leave the memory that they are given as it is. */
export const leavesMemory =
  /free|unmap$|^(?:virt_to_\w+|vmalloc_to_\w+|page_to_\w+|__pa|is_vmalloc_addr|SetPageReserved|ClearPageReserved|remap_\w+|io_remap_\w+|vm_\w+|vmf_\w+|get_page|put_page|page_ref_\w+|split_page|IS_ERR\w*|PTR_ERR\w*|WARN\w*|BUG\w*|likely|unlikely|pr_\w+|dev_\w+|printk|PAGE_ALIGN\w*|offset_in_page)$/;

/** Calls that give the address of a page for others to write to. */
export const addresses: ReadonlySet<string> = new Set(['page_address', 'kmap', 'kmap_local_page', 'kmap_atomic']);

/**
 * Whether nothing can write what a field called `field` points to: the field is set, compared, freed, translated or mapped, and
 * neither handed to another call nor, outside of `handlers`, copied, returned or written through.
 */
export function isNeverFilled(driver: Driver, field: string, handlers: ReadonlySet<string>): boolean {
  return usesIn(driver, new RegExp(`\\b${field}\\b`)).every(({ function: { name, body } }) => {
    // What the path itself shows need not be guessed from copies of the pointer.
    const isHandler = handlers.has(name);
    let isFilled = false;
    const note = (filled: boolean): void => {
      isFilled ||= filled;
    };
    walkBlock(body, {
      statement: (statement) => {
        if (isHandler) return;
        if (statement.kind === 'return' && statement.value) note(carries(statement.value, field));
        if (statement.kind !== 'declaration') return;
        for (const { initializer } of statement.declarators)
          if (initializer?.kind === 'expression') note(carries(initializer.expression, field));
      },
      expression: (each) => note((each.kind === 'call' || !isHandler) && mayFill(each, field)),
    });
    return !isFilled;
  });
}

/** Whether the expression hands the pointer on, or writes through it. */
function mayFill(expression: Expression, field: string): boolean {
  if (expression.kind === 'assignment') return isThrough(expression.target, field) || carries(expression.value, field);
  if (expression.kind !== 'call') return false;
  const isKnown = expression.callee.kind === 'name' && leavesMemory.test(expression.callee.name);
  return !isKnown && expression.arguments.some((argument) => carries(argument, field) || isThrough(argument, field));
}

/** Whether the value is the pointer, or an address computed from it. */
function carries(expression: Expression, field: string): boolean {
  switch (expression.kind) {
    case 'member':
      return expression.field === field;
    case 'cast':
      return carries(expression.operand, field);
    case 'call': {
      const isAddress = expression.callee.kind === 'name' && addresses.has(expression.callee.name);
      return isAddress && expression.arguments.some((argument) => carries(argument, field));
    }
    case 'addressOf':
      return carries(expression.operand, field) || isThrough(expression.operand, field);
    case 'binary':
      return /^[+-]$/.test(expression.operator) && (carries(expression.left, field) || carries(expression.right, field));
    case 'assignment':
      return carries(expression.value, field);
    case 'conditional':
      return (expression.then !== undefined && carries(expression.then, field)) || carries(expression.otherwise, field);
    default:
      return false;
  }
}

/** Whether the place lies in what the pointer points to. */
function isThrough(place: Expression, field: string): boolean {
  switch (place.kind) {
    case 'index':
    case 'member':
      return carries(place.object, field) || isThrough(place.object, field);
    case 'dereference':
      return carries(place.operand, field);
    default:
      return false;
  }
}
