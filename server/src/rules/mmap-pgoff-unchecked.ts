/** `mmap-pgoff-unchecked`: the user's offset becomes part of the mapped address, and only the length is checked. */
import type { Report, Rule } from './rule.ts';
import { mayBeCheckedBefore } from './support/checked.ts';
import { argumentOf, mappingCall, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { dependsOnOffset, hugeLength, hugeOffset, isJudged } from './support/questions.ts';

export const mmapPgoffUnchecked: Rule = {
  name: 'mmap-pgoff-unchecked',
  severity: 'error',
  summary: 'The offset that the user program asks for is added to the mapped address, and only the length is checked.',
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => mappingCall(name)?.boundsChecked !== true && mappingCall(name) !== undefined);
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (entry.entry.handler?.kind !== 'mmap' || mayBeCheckedBefore(entry.entry.handler) || !isJudged(path, event)) return undefined;
      const target = argumentOf(event, 'pfn', version) ?? argumentOf(event, 'physical-address', version);
      const term = termOf(target?.value);
      if (!target || !term || !dependsOnOffset(entry, term) || !hugeOffset(call, version)) return undefined;
      // Where the length is unchecked too, that finding speaks for both.
      const size = termOf(argumentOf(event, 'size', version)?.value);
      if (size && hugeLength(call, version, size)) return undefined;
      return {
        file: event.file,
        span: event.argumentSpans[target.index] ?? event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `The offset of the mapping (vma->vm_pgoff) reaches \`${event.name}()\` unchecked, so a program chooses which physical memory it maps. Check the offset first, then the length against what is left behind it.`,
        related: [],
        fixes: [],
      };
    });
  },
};
