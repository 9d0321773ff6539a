/** `insert-page-slab`: a page of the slab allocator, which holds other objects too, is given to user space. */
import { atLeast } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { oncePerGiven } from './support/memory/given-pages.ts';
import { memoryBehind } from './support/memory/mapped-memory.ts';
import { reportOn } from './support/reports.ts';

export const insertPageSlab: Rule = {
  name: 'insert-page-slab',
  severity: 'error',
  summary: 'A page of kmalloc() memory is inserted into a vma.',
  provedBy: ['refused', 'freed-while-mapped', 'bad-page-state'],
  check(context) {
    const { driver } = context;
    return oncePerGiven(context, (given): Report | undefined => {
      const memory = given.page && memoryBehind(driver, given.page);
      if (memory?.allocator.memory !== 'slab') return undefined;
      const refuses = given.event.kind === 'call' && atLeast(driver.target.version, 5, 2);
      const consequence = refuses
        ? `and \`${given.by}\` answers -EINVAL for it`
        : 'and the last munmap frees that page under all objects on it';
      const message = `\`${memory.call}()\` gives a part of a page that belongs to the slab allocator, ${consequence}. Allocate whole pages, with alloc_page(), get_zeroed_page() or vmalloc_user().`;
      return reportOn(given, given.span, message);
    });
  },
};
