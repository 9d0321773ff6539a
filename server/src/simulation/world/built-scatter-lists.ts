/**
 * Scatterlists that the run has seen from their beginning: the library walks and fills them. Of other lists scatter-lists.ts assumes what
 * they hold.
 */
import { unsignedInt, unsignedLong } from '../../execution/ctype.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import { scatterLists } from '../library/scatter-lists.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { integer, numberOf, placeOf, pointerTo } from './values.ts';

const prefix = 'built_';

/** Where a call has the list or the table, when it is not the first argument. */
const listAt: Readonly<Record<string, number>> = { dma_map_sg: 1, dma_map_sgtable: 1, dma_map_sg_attrs: 1 };

function isBuilt(place: Place | undefined): place is Place {
  return place !== undefined && place.object.origin.kind !== 'assumed' && place.object.origin.kind !== 'kernel';
}

function built(name: string): KernelCall {
  return (context: CallContext) => {
    if (!context.environment.asItRuns || !isBuilt(placeOf(context.argument(listAt[name] ?? 0)))) return undefined;
    return context.machine.invoke(`${prefix}${name}`, context.call.arguments);
  };
}

/** Every function of the library that has the prefix. */
export const builtScatterListCalls: KernelCallTable = Object.fromEntries(
  [...scatterLists.matchAll(/\bbuilt_(\w+)\([^;{]*\)\n\{/g)].map(([, name = '']) => [name, built(name)]),
);

/** Iterators: whether argument 0 is a table, the position, and the index or the first page. */
const overPieces: Readonly<Record<string, { readonly table?: 'orig_nents' | 'nents'; readonly index: number }>> = {
  for_each_sg: { index: 3 },
  for_each_sgtable_sg: { table: 'orig_nents', index: 2 },
  for_each_sgtable_dma_sg: { table: 'nents', index: 2 },
};
const overPages: Readonly<Record<string, { readonly table?: 'orig_nents' | 'nents'; readonly first: number; readonly isDma?: true }>> = {
  for_each_sg_page: { first: 3 },
  for_each_sgtable_page: { table: 'orig_nents', first: 2 },
  for_each_sg_dma_page: { first: 3, isDma: true },
  for_each_sgtable_dma_page: { table: 'nents', first: 2, isDma: true },
};

const sgPointer = { kind: 'pointer', to: structType('scatterlist') } as const;

/** The first piece and how many there are. */
function listOf(
  machine: Machine,
  round: IteratorRound,
  table: 'orig_nents' | 'nents' | undefined,
): { readonly list: Value; readonly nents: bigint } {
  const first = round.value(0);
  if (!table) return { list: first, nents: numberOf(round.value(2)) ?? 0n };
  const at = placeOf(first);
  if (!at) return { list: first, nents: 0n };
  const field = (name: string): Place => ({ object: at.object, path: [...at.path, { kind: 'field', name }] });
  return { list: machine.read(field('sgl'), sgPointer), nents: numberOf(machine.read(field(table), unsignedInt)) ?? 0n };
}

/** Whether an iterator over a list that was built has another element; `undefined` for other macros and lists. */
export function nextInBuiltList(machine: Machine, round: IteratorRound): boolean | undefined {
  const pieces = Object.hasOwn(overPieces, round.macro) ? overPieces[round.macro] : undefined;
  const pages = Object.hasOwn(overPages, round.macro) ? overPages[round.macro] : undefined;
  if ((!pieces && !pages) || !isBuilt(placeOf(round.value(0)))) return undefined;
  if (pieces) return nextPiece(machine, round, pieces);
  return pages && nextPage(machine, round, pages);
}

function nextPiece(
  machine: Machine,
  round: IteratorRound,
  { table, index }: { readonly table?: 'orig_nents' | 'nents'; readonly index: number },
): boolean {
  const position = round.place(1);
  const counter = round.place(index);
  if (!position || !counter) return false;
  const { list, nents } = listOf(machine, round, table);
  const at = round.count === 1 ? list : machine.invoke(`${prefix}sg_next`, [machine.read(position, sgPointer)]);
  machine.write(position, at, round.span);
  machine.write(counter, integer(unsignedInt, BigInt(round.count - 1)), round.span);
  return BigInt(round.count) <= nents;
}

function nextPage(
  machine: Machine,
  round: IteratorRound,
  { table, first, isDma }: { readonly table?: 'orig_nents' | 'nents'; readonly first: number; readonly isDma?: true },
): boolean {
  const position = placeOf(round.value(1));
  if (!position) return false;
  const iter = isDma ? { object: position.object, path: [...position.path, { kind: 'field', name: 'base' } as const] } : position;
  const pointer: Value = { ...pointerTo(iter.object), place: iter, pointee: structType('sg_page_iter') };
  if (round.count === 1) {
    const { list, nents } = listOf(machine, round, table);
    machine.invoke(`${prefix}page_iter_start`, [
      pointer,
      list,
      integer(unsignedInt, nents),
      integer(unsignedLong, numberOf(round.value(first)) ?? 0n),
    ]);
  }
  return numberOf(machine.invoke(`${prefix}page_iter_next`, [pointer])) === 1n;
}
