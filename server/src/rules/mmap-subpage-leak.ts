/** `mmap-subpage-leak`: a page is mapped of which the driver owns a part, with objects of others on the rest. */
import { constantOf } from '../execution/term.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { givenMemory, oncePerGiven } from './support/memory/given-pages.ts';
import type { MappedMemory } from './support/memory/mapped-memory.ts';
import { reachingModel } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { witnessOf } from './support/witness.ts';

const pageMask = PAGE_SIZE - 1n;

export const mmapSubpageLeak: Rule = {
  name: 'mmap-subpage-leak',
  severity: 'error',
  summary: 'A page is mapped of which the driver owns a part.',
  provedBy: ['foreign-memory'],
  byEntry: true,
  check(context) {
    return oncePerGiven(context, (given): Report | undefined => {
      const memory = givenMemory(context, given);
      const part = memory?.allocator.memory === 'slab' ? partOf(memory) : undefined;
      if (!memory || part === undefined) return undefined;
      // What is refused as a page of the slab allocator never gets so far.
      if (given.page) return undefined;
      const model = reachingModel(given);
      return reportOn(
        given,
        given.event.kind === 'call' ? given.event.nameSpan : given.span,
        `Only whole pages can be mapped, and ${part}: the rest of the page belongs to other objects of the kernel, which the program then reads and writes. Allocate whole pages, with get_zeroed_page(), alloc_pages_exact() or vmalloc_user().`,
        model ? { witness: witnessOf(given, model, { access: 'read' }) } : {},
      );
    });
  },
};

/** Why the memory is no whole number of pages, as half a sentence. */
function partOf({ call, object, place, name }: MappedMemory): string | undefined {
  if (place?.path.some((step) => step.kind === 'field')) return `this is a part of \`${name}\`, from \`${call}()\``;
  const size = object?.origin.kind === 'allocated' ? object.origin.size : undefined;
  const bytes = size && constantOf(size);
  if (bytes === undefined || (bytes & pageMask) === 0n) return undefined;
  return `\`${call}()\` gives ${bytes} bytes`;
}
