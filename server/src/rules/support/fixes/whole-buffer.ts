/**
 * The quick fix of a remap that maps a vma from the begin of one buffer whose pages it cannot know: the call that the allocator has for
 * it, with the arguments of the allocation. Knows C as it is written, and no rule.
 */
import { type Allocator, allocatorNamed } from '../../../analysis/provenance.ts';
import type { Driver } from '../../../driver/model.ts';
import { callFact, isAvailable } from '../../../kernel/lookup.ts';
import type { Expression, Span } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';
import type { Edit, ReportFix } from '../../rule.ts';
import { type FunctionUses, usesIn, usesOf, valuesOf } from '../text/uses.ts';
import { fixOf, noFix, textAt } from './fixes.ts';
import { reachOf, rebased } from './rebase.ts';

type Call = Expression & { readonly kind: 'call' };

/** An allocation that is put into a field, and how the mapping function reaches the same object. */
interface Buffer {
  readonly call: Call;
  readonly name: string;
  readonly allocator: Allocator;
  readonly file: string;
  /** What the allocation is assigned to, and how it and the field of the mapping function are reached. */
  readonly target: Expression;
  readonly from: string;
  readonly to: string;
}

/** Maps with remap_vmalloc_range() or dma_mmap_coherent() where `name` remaps the whole vma in the call around `place`. */
export function mappingBuffer(driver: Driver, name: string, place: Span): readonly ReportFix[] {
  const uses = usesOf(driver, name);
  const remap = uses && remapAt(uses, place);
  if (!uses || !remap) return noFix;
  const { file } = uses;
  const [vma, start, , , prot] = remap.arguments.map(({ span }) => textAt(driver, { file, span }));
  const [, , number] = remap.arguments;
  const buffers = number ? buffersIn(driver, uses, number) : [];
  const [buffer, ...others] = buffers;
  if (!buffer || others.length > 0 || vma === undefined || start !== `${vma}->vm_start`) return noFix;
  if (!isWholeLength(driver, uses, vma, remap.arguments[3]) || prot !== `${vma}->vm_page_prot`) return noFix;
  const at = { file, span: remap.span };
  if (buffer.allocator.memory === 'vmalloc') {
    const address = rebased(driver, buffer.file, buffer.target, buffer.from, buffer.to);
    const allocation = userAllocation(buffer);
    if (address === undefined || !allocation || !isThere(driver, 'remap_vmalloc_range')) return noFix;
    const edit = { ...at, newText: `remap_vmalloc_range(${vma}, ${address}, 0)` };
    return fixOf({ title: 'Map it with remap_vmalloc_range()' }, [edit, ...allocation]);
  }
  if (buffer.allocator.memory !== 'dma' || buffer.name !== 'dma_alloc_coherent' || !isThere(driver, 'dma_mmap_coherent')) return noFix;
  const [device, size, handle] = buffer.call.arguments;
  const given = [device, buffer.target, handle?.kind === 'addressOf' ? handle.operand : undefined, size].map(
    (each) => each && rebased(driver, buffer.file, each, buffer.from, buffer.to),
  );
  if (given.includes(undefined)) return noFix;
  const newText = `dma_mmap_coherent(${[given[0], vma, ...given.slice(1)].join(', ')})`;
  const title = 'Map it with dma_mmap_coherent() (check that offsets count from the start of the buffer)';
  return fixOf({ title, safe: false }, [{ ...at, newText }]);
}

function isThere(driver: Driver, name: string): boolean {
  const fact = callFact(name);
  return fact !== undefined && isAvailable(fact, driver.target.version) === 'yes';
}

/** The one call that remaps in the function, which holds the place. */
function remapAt({ expressions }: FunctionUses, place: Span): Call | undefined {
  const remaps = expressions.filter(
    (each): each is Call => each.kind === 'call' && each.callee.kind === 'name' && /^(?:io_)?remap_pfn_range$/.test(each.callee.name),
  );
  const [remap, ...others] = remaps;
  return remap && others.length === 0 && remap.span.start <= place.start && place.end <= remap.span.end ? remap : undefined;
}

/** `vma->vm_end - vma->vm_start`, or a variable that is set to it once. */
function isWholeLength(driver: Driver, uses: FunctionUses, vma: string, length: Expression | undefined): boolean {
  const [value, ...others] = length?.kind === 'name' ? valuesOf(uses, length.name) : [length];
  const text = value && textAt(driver, { file: uses.file, span: value.span }).replace(/\s+/g, '');
  return others.length === 0 && text === `${vma}->vm_end-${vma}->vm_start`;
}

/** The buffers whose address or handle a number is translated from; none where anything is added to it. */
function buffersIn(driver: Driver, uses: FunctionUses, number: Expression): readonly Buffer[] {
  const found = new Map<number, Buffer>();
  let isInside = false;
  const look = (each: Expression): void => {
    isInside ||= each.kind === 'binary' && each.operator !== '>>';
    const [value, ...others] = each.kind === 'name' ? valuesOf(uses, each.name) : [];
    if (value && others.length === 0 && value.kind !== 'name') walkExpression(value, { expression: look });
    const to = each.kind === 'member' ? reachOf(textAt(driver, { file: uses.file, span: each.span })) : undefined;
    if (each.kind !== 'member' || to === undefined) return;
    for (const buffer of allocationsOf(driver, each.field, to)) found.set(buffer.call.span.start, buffer);
  };
  walkExpression(number, { expression: look });
  return isInside ? [] : [...found.values()];
}

/** The allocations whose address, or whose handle, becomes the field. */
function allocationsOf(driver: Driver, field: string, to: string): readonly Buffer[] {
  return usesIn(driver, new RegExp(`\\b${field}\\b`), /alloc/).flatMap(({ file, expressions }) =>
    expressions.flatMap((each): readonly Buffer[] => {
      if (each.kind !== 'assignment' || each.operator !== '=' || each.target.kind !== 'member') return [];
      const call = withoutCasts(each.value);
      const name = call.kind === 'call' && call.callee.kind === 'name' ? call.callee.name : undefined;
      const allocator = name === undefined ? undefined : allocatorNamed(name);
      if (call.kind !== 'call' || name === undefined || !allocator) return [];
      const handle = allocator.handle === undefined ? undefined : call.arguments[allocator.handle];
      const isHandle = handle?.kind === 'addressOf' && handle.operand.kind === 'member' && handle.operand.field === field;
      const from = reachOf(textAt(driver, { file, span: each.target.span }));
      if ((each.target.field !== field && !isHandle) || from === undefined) return [];
      return [{ call, name, allocator, file, target: each.target, from, to }];
    }),
  );
}

function withoutCasts(value: Expression): Expression {
  return value.kind === 'cast' ? withoutCasts(value.operand) : value;
}

/** What makes the allocation one for user space: nothing, another name, or `undefined` where it cannot be said. */
function userAllocation({ name, call, file }: Buffer): readonly Edit[] | undefined {
  if (/^vmalloc_(?:32_)?user$/.test(name)) return [];
  if (name !== 'vmalloc' && name !== 'vzalloc') return undefined;
  return [{ file, span: call.callee.span, newText: 'vmalloc_user' }];
}
