/** Where on a path the vma got a flag: the other end of many findings. */
import type { CallEvent, Path } from '../../../analysis/path.ts';
import { knownBits } from '../../../execution/term-range.ts';
import { flagValue } from '../../../kernel/lookup.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Place } from '../../rule.ts';

/** The last event before `event` after which the flag was certainly set and before which it was not. */
export function originOfFlag(
  path: Path,
  event: CallEvent,
  flag: string,
  version: KernelVersion,
): (Place & { readonly message: string }) | undefined {
  const bit = flagValue(flag, version);
  if (bit === undefined) return undefined;
  let origin: Place | undefined;
  for (const [index, each] of path.events.entries()) {
    if (each === event) break;
    const before = each.vma && (knownBits(each.vma.flags).ones & bit) === bit;
    const next = path.events[index + 1]?.vma;
    const after = next && (knownBits(next.flags).ones & bit) === bit;
    if (!before && after) origin = { file: each.file, span: each.kind === 'call' ? each.nameSpan : each.span };
  }
  return origin && { ...origin, message: `The vma gets ${flag} here.` };
}
