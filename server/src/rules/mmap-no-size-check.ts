/** `mmap-no-size-check`: the length of the vma reaches a mapping call that does not check it. */
import type { Report, Rule } from './rule.ts';
import { mayBeCheckedBefore } from './support/checked.ts';
import { argumentOf, mappingCall, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { hugeLength, isJudged } from './support/questions.ts';
import { witnessOf } from './support/witness.ts';

export const mmapNoSizeCheck: Rule = {
  name: 'mmap-no-size-check',
  severity: 'error',
  summary: 'The length that the user program asks for reaches the mapping call unchecked.',
  provedBy: ['foreign-memory', 'outside-vma'],
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => mappingCall(name)?.boundsChecked !== true && mappingCall(name) !== undefined);
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (entry.entry.handler?.kind !== 'mmap' || mayBeCheckedBefore(context.driver, entry.entry.handler) || !isJudged(path, event))
        return undefined;
      const size = argumentOf(event, 'size', version);
      const term = termOf(size?.value);
      const model = term && hugeLength(call, term);
      if (!size || !model) return undefined;
      return {
        file: event.file,
        span: event.argumentSpans[size.index] ?? event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `The length of the mapping reaches \`${event.name}()\` unchecked, so a program can map whatever lies behind the buffer. Compare it with the size of the buffer first, or use vm_iomap_memory(), which does.`,
        related: [],
        fixes: [],
        witness: witnessOf(call, model, { anyLength: true }),
      };
    });
  },
};
