/**
 * Memory runs short: what the kernel takes back from mappings (mm/vmscan.c). Pages of drivers are on no LRU list, so from 2.5
 * on nothing of theirs is touched (S10.12; 2.4: `history/swap-out.ts`); anonymous memory is not swapped by the model.
 */
import { swap_out, swapsOutByVma } from '../history/swap-out.ts';
import type { System } from '../system.ts';

/** Reclaims what can be reclaimed, in all processes. */
export function reclaim(system: System): void {
  if (swapsOutByVma(system.version)) swap_out(system);
}
