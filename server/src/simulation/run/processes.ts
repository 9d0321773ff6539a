/**
 * The scenario's processes and mappings by name, and the names under which the trace shows what mm numbers. Keeps where
 * each mapping is in each process; knows no statement.
 */

import { vmFlagNames } from '../../kernel/vma-flags.ts';
import type { VmaView } from '../../mm/event.ts';
import type { Mm } from '../../mm/mm.ts';
import type { Outcome } from '../../mm/outcome.ts';
import type { DumpedRange } from '../../mm/syscalls/coredump.ts';
import type { System } from '../../mm/system.ts';
import { hex } from '../../mm/units.ts';
import type { Names } from '../trace/sentences.ts';

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
  readonly #threads = new Set<string>();
  /** What the core dump of each process that left one has, by mm. */
  readonly dumps = new Map<number, readonly DumpedRange[]>();
  readonly #vmaNames = new Map<number, string>();
  /** The outcome of the statement that made or last changed a mapping. */
  readonly results = new Map<string, Outcome>();
  /** The mapping that is being made. */
  making: string | undefined;
  /** The fork that is under way: the child's name, the parent's mm. */
  forking: { readonly child: string; readonly parent: number } | undefined;

  add(name: string, mm: Mm, parent?: Mm): void {
    this.#byName.set(name, mm);
    this.#names.set(mm.id, name);
    this.#mappings.set(mm.id, new Map(parent ? this.#mappings.get(parent.id) : []));
  }

  /** A thread has the memory of its process, which keeps its own name. */
  addThread(name: string, mm: Mm): void {
    this.#byName.set(name, mm);
    this.#threads.add(name);
  }

  /** Whether threads share the memory with the process. */
  hasThreads(mm: Mm): boolean {
    return [...this.#threads].some((name) => this.#byName.get(name) === mm);
  }

  /** Ends a thread; false for a name that is no thread. */
  endThread(name: string): boolean {
    return this.#threads.delete(name) && this.#byName.delete(name);
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

  vma(vma: VmaView | number): string {
    const id = typeof vma === 'number' ? vma : vma.id;
    const view = typeof vma === 'number' ? this.#viewOf(vma) : vma;
    const found = view && this.#nameAt(view.mm, view.start);
    if (found === undefined) return this.#vmaNames.get(id) ?? this.making ?? `number ${id}`;
    this.#vmaNames.set(id, found);
    return found;
  }

  process(mm: number): string {
    return this.#names.get(mm) ?? this.forking?.child ?? 'the new process';
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

  #viewOf(id: number): { readonly mm: number; readonly start: bigint } | undefined {
    for (const mm of this.system?.processes ?? []) {
      const vma = mm.vmas.find((each) => each.id === id);
      if (vma) return { mm: mm.id, start: vma.vm_start };
    }
    return undefined;
  }

  /** The mapping that an address of a process is a part of. */
  #nameAt(mm: number, address: bigint): string | undefined {
    const mappings = this.#mappings.get(mm) ?? (this.forking && this.#mappings.get(this.forking.parent));
    for (const [name, { start, length }] of mappings ?? []) {
      if (address < start || address >= start + length) continue;
      const part = address === start ? name : `${name}+${(address - start) >> 12n}p`;
      const process = this.process(mm);
      return process === programName ? part : `${part} of ${process}`;
    }
    return undefined;
  }
}
