/** Iterator macros of all kinds: whose elements the run has seen being put together goes first. */
import type { TypeTable } from '../../execution/type-table.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import type { Assumptions } from '../state/assumptions.ts';
import { nextBit, nextProcessor } from './bit-iteration.ts';
import { nextInBuiltList } from './built-scatter-lists.ts';
import { nextInHash } from './hash-iteration.ts';
import { nextElement } from './iteration.ts';
import { nextInLlist } from './llist-iteration.ts';
import { nextInMap } from './map-iteration.ts';
import { nextInScatterList } from './scatter-lists.ts';

/** Whether there is another element; sets the position then. */
export function nextRound(machine: Machine, round: IteratorRound, assumptions: Assumptions, types: TypeTable): boolean | undefined {
  return (
    (assumptions.asItRuns ? nextInBuiltList(machine, round) : undefined) ??
    nextInScatterList(machine, round, assumptions) ??
    nextInMap(machine, round) ??
    nextBit(machine, round) ??
    nextProcessor(machine, round) ??
    (assumptions.asItRuns ? (nextInHash(machine, round, types) ?? nextInLlist(machine, round, types)) : undefined) ??
    nextElement(machine, round, assumptions, types)
  );
}
