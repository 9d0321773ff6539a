/** `for_each_set_bit(bit, map, size)` and its relatives: the library finds the next one. Processors are walked alike. */
import { unsignedLong } from '../../execution/ctype.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import { integer, numberOf } from './values.ts';

/** What finds the next bit; whether the loop begins where the variable stands. */
const macros: Readonly<Record<string, { readonly find: string; readonly from?: true }>> = {
  for_each_set_bit: { find: 'find_next_bit' },
  for_each_clear_bit: { find: 'find_next_zero_bit' },
  for_each_set_bit_from: { find: 'find_next_bit', from: true },
  for_each_clear_bit_from: { find: 'find_next_zero_bit', from: true },
};

/** Iterators over processors, of which there is one: the variable comes first. */
const overProcessors: ReadonlySet<string> = new Set([
  'for_each_possible_cpu',
  'for_each_online_cpu',
  'for_each_present_cpu',
  'for_each_cpu',
]);

/** Whether there is another processor; `undefined` for other macros. */
export function nextProcessor(machine: Machine, round: IteratorRound): boolean | undefined {
  const variable = overProcessors.has(round.macro) ? round.place(0) : undefined;
  const type = round.types[0];
  if (!variable || type?.kind !== 'integer') return undefined;
  machine.write(variable, integer(type, BigInt(round.count - 1)), round.span);
  return round.count === 1;
}

/** Whether there is another bit; sets the variable, at the end to the size. `undefined` for other macros. */
export function nextBit(machine: Machine, round: IteratorRound): boolean | undefined {
  const macro = Object.hasOwn(macros, round.macro) ? macros[round.macro] : undefined;
  const bit = macro && round.place(0);
  const type = round.types[0];
  const size = macro && numberOf(round.value(2));
  if (!macro || !bit || type?.kind !== 'integer' || size === undefined) return undefined;
  const at = numberOf(machine.read(bit, type)) ?? 0n;
  const start = round.count > 1 ? at + 1n : macro.from ? at : 0n;
  const found = numberOf(machine.invoke(macro.find, [round.value(1), integer(unsignedLong, size), integer(unsignedLong, start)])) ?? size;
  machine.write(bit, integer(type, found), round.span);
  return found < size;
}
