/** `mmap-no-size-check`: the length of the vma reaches a mapping call that does not check it. */
import { isMadeOn, lengthOf, type Model } from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Span } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { isBoundedByVmaAlone, isOfFixedBuffer } from './support/bounds/loops.ts';
import { offsetIn } from './support/bounds/offset-in.ts';
import { boundsPiecesBySize } from './support/bounds/quotients.ts';
import { callsTrustingCallee, callsWithoutBounds } from './support/bounds/unchecked-calls.ts';
import { noFix } from './support/fixes/fixes.ts';
import { boundingLength, tellingSize } from './support/fixes/length-checks.ts';
import { unboundedByFile } from './support/lifetime/backing-file.ts';
import { chosenBy, lengthArgument, targetOf } from './support/mapping-calls.ts';
import { functionOf, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { dependsOnLength, farLength, hugeLength } from './support/questions.ts';
import { witnessOf } from './support/witness.ts';

export const mmapNoSizeCheck: Rule = {
  name: 'mmap-no-size-check',
  severity: 'error',
  summary: 'The length that the user program asks for reaches the mapping call unchecked.',
  provedBy: ['foreign-memory', 'outside-vma'],
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    const report = (call: PathCall, finding: Unchecked | undefined): Report | undefined =>
      finding && {
        file: call.event.file,
        span: finding.span,
        function: functionOf(call.event),
        handler: call.entry.entry.handler,
        message: finding.message,
        related: [],
        fixes: finding.fixes ?? noFix,
        witness: witnessOf(call, finding.model, finding.isFar ? {} : { anyLength: true }),
      };
    return [
      ...oncePerPlace(
        callsWithoutBounds(context),
        (call) => report(call, wholeLength(driver, call) ?? wrongBound(call, version) ?? loopOverVma(call, version)) ?? piecesBySize(call),
      ),
      ...context.entries.flatMap(unboundedByFile),
      ...oncePerPlace(callsTrustingCallee(context), (call) => report(call, toldItsOwnLength(driver, call))),
    ];
  },
};

interface Unchecked {
  readonly span: Span;
  readonly message: string;
  readonly model: Model;
  readonly fixes?: readonly ReportFix[];
  /** Only the length of the model shows it. */
  readonly isFar?: true;
}

/** One call that is given the length of the vma. */
function wholeLength(driver: Driver, call: PathCall): Unchecked | undefined {
  const { event } = call;
  const { version } = driver.target;
  const target = chosenBy(event, version);
  const length = lengthArgument(event, version);
  const model = length && hugeLength(call, length.bytes);
  return (
    model && {
      span: event.argumentSpans[length.index] ?? event.nameSpan,
      message: `The length of the mapping reaches \`${event.name}()\` unchecked, so a program can map whatever lies behind the buffer. Compare it with the size of the buffer first, or use ${length.pages ? 'vm_map_pages(), which is told the number of pages and' : 'vm_iomap_memory(), which'} does.`,
      model,
      fixes: target ? boundingLength(driver, call, target.index, length.index, offsetIn(call, target.numbers)) : noFix,
    }
  );
}

/** The length is compared, and what passes is far longer than the device all the same. */
function wrongBound(call: PathCall, version: KernelVersion): Unchecked | undefined {
  const { event } = call;
  const length = lengthArgument(event, version);
  const model = length && farLength(call, length.bytes);
  return (
    model && {
      span: event.argumentSpans[length.index] ?? event.nameSpan,
      message: `The length of the mapping is compared with a number that does not bound it, so \`${event.name}()\` maps far more than the device has. Compare bytes with bytes, or vma_pages(vma) with a number of pages.`,
      model,
      isFar: true,
    }
  );
}

/** The number of pieces that the mapping covers is compared, and with the size of a piece. */
function piecesBySize({ entry, path, event }: PathCall): Report | undefined {
  const pages = entry.symbols.pages?.term;
  const check = pages && path.conditions.slice(0, event.after).find((condition) => boundsPiecesBySize(condition, pages));
  return (
    check && {
      file: check.file,
      span: check.span,
      function: check.function,
      handler: entry.entry.handler,
      message: `What is compared here is a number of pieces, and it is held against the size of a piece: a mapping of far more pieces than there are reaches \`${event.name}()\`. Compare it with the number of pieces.`,
      related: [],
      fixes: [],
    }
  );
}

/** A callee compares the vma with the size that it is told, and that size is the vma's. */
function toldItsOwnLength(driver: Driver, call: PathCall): Unchecked | undefined {
  const { event } = call;
  const { version } = driver.target;
  const length = lengthArgument(event, version);
  if (!length || !dependsOnLength(call.entry, length.bytes)) return undefined;
  const model = hugeLength(call, length.bytes, ownSize(call));
  return (
    model && {
      span: event.argumentSpans[length.index] ?? event.nameSpan,
      message: `\`${event.name}()\` compares the vma with the size that it is told, and it is told the length of the vma: any length passes. Tell it the size of the buffer.`,
      model,
      fixes: tellingSize(driver, call, targetOf(event, version)?.index ?? -1, length.index),
    }
  );
}

/** Bytes of the buffer that is mapped, when the handler has just allocated it: made for this mapping, it may well be as long. */
function ownSize({ path, event }: PathCall): Term | undefined {
  for (const value of event.arguments) {
    const origin = value.kind === 'pointer' ? value.place.object.origin : undefined;
    if (value.kind === 'pointer' && origin?.kind === 'allocated' && origin.size && isMadeOn(path, value.place.object)) return origin.size;
  }
  return undefined;
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
