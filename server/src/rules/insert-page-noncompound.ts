/** `insert-page-noncompound`: a later page of a high-order allocation, which has no count of its own, is given to user space. */
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { Place } from '../execution/value.ts';
import { kernelConstant, PAGE_SIZE } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { flaggedBy } from './support/fixes/allocation-fixes.ts';
import { oncePerGiven } from './support/memory/given-pages.ts';
import { type MappedMemory, memoryBehind, namesIn, writtenArguments } from './support/memory/mapped-memory.ts';
import { reportOn } from './support/reports.ts';

const splitting = /\bsplit_page\b/;

export const insertPageNoncompound: Rule = {
  name: 'insert-page-noncompound',
  severity: 'error',
  summary: 'A later page of a high-order allocation, which nobody has split, is inserted into a vma.',
  provedBy: ['refused', 'freed-while-mapped', 'bad-page-state', 'refcount-underflow'],
  check(context) {
    const { driver } = context;
    if (driver.text.mentionsAnywhere(splitting)) return [];
    return oncePerGiven(context, (given): Report | undefined => {
      const { page } = given;
      const memory = page && memoryBehind(driver, page);
      if (!memory || memory.allocator.order === undefined || !memory.object) return undefined;
      const behind = [page.place, ...(memory.place ? [memory.place] : [])].some(isInside);
      if (!behind || !isHighOrder(memory) || isCompound(driver, memory)) return undefined;
      const message = `\`${memory.call}()\` counts its pages as one, on the first of them: the count of every later page is 0, so \`${given.by}\` is refused, or the page is freed while the block still holds it. Pass __GFP_COMP, call split_page() on the block, or use alloc_pages_exact().`;
      return reportOn(given, given.span, message, { fixes: flaggedBy(driver, memory, '__GFP_COMP', keptWhole) });
    });
  },
};

const keptWhole = { title: 'Ask for __GFP_COMP (check that the block is freed as one)', safe: false };

/** Not the first page, or not always. */
function isInside({ path }: Place): boolean {
  return path.some((step) => step.kind === 'element' && constantOf(step.index) !== 0n);
}

function isHighOrder({ object }: MappedMemory): boolean {
  const size = object?.origin.kind === 'allocated' ? object.origin.size : undefined;
  const bytes = size && constantOf(size);
  return bytes === undefined || bytes > PAGE_SIZE;
}

function isCompound(driver: Driver, memory: MappedMemory): boolean {
  const { gfp } = memory.allocator;
  const origin = memory.object?.origin;
  if (gfp === undefined || origin?.kind !== 'allocated') return false;
  const flags = origin.arguments[gfp];
  const value = flags?.kind === 'integer' ? constantOf(flags.term) : undefined;
  const bit = kernelConstant('__GFP_COMP', driver.target.version)?.value ?? 0n;
  if (value !== undefined) return (value & bit) !== 0n;
  return writtenArguments(driver, memory).some((written) => written[gfp] && namesIn(written[gfp]).has('__GFP_COMP'));
}
