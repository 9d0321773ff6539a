/** Handlers that take an access from the mapping they are given, and leave the flag with which mprotect(2) gives it back. */
import type { EntryAnalysis } from '../../../analysis/path.ts';
import type { Term } from '../../../execution/term.ts';
import { knownBits } from '../../../execution/term-range.ts';
import type { Report } from '../../rule.ts';
import { endOf, find } from '../questions.ts';
import { reportOn } from '../reports.ts';
import { maySucceed } from '../results/outcomes.ts';
import { witnessOf } from '../witness.ts';
import { canBe, has } from './access-left.ts';

/** A path that clears the access in the flags of the vma, and leaves what mprotect(2) asks for; `shows`: what a program then gets. */
export function accessTaken(
  entry: EntryAnalysis,
  {
    refused,
    left,
    message,
    shows,
  }: { readonly refused: bigint; readonly left: bigint; readonly message: string; readonly shows: readonly string[] },
): Report | undefined {
  for (const path of entry.paths) {
    const end = endOf(entry, path);
    if (!end?.event.vma?.known) continue;
    const { flags } = end.event.vma;
    if (!isCleared(flags, refused) || !canBe(entry, path, has(flags, left)) || !maySucceed(entry, path)) continue;
    const event = path.events.findLast(({ vma }) => vma && !isCleared(vma.flags, refused));
    if (!event) continue;
    const model = find(end, [has(flags, left)]);
    const witness = model && witnessOf(end, model, { then: shows });
    return reportOn(
      { entry, event },
      event.kind === 'call' ? event.nameSpan : event.span,
      message,
      witness === undefined ? {} : { witness },
    );
  }
  return undefined;
}

function isCleared(flags: Term, bits: bigint): boolean {
  return (knownBits(flags).zeros & bits) === bits;
}
