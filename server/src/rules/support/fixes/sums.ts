/**
 * The quick fix of a sum that is compared with a limit, and may wrap around: one part is compared first, then the other with what is left
 * behind it, which is the same in true arithmetic. Knows C as it is written, and no rule.
 */
import type { Driver } from '../../../driver/model.ts';
import type { BinaryOperator, Expression } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';
import type { Place, ReportFix } from '../../rule.ts';
import { type FunctionUses, typeOf, valuesOf } from '../text/uses.ts';
import { expressionAt, noFix, replacing, textAt } from './fixes.ts';
import { isTooLong } from './layout.ts';

/** An ordering read from the other side. */
const flipped: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Rewrites `offset + size > limit` at a place to `offset > limit || size > limit - offset`. */
export function comparingParts(driver: Driver, uses: FunctionUses, place: Place): readonly ReportFix[] {
  const comparison = expressionAt(driver, place);
  if (comparison?.kind !== 'binary' || !flipped[comparison.operator]) return noFix;
  const { left, right } = comparison;
  const isLeft = left.kind === 'binary' && left.operator === '+';
  const [sum, limit] = isLeft ? [left, right] : [right, left];
  const operator = isLeft ? comparison.operator : flipped[comparison.operator];
  if (sum.kind !== 'binary' || sum.operator !== '+' || operator === undefined) return noFix;
  const isSecond = isOffset(driver, uses, sum.right) && !isOffset(driver, uses, sum.left);
  const [offset, size] = isSecond ? [sum.right, sum.left] : [sum.left, sum.right];
  if (![offset, size, limit].every(isRepeatable)) return noFix;
  const [first, second, most] = [offset, size, limit].map((each) => operand(driver, place.file, each));
  const either = operator === '>' || operator === '>=' ? '||' : '&&';
  const parts = [`${first} ${operator} ${most} ${either}`, `${second} ${operator} ${most} - ${first}`];
  const isCertain = isUnsignedLong(driver, uses, offset) || isUnsignedLong(driver, uses, limit);
  const title = 'Compare the offset first, then the length with what is left';
  return replacing(place, laidOut(driver, place, either, parts), {
    title: isCertain ? title : `${title} (check that no number is negative)`,
    safe: isCertain,
  });
}

/** The parts in the place of the comparison: in one line if they fit, and in parentheses where something else binds closer. */
export function laidOut(driver: Driver, { file, span }: Place, either: string, parts: readonly string[]): string {
  const { start, text } = driver.text.lines({ file, span });
  const [before, after] = [text.slice(0, span.start - start), text.slice(span.end - start)];
  const joins = (side: string): boolean => !/\|\||&&/.test(side) || side.includes(either);
  const isEnclosed = /\(\s*$/.test(before) && /^\s*\)/.test(after);
  const isSame = joins(/(?:\|\||&&|\()\s*$/.exec(before)?.[0] ?? '&&||') && joins(/^\s*(?:\|\||&&|\))/.exec(after)?.[0] ?? '&&||');
  const [open, close] = isEnclosed || (isSame && /[(|&]\s*$/.test(before)) ? ['', ''] : ['(', ')'];
  const indent = /^\s*/.exec(before)?.[0] ?? '';
  const joint = isTooLong(`${before}${parts.join(' ')}${after}`.trimEnd()) ? `\n${indent}    ` : ' ';
  return `${open}${parts.join(joint)}${close}`;
}

/** An operand as it stands beside `>` and `-`. */
export function operand(driver: Driver, file: string, each: Expression): string {
  const text = textAt(driver, { file, span: each.span });
  return each.kind === 'binary' || each.kind === 'conditional' ? `(${text})` : text;
}

/** Calls and macros that give the same each time. */
const pure = /^(?:vma_pages|PAGE_ALIGN|PFN_\w+|ARRAY_SIZE|resource_size|pci_resource_len|sizeof|round_up|ALIGN)$/;

/** Whether it gives the same each time it is written. */
export function isRepeatable(expression: Expression): boolean {
  let repeatable = true;
  walkExpression(expression, {
    expression: (each) => {
      if (each.kind === 'call') repeatable &&= each.callee.kind === 'name' && pure.test(each.callee.name);
      else repeatable &&= repeatableKinds.has(each.kind);
    },
  });
  return repeatable;
}

const repeatableKinds: ReadonlySet<string> = new Set([
  'name', 'number', 'member', 'index', 'dereference', 'binary', 'cast', 'sizeofType', 'sizeofExpression', 'addressOf',
]); // biome-ignore format: a table

/** Whether it is, or is computed from, the offset of the vma. */
function isOffset(driver: Driver, uses: FunctionUses, expression: Expression): boolean {
  if (/\bvm_pgoff\b/.test(textAt(driver, { file: uses.file, span: expression.span }))) return true;
  const values = expression.kind === 'name' ? valuesOf(uses, expression.name) : [];
  return values.some(({ span }) => /\bvm_pgoff\b/.test(textAt(driver, { file: uses.file, span })));
}

const unsignedTypes: ReadonlySet<string> = new Set([
  'unsigned long', 'unsigned long long', 'size_t', 'u64', '__u64', 'uint64_t', 'resource_size_t', 'phys_addr_t', 'dma_addr_t', 'pgoff_t',
  'ulong', 'uintptr_t',
]); // biome-ignore format: a table

/** Whether it is of an unsigned type that is as wide as `unsigned long` at least, so that all that it is compared with becomes so. */
function isUnsignedLong(driver: Driver, uses: FunctionUses, expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return /u/.test(expression.suffix) && /l/.test(expression.suffix);
    case 'binary':
      if (isUnsignedLong(driver, uses, expression.left)) return true;
      return expression.operator !== '<<' && expression.operator !== '>>' && isUnsignedLong(driver, uses, expression.right);
    case 'member':
      if (/^vm_(?:pgoff|start|end)$/.test(expression.field)) return true;
      break;
    case 'name':
      if (expression.name === 'PAGE_SIZE') return true;
      break;
    case 'call':
      return expression.callee.kind === 'name' && /^(?:vma_pages|resource_size|pci_resource_len)$/.test(expression.callee.name);
    case 'sizeofType':
    case 'sizeofExpression':
      return true;
    case 'cast':
      return expression.type.kind === 'named' && unsignedTypes.has(expression.type.name);
    default:
      return false;
  }
  const type = typeOf(uses, driver, expression);
  return type?.kind === 'named' && unsignedTypes.has(type.name);
}
