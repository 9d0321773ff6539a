/** `mmap-pgoff-unchecked`: the user's offset becomes part of the mapped address, and only the length is checked. */

import type { Model } from '../analysis/query.ts';
import { unsignedLong } from '../execution/ctype.ts';
import { constant, type Term } from '../execution/term.ts';
import { binary } from '../execution/term-build.ts';
import { PAGE_SHIFT } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { addressesOn } from './support/bounds/choices.ts';
import { unboundedElements } from './support/bounds/elements.ts';
import { offsetIn } from './support/bounds/offset-in.ts';
import { callsWithoutBounds } from './support/bounds/unchecked-calls.ts';
import { noFix } from './support/fixes/fixes.ts';
import { countingOffset } from './support/fixes/length-checks.ts';
import { argumentOf, chosenBy, termOf } from './support/mapping-calls.ts';
import { functionOf, oncePerPlace } from './support/path-calls.ts';
import { farTarget, hugeAddress, hugeLength, hugeTarget, sumBeyond } from './support/questions.ts';
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
    const mapped = oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (unbounded.has(event.nameSpan.start)) return undefined;
      const target = event.vma?.known === false ? undefined : chosenBy(event, version);
      if (!target) return undefined;
      // Where vmalloc memory lies says nothing about how far an address is behind its begin.
      const addresses = addressesOn(path, event, version);
      const unchecked =
        firstModel(target.numbers, (number) => hugeTarget(call, number)) ?? firstModel(addresses, (address) => hugeAddress(call, address));
      const numbers = [...target.numbers, ...addresses.map(inPages)];
      const far = unchecked ?? firstModel(numbers, (number) => farTarget(call, number));
      const model = far ?? firstModel([...target.numbers, ...addresses], (number) => sumBeyond(call, number));
      if (!model) return undefined;
      return {
        file: event.file,
        span: event.argumentSpans[target.index] ?? event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: unchecked
          ? `The offset of the mapping (vma->vm_pgoff) reaches \`${event.name}()\` unchecked, so a program chooses which memory it maps. Check the offset first, then the length against what is left behind it.`
          : !far
            ? `Offset and length of the mapping are each compared with the device, and never their sum: a mapping at a large offset ends behind it, and \`${event.name}()\` maps what lies there. Compare the length with what is left behind the offset.`
            : `The offset of the mapping (vma->vm_pgoff) is compared with a number that does not bound it, and reaches \`${event.name}()\` far beyond what the device has. Compare it in pages with the number of pages, then the length with what is left behind it.`,
        related: [],
        fixes: offsetIn(call, target.numbers) === 'added' ? countingOffset(context.driver, path, event.after, !unchecked && !far) : noFix,
        witness: witnessOf(call, model),
      };
    });
    return [...mapped, ...unboundedElements(context)];
  },
};

/** An address, or an index in bytes, as what is compared with a pfn. */
function inPages(address: Term): Term {
  return binary('shr', unsignedLong, address, constant(PAGE_SHIFT));
}

function firstModel(numbers: readonly Term[], find: (number: Term) => Model | undefined): Model | undefined {
  for (const number of numbers) {
    const model = find(number);
    if (model) return model;
  }
  return undefined;
}
