/**
 * Quick fixes that compare the length of the mapping with the buffer: a check where there is none, and the offset in one that leaves it
 * out, so that the length is compared with what is left behind it. Knows C as it is written, and no rule.
 */
import type { Condition, Path, PathEvent } from '../../../analysis/path.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import type { ReportFix } from '../../rule.ts';
import type { OffsetIn } from '../bounds/offset-in.ts';
import { functionOf, type PathCall } from '../path-calls.ts';
import { type FunctionUses, usesOf, valuesOf } from '../text/uses.ts';
import { sizeBehind } from './buffer-size.ts';
import { expressionAt, insertingBefore, noFix, replacing, textAt } from './fixes.ts';
import { isRepeatable, laidOut, operand } from './sums.ts';
import { takes } from './takes.ts';
import { vmaOf } from './vma-name.ts';

/** `length > limit` as it is written. */
interface LengthCheck {
  readonly condition: Condition;
  readonly vma: string;
  readonly length: string;
  readonly limit: string;
  readonly unit: Unit;
}

type Unit = 'bytes' | 'pages';

/** Takes the offset into the one check of the length that stands before; `isCompared`: the offset alone is compared already. */
export function countingOffset(driver: Driver, path: Path, after: number, isCompared: boolean): readonly ReportFix[] {
  if (path.events.some((event) => event.kind === 'write' && /(?:->|\.)vm_pgoff$/.test(event.name))) return noFix;
  const checks = new Map<number, LengthCheck>();
  for (const condition of path.conditions.slice(0, after)) {
    const check = checkAt(driver, condition);
    if (check) checks.set(condition.span.start, check);
  }
  const [check, ...others] = checks.values();
  if (!check || others.length > 0) return noFix;
  const { condition, vma, length, limit, unit } = check;
  const offset = `${vma}->vm_pgoff`;
  const first = unit === 'pages' ? `${offset} > ${limit}` : `${offset} > (${limit} >> PAGE_SHIFT)`;
  const second = `${length} > ${limit} - ${unit === 'pages' ? offset : `(${offset} << PAGE_SHIFT)`}`;
  const isBehind = isCompared && isComparedWith(driver, path, offset, limit);
  const text = isBehind ? second : laidOut(driver, condition, '||', [`${first} ||`, second]);
  const title = `Compare the length with what is left behind the offset (check that ${limit} is all that can be mapped)`;
  return replacing(condition, text, { title, safe: false });
}

/** Whether the path compares the offset with the same limit, in the same words. */
function isComparedWith(driver: Driver, { conditions }: Path, offset: string, limit: string): boolean {
  const words = (text: string): string => text.replace(/\s+/g, '');
  return conditions.some((place) => ['>', '>='].some((operator) => words(textAt(driver, place)) === words(`${offset}${operator}${limit}`)));
}

function checkAt(driver: Driver, condition: Condition): LengthCheck | undefined {
  const uses = usesOf(driver, condition.function);
  const vma = uses && uses.file === condition.file ? vmaOf(uses.function) : undefined;
  const comparison = vma === undefined ? undefined : expressionAt(driver, condition);
  if (!uses || vma === undefined || comparison?.kind !== 'binary' || (comparison.operator !== '>' && comparison.operator !== '<'))
    return undefined;
  const [length, limit] = comparison.operator === '>' ? [comparison.left, comparison.right] : [comparison.right, comparison.left];
  const unit = unitOf(driver, uses, vma, length);
  const isOfMapping = /\bvm_(?:pgoff|start|end)\b/.test(textAt(driver, { file: uses.file, span: limit.span }));
  if (!unit || !isRepeatable(limit) || isOfMapping) return undefined;
  const written = textAt(driver, { file: uses.file, span: length.span });
  return { condition, vma, length: written, limit: operand(driver, uses.file, limit), unit };
}

/** Compares the length with the size of what a call maps, before the call, where the function says that size and has nothing to undo. */
export function boundingLength(
  driver: Driver,
  { event }: PathCall,
  target: number,
  length: number,
  offset: OffsetIn,
): readonly ReportFix[] {
  const name = functionOf(event);
  const uses = usesOf(driver, name);
  const vma = uses && uses.file === event.file ? vmaOf(uses.function) : undefined;
  const [from, bytes] = [event.argumentSpans[target], event.argumentSpans[length]];
  if (!uses || vma === undefined || !from || !bytes || offset === 'other') return noFix;
  const [address, given] = [from, bytes].map((span) => expressionAt(driver, { file: uses.file, span }));
  const limit = address && sizeBehind(driver, uses, address);
  if (limit === undefined || !given || unitOf(driver, uses, vma, given) !== 'bytes' || !returnsAtOnce(driver, uses, event)) return noFix;
  const text = textAt(driver, { file: uses.file, span: given.span });
  const most = / /.test(limit.replace(/\([^()]*\)/g, '')) ? `(${limit})` : limit;
  const lines =
    offset === 'absent'
      ? [`if (${text} > ${most})`]
      : [`if (${vma}->vm_pgoff > (${most} >> PAGE_SHIFT) ||`, `    ${text} > ${most} - (${vma}->vm_pgoff << PAGE_SHIFT))`];
  const title = `Compare the length with ${limit} (check that it is the size of what is mapped)`;
  return insertingBefore(driver, { file: uses.file, span: event.nameSpan }, [...lines, '\treturn -EINVAL;'], { title, safe: false });
}

/** Tells a call that compares the vma with a size the one of what it maps, in the place of the vma's own length. */
export function tellingSize(driver: Driver, { event }: PathCall, target: number, length: number): readonly ReportFix[] {
  const uses = usesOf(driver, functionOf(event));
  const [from, bytes] = [event.argumentSpans[target], event.argumentSpans[length]];
  const address = uses && from && uses.file === event.file ? expressionAt(driver, { file: uses.file, span: from }) : undefined;
  const limit = uses && address && sizeBehind(driver, uses, address);
  if (!uses || limit === undefined || !bytes) return noFix;
  const title = `Tell it ${limit} (check that it is the size of what is mapped)`;
  return replacing({ file: uses.file, span: bytes }, limit, { title, safe: false });
}

/** Whether an error can be returned before the call: nothing was locked or taken by then. */
function returnsAtOnce(driver: Driver, uses: FunctionUses, event: PathEvent): boolean {
  const { returns } = uses.function;
  if (returns.kind !== 'named' || returns.name !== 'int' || event.locks.some(({ kind }) => !kind.startsWith('mmap'))) return false;
  return !uses.expressions.some((each) => each.span.end < event.span.start && takes(driver, each));
}

/** In what the expression counts the length of the vma; `undefined` for everything else. */
function unitOf(driver: Driver, uses: FunctionUses, vma: string, expression: Expression): Unit | undefined {
  const [value, ...others] = expression.kind === 'name' ? valuesOf(uses, expression.name) : [expression];
  if (!value || others.length > 0) return undefined;
  const text = textAt(driver, { file: uses.file, span: value.span }).replace(/\s+/g, '');
  if (text === `${vma}->vm_end-${vma}->vm_start`) return 'bytes';
  return text === `vma_pages(${vma})` || text === `(${vma}->vm_end-${vma}->vm_start)>>PAGE_SHIFT` ? 'pages' : undefined;
}
