/** `mmap-pgoff-unchecked`: the user's offset becomes part of the mapped address, and only the length is checked. */
import type { Report, Rule } from './rule.ts';
import { argumentOf, targetOf, termOf } from './support/mapping-calls.ts';
import { functionOf, oncePerPlace } from './support/path-calls.ts';
import { hugeLength, hugeTarget } from './support/questions.ts';
import { callsWithoutBounds } from './support/unchecked-calls.ts';
import { witnessOf } from './support/witness.ts';

export const mmapPgoffUnchecked: Rule = {
  name: 'mmap-pgoff-unchecked',
  severity: 'error',
  summary: 'The offset that the user program asks for is added to the mapped address, and only the length is checked.',
  provedBy: ['foreign-memory'],
  check(context) {
    const { version } = context.driver.target;
    const calls = [...callsWithoutBounds(context)];
    // Where the length is unchecked too, that finding speaks for both.
    const unbounded = new Set(
      calls
        .filter((call) => {
          const size = termOf(argumentOf(call.event, 'size', version)?.value);
          return size && hugeLength(call, size);
        })
        .map(({ event }) => event.nameSpan.start),
    );
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, event } = call;
      if (unbounded.has(event.nameSpan.start)) return undefined;
      const target = event.vma?.known === false ? undefined : targetOf(event, version);
      const model = target && hugeTarget(call, target.pfn);
      if (!target || !model) return undefined;
      return {
        file: event.file,
        span: event.argumentSpans[target.index] ?? event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `The offset of the mapping (vma->vm_pgoff) reaches \`${event.name}()\` unchecked, so a program chooses which physical memory it maps. Check the offset first, then the length against what is left behind it.`,
        related: [],
        fixes: [],
        witness: witnessOf(call, model),
      };
    });
  },
};
