/**
 * Makes the memory that a driver knows by its address exist, once the driver maps it. How far it reaches is told by a size of the same
 * name, else by what the driver compares addresses with, else it is assumed. Knows no C.
 */
import { ownAddress } from '../../mm/physical/own-address.ts';
import type { System } from '../../mm/system.ts';
import { formatSize, hex, PAGE_SHIFT, pageAlign } from '../../mm/units.ts';
import type { Vma } from '../../mm/vma.ts';
import { vmaSize } from '../../mm/vma.ts';
import type { Assumptions } from './assumptions.ts';
import type { NamedWindow } from './named-windows.ts';

export interface NamedMemoryContext {
  readonly system: System;
  readonly assumptions: Assumptions;
  readonly windows: readonly NamedWindow[];
  /** What is assumed of a window of which nothing tells how large it is. Bytes. */
  readonly extent: bigint;
  /** Numbers that the driver found to differ, as `left right`. */
  compared(): ReadonlySet<string>;
}

/** No window is larger. Bytes. */
const largest = 1n << 30n;

export class NamedMemory {
  readonly #context: NamedMemoryContext;

  constructor(context: NamedMemoryContext) {
    this.#context = context;
  }

  /** The driver maps what lies at a physical address, for a vma where there is one. */
  know(physical: bigint, vma?: Vma): void {
    const { system, assumptions, windows, extent } = this.#context;
    if (windows.length === 0 || system.memory.owner(Number(physical >> PAGE_SHIFT))) return;
    const window = windows.findLast(({ start }) => start <= physical);
    if (!window || physical - window.start >= largest) return;
    const told = window.bytes ?? this.#limit(window.start, physical, vma);
    const bytes = told ?? extent;
    if (physical >= window.start + bytes || !ownAddress(system, window.start, bytes)) return;
    const size = told === undefined ? `${formatSize(bytes)}, assumed` : formatSize(bytes);
    assumptions.note({
      name: `the memory at ${window.name}`,
      value: `${hex(window.start)}, ${size}`,
      reason: 'the files know its address',
    });
  }

  /** How far the driver lets addresses go; what the program has asked for is no limit. Bytes. */
  #limit(start: bigint, physical: bigint, vma: Vma | undefined): bigint | undefined {
    const size = vma ? vmaSize(vma) : 0n;
    const offset = vma ? vma.vm_pgoff << PAGE_SHIFT : 0n;
    const asked = [physical, offset].flatMap((each) => [each, each + size]);
    let limit: bigint | undefined;
    for (const pair of this.#context.compared())
      for (const text of pair.split(' '))
        for (const number of [BigInt(text), BigInt(text) << PAGE_SHIFT]) {
          if (number <= start || number - start > largest || asked.some((each) => each === number || each - 1n === number)) continue;
          if (limit === undefined || number < limit) limit = number;
        }
    return limit === undefined ? undefined : pageAlign(limit - start);
  }
}
