/**
 * Whether the modelled machine has an IOMMU, and the bus addresses that it gives to devices: they are then addresses of its own, and not
 * where the memory lies (drivers/iommu/dma-iommu.c). A machine has none unless a scenario says so (`assume iommu = 1`) or an attack tries
 * it. Knows no C.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { PAGE_SIZE } from '../../mm/units.ts';
import type { Assumptions } from './assumptions.ts';

/** What scenarios call it. */
const iommuName = 'iommu';

/** They are handed out from here downwards: the last page that 32 bits reach is left out. */
const highest = 0xffff_f000n;

export class Iommu {
  readonly #assumptions: Assumptions;
  readonly #version: KernelVersion;
  /** By the address or name of what is mapped. */
  readonly #given = new Map<bigint | string, bigint>();
  #next = highest;

  constructor(assumptions: Assumptions, version: KernelVersion) {
    this.#assumptions = assumptions;
    this.#version = version;
  }

  /** From 5.5 on one code serves every IOMMU of x86; before, most machines ran with theirs off. */
  get isOn(): boolean {
    if (!atLeast(this.#version, 5, 5)) return false;
    return this.#assumptions.hasCircumstance(iommuName, 'the machine has one: bus addresses are its own');
  }

  /** The bus address of memory: `memory` is its physical address, or a name where nobody knows that. Bytes. */
  busAddress(memory: bigint | string, bytes: bigint): bigint {
    if (typeof memory === 'bigint' && !this.isOn) return memory;
    const given = this.#given.get(memory) ?? this.#next - roundUp(bytes);
    if (!this.#given.has(memory)) this.#next = given - PAGE_SIZE;
    this.#given.set(memory, given);
    return given;
  }
}

function roundUp(bytes: bigint): bigint {
  return ((bytes + PAGE_SIZE - 1n) / PAGE_SIZE) * PAGE_SIZE;
}
