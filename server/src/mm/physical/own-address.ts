/** Memory at a physical address that a driver knows by itself. */
import type { System } from '../system.ts';
import { hex, PAGE_SHIFT } from '../units.ts';
import { addDeviceRegion, addReservedRegion } from './allocate.ts';

/** Bytes of memory that have their struct pages together (`SECTION_SIZE_BITS` of x86-64). */
const sectionBytes = 1n << 27n;

/**
 * Gives the driver `bytes` at the physical address `start`: a window of a bus, or below the end of RAM memory that was set aside for it.
 * That has struct pages that are marked reserved, unless it is whole sections, which then have none (`sparse_init` in mm/sparse.c).
 * False where somebody has the first page already.
 */
export function ownAddress(system: System, start: bigint, bytes: bigint): boolean {
  const { memory } = system;
  const pfn = Number(start >> PAGE_SHIFT);
  if (memory.owner(pfn)) return false;
  const options = { bytes, label: `memory at ${hex(start)}`, physical: start };
  const kind = memory.regions.get(pfn) ?? 'mmio';
  const isWholeSections = start % sectionBytes === 0n && bytes % sectionBytes === 0n;
  if (kind === 'mmio') addDeviceRegion(system, options);
  else if (kind === 'hidden' || isWholeSections) addDeviceRegion(system, { ...options, kind: 'hidden' });
  else addReservedRegion(system, options);
  return true;
}
