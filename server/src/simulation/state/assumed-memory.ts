/**
 * Memory that others have allocated for the driver, which no file at hand shows: windows of the device and buffers of
 * subsystems, the same one each time it is asked for by its name, and each listed as an assumption.
 */
import type { Machine } from '../../execution/world.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { KernelMemory, PlannedKind } from '../world/kernel-memory.ts';
import type { Assumptions } from './assumptions.ts';
import { assumedLength } from './choices.ts';
import type { DriverState } from './driver-state.ts';

export interface AssumedMemoryContext {
  readonly state: DriverState;
  readonly memory: KernelMemory;
  readonly assumptions: Assumptions;
  machine(): Machine;
}

export class AssumedMemory {
  readonly #context: AssumedMemoryContext;
  readonly #buffers = new Map<string, Allocation>();

  constructor(context: AssumedMemoryContext) {
    this.#context = context;
  }

  /** A window of the device, or RAM with struct pages. Length in bytes. */
  region(name: string, reason: string, options: { readonly length?: bigint | undefined; readonly isRam?: boolean }): Allocation {
    const { assumptions, state } = this.#context;
    const length = assumptions.wished(`${name} length`) ?? options.length;
    const region = state.region(name, length, options.isRam, assumptions.wished(`${name} start`));
    const start = BigInt(region.runs[0]?.pfn ?? 0) << 12n;
    assumptions.note({ name, value: `0x${start.toString(16)}, ${region.bytes / 1024n} KiB`, reason });
    return region;
  }

  /** 64 KiB of memory of a kind. */
  buffer(name: string, kind: PlannedKind, because: string): Allocation {
    const buffer = this.#buffers.get(name) ?? this.#newBuffer(name, kind);
    this.#buffers.set(name, buffer);
    this.#context.assumptions.note({ name, value: `${buffer.bytes / 1024n} KiB`, reason: because });
    return buffer;
  }

  #newBuffer(name: string, kind: PlannedKind): Allocation {
    const { state, memory, machine } = this.#context;
    if (kind === 'device') return state.region(name);
    const object = machine().allocate(name, { kind: 'void' }, { kind: 'assumed' });
    memory.plan(object, kind, assumedLength);
    return memory.backing(object);
  }
}
