/**
 * The scenario's processes and mappings by name, and the names under which the trace shows what mm numbers. Keeps where
 * each mapping is in each process; knows no statement.
 */
import type { Mm } from '../../mm/mm.ts';
import type { Outcome } from '../../mm/outcome.ts';
import type { System } from '../../mm/system.ts';
import { hex } from '../../mm/units.ts';
import type { Names } from '../trace/sentences.ts';
import { vmFlagNames } from '../trace/snapshot.ts';

/** A mapping of a process; bytes. */
export interface Mapping {
  readonly start: bigint;
  readonly length: bigint;
}

/** What the program itself is called. */
export const programName = 'program';

export class Processes implements Names {
  /** Set once the machine exists. */
  system: System | undefined;
  readonly #byName = new Map<string, Mm>();
  readonly #names = new Map<number, string>();
  readonly #mappings = new Map<number, Map<string, Mapping>>();
  readonly #vmaNames = new Map<number, string>();
  /** The outcome of the statement that made or last changed a mapping. */
  readonly results = new Map<string, Outcome>();
  /** The mapping that is being made. */
  making: string | undefined;

  add(name: string, mm: Mm, parent?: Mm): void {
    this.#byName.set(name, mm);
    this.#names.set(mm.id, name);
    this.#mappings.set(mm.id, new Map(parent ? this.#mappings.get(parent.id) : []));
  }

  get(name: string): Mm | undefined {
    return this.#byName.get(name);
  }

  mapping(mm: Mm, name: string): Mapping | undefined {
    return this.#mappings.get(mm.id)?.get(name);
  }

  setMapping(mm: Mm, name: string, mapping: Mapping): void {
    this.#mappings.get(mm.id)?.set(name, mapping);
  }

  vma(id: number): string {
    const found = this.#findVma(id);
    if (found === undefined) return this.#vmaNames.get(id) ?? this.making ?? `number ${id}`;
    this.#vmaNames.set(id, found);
    return found;
  }

  process(mm: number): string {
    return this.#names.get(mm) ?? 'the new process';
  }

  file(id: number): string {
    return this.system?.files.find((file) => file.id === id)?.name ?? 'the file';
  }

  flags(flags: bigint): string {
    return this.system ? vmFlagNames(flags, this.system.version).join(' ') : hex(flags);
  }

  owner(pfn: bigint): string {
    const owner = this.system?.memory.owner(Number(pfn));
    return owner ? ` of ${owner.label}` : '';
  }

  /** The name of a vma that is in some process: that of the mapping that it is a part of. */
  #findVma(id: number): string | undefined {
    for (const mm of this.system?.processes ?? []) {
      const vma = mm.vmas.find((each) => each.id === id);
      if (!vma) continue;
      for (const [name, { start, length }] of this.#mappings.get(mm.id) ?? []) {
        if (vma.vm_start < start || vma.vm_start >= start + length) continue;
        const part = vma.vm_start === start ? name : `${name}+${(vma.vm_start - start) >> 12n}p`;
        const process = this.process(mm.id);
        return process === programName ? part : `${part} of ${process}`;
      }
    }
    return undefined;
  }
}
