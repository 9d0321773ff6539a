/**
 * The memory that a driver is assumed to have, where nothing tells how much it is: windows of the device and memory with struct pages,
 * the same one each time a name asks for it. Knows no C.
 */
import { addDeviceRegion, alloc_pages_exact } from '../../mm/physical/allocate.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import type { PlannedKind } from '../world/kernel-memory.ts';
import { assumedLength } from './choices.ts';

/** What windows and buffers of unknown size have in a roomy run, in bytes. */
const roomyDevice = 0x4000_0000n;
const roomyMemory = 0x100_0000n;

/** How much device memory is assumed where nothing tells, in bytes. */
export function windowExtent(roomy: boolean): bigint {
  return roomy ? roomyDevice : assumedLength;
}

export class Regions {
  readonly #system: System;
  readonly #roomy: boolean;
  readonly #regions = new Map<string, Allocation>();

  /** `roomy`: what is of unknown size is large. */
  constructor(system: System, roomy: boolean) {
    this.#system = system;
    this.#roomy = roomy;
  }

  /** A window of the device, or memory with struct pages, the same one each time it is asked for by this name. Bytes. */
  region(name: string, length: bigint = assumedLength, isRam = false, physical?: bigint): Allocation {
    let region = this.#regions.get(name);
    if (!region) {
      const options = { bytes: length, label: name };
      region = isRam
        ? alloc_pages_exact(this.#system, { ...options, zero: true })
        : addDeviceRegion(this.#system, { ...options, ...(physical === undefined ? {} : { physical }) });
      this.#regions.set(name, region);
    }
    return region;
  }

  /** How much memory of a kind is assumed where nothing tells, in bytes. */
  extent(kind: PlannedKind): bigint {
    return kind === 'device' ? windowExtent(this.#roomy) : this.#roomy ? roomyMemory : assumedLength;
  }
}
