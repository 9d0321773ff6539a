/** How the offset of the mapping takes part in the numbers that choose what is mapped. Knows terms, no rules. */
import type { Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { PathCall } from '../path-calls.ts';
import { dependsOnOffset } from '../questions.ts';
import { growsWith } from './small-device.ts';

/** `added`: page for page, to where something of the driver's begins, so that both count in the same units. */
export type OffsetIn = 'added' | 'absent' | 'other';

export function offsetIn({ entry }: PathCall, numbers: readonly Term[]): OffsetIn {
  if (!numbers.some((number) => dependsOnOffset(entry, number))) return 'absent';
  const pgoff = entry.symbols.pgoff?.term;
  const [number, ...others] = numbers.map((each) =>
    each.kind === 'operation' && each.operator === 'shr' ? (each.operands[0] ?? each) : each,
  );
  if (!pgoff || !number || others.length > 0 || !growsWith(pgoff, number)) return 'other';
  return [...symbolsOf(number).values()].some(({ control }) => control === 'driver') ? 'added' : 'other';
}
