/**
 * Scatterlists that nobody filled in sight: one piece of contiguous RAM, 64 KiB long, is assumed to be the whole buffer. Its
 * pages are walked by the iterator macros and asked for by `sg_page` and its relatives.
 */
import { unsignedInt, unsignedLong } from '../../execution/ctype.ts';
import { placeName } from '../../execution/place.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { Assumptions } from '../state/assumptions.ts';
import { assumedPages, physicalStart } from '../state/choices.ts';
import type { CallContext, CallEnvironment, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { integer, nullPointer, numberOf, placeOf, pointerTo } from './values.ts';

const reason = 'nobody fills the list in sight: one piece of 64 KiB is assumed to be the whole buffer';

/** Iterators over pages: the table or list, the position, the page to begin with. */
const overPages: Readonly<Record<string, { readonly position: number; readonly first: number }>> = {
  for_each_sgtable_page: { position: 1, first: 2 },
  for_each_sgtable_dma_page: { position: 1, first: 2 },
  for_each_sg_page: { position: 1, first: 3 },
  for_each_sg_dma_page: { position: 1, first: 3 },
};

/** Iterators over pieces: the position, the running index. */
const overPieces: Readonly<Record<string, { readonly position: number; readonly index: number }>> = {
  for_each_sg: { position: 1, index: 3 },
  for_each_sgtable_sg: { position: 1, index: 2 },
  for_each_sgtable_dma_sg: { position: 1, index: 2 },
};

/** Whether an iterator over a scatterlist has another element; `undefined` for other macros. */
export function nextInScatterList(machine: Machine, round: IteratorRound, assumptions: Assumptions): boolean | undefined {
  const pages = overPages[round.macro];
  if (pages) return nextPage(machine, round, pages, assumptions);
  const pieces = overPieces[round.macro];
  const position = pieces && round.place(pieces.position);
  if (!pieces || !position) return undefined;
  if (round.count > 1) return false;
  machine.write(position, scatterList(machine, round, assumptions), round.span);
  const index = round.place(pieces.index);
  if (index) machine.write(index, integer(unsignedInt, 0n), round.span);
  return true;
}

function nextPage(
  machine: Machine,
  round: IteratorRound,
  { position, first }: { readonly position: number; readonly first: number },
  assumptions: Assumptions,
): boolean | undefined {
  const at = placeOf(round.value(position));
  if (!at) return undefined;
  if (round.count === 1) {
    const start = numberOf(round.value(first)) ?? 0n;
    machine.write(fieldOf(at, 'sg'), scatterList(machine, round, assumptions), round.span);
    machine.write(fieldOf(at, 'sg_pgoffset'), integer(unsignedLong, start), round.span);
    return start < assumedPages;
  }
  const next = pageOffset(machine, at) + 1n;
  machine.write(fieldOf(at, 'sg_pgoffset'), integer(unsignedLong, next), round.span);
  return next < assumedPages;
}

/** The one piece, under the name of the table or list that the macro walks. */
function scatterList(machine: Machine, round: IteratorRound, assumptions: Assumptions): Value {
  const list = placeOf(round.value(0));
  const name = list ? placeName(list) : 'the scatterlist';
  assumptions.note({ name: `pieces of ${name}`, value: '1', reason });
  return pointerTo(machine.allocate(name, structType('scatterlist'), { kind: 'assumed' }));
}

function fieldOf(place: Place, name: string): Place {
  return { object: place.object, path: [...place.path, { kind: 'field', name }] };
}

function pageOffset(machine: Machine, position: Place): bigint {
  return numberOf(machine.read(fieldOf(position, 'sg_pgoffset'), unsignedLong)) ?? 0n;
}

/** The memory of the scatterlist at a place. */
function memoryOf(list: Place, environment: CallEnvironment): Allocation {
  return environment.ramRegion(`memory of ${placeName(list).replace(/^\*/, '')}`, reason);
}

/** What `answer` makes of the memory of the scatterlist that argument 0 points to. */
function ofPiece(answer: (memory: Allocation, context: CallContext) => Value): KernelCall {
  return (context) => {
    const list = context.place(0);
    return list && answer(memoryOf(list, context.environment), context);
  };
}

const pageOfPosition: KernelCall = (context) => {
  const position = context.place(0);
  const list = position && placeOf(context.machine.read(fieldOf(position, 'sg'), { kind: 'pointer', to: structType('scatterlist') }));
  if (!list) return undefined;
  const start = physicalStart(memoryOf(list, context.environment)) >> 12n;
  return context.environment.objects.page(start + pageOffset(context.machine, position));
};

export const scatterListCalls: KernelCallTable = {
  sg_page: ofPiece((memory, { environment }) => environment.objects.page(physicalStart(memory) >> 12n)),
  sg_phys: ofPiece((memory, context) => context.result(physicalStart(memory))),
  sg_dma_address: ofPiece((memory, context) => context.result(physicalStart(memory))),
  sg_dma_len: ofPiece((memory, context) => context.result(memory.bytes)),
  sg_page_iter_page: pageOfPosition,
  /** The list has one piece. */
  sg_next: (context) => (context.place(0) ? nullPointer(structType('scatterlist')) : undefined),
};
