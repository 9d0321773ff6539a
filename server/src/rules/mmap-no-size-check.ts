/** `mmap-no-size-check`: the length of the vma reaches a mapping call that does not check it. */
import { lengthOf, type Model } from '../analysis/query.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Span } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isBoundedByVmaAlone, isOfFixedBuffer } from './support/loops.ts';
import { lengthArgument } from './support/mapping-calls.ts';
import { functionOf, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { hugeLength } from './support/questions.ts';
import { callsWithoutBounds } from './support/unchecked-calls.ts';
import { witnessOf } from './support/witness.ts';

export const mmapNoSizeCheck: Rule = {
  name: 'mmap-no-size-check',
  severity: 'error',
  summary: 'The length that the user program asks for reaches the mapping call unchecked.',
  provedBy: ['foreign-memory', 'outside-vma'],
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(callsWithoutBounds(context), (call): Report | undefined => {
      const { entry, event } = call;
      const finding = wholeLength(call, version) ?? loopOverVma(call, version);
      return (
        finding && {
          file: event.file,
          span: finding.span,
          function: functionOf(event),
          handler: entry.entry.handler,
          message: finding.message,
          related: [],
          fixes: [],
          witness: witnessOf(call, finding.model, { anyLength: true }),
        }
      );
    });
  },
};

interface Unchecked {
  readonly span: Span;
  readonly message: string;
  readonly model: Model;
}

/** One call that is given the length of the vma. */
function wholeLength(call: PathCall, version: KernelVersion): Unchecked | undefined {
  const { event } = call;
  const length = lengthArgument(event, version);
  const model = length && hugeLength(call, length.bytes);
  return (
    model && {
      span: event.argumentSpans[length.index] ?? event.nameSpan,
      message: `The length of the mapping reaches \`${event.name}()\` unchecked, so a program can map whatever lies behind the buffer. Compare it with the size of the buffer first, or use ${length.pages ? 'vm_map_pages(), which is told the number of pages and' : 'vm_iomap_memory(), which'} does.`,
      model,
    }
  );
}

/** A piece in each round of a loop that ends where the vma does. */
function loopOverVma(call: PathCall, version: KernelVersion): Unchecked | undefined {
  const { event } = call;
  const length = isOfFixedBuffer(call, version) && isBoundedByVmaAlone(call) ? lengthOf(event) : undefined;
  const model = length && hugeLength(call, length);
  return (
    model && {
      span: event.nameSpan,
      message: `The loop around \`${event.name}()\` ends where the vma does, and nothing compares the vma with the buffer, so a program can map whatever lies behind it. Compare vma_pages(vma) with the number of pages of the buffer first.`,
      model,
    }
  );
}
