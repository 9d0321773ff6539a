/**
 * One modelled machine: a kernel version and configuration, physical memory, files, processes, and the events they
 * produce. Everything in this folder hangs off it; it knows no C and no driver.
 */
import type { KernelVersion } from '../kernel/version.ts';
import { EventLog, type VmaView } from './event.ts';
import type { AddressSpace, MmFile } from './file.ts';
import { Mm } from './mm.ts';
import type { Allocation } from './physical/allocation.ts';
import { PhysicalMemory, type Region } from './physical/memory.ts';
import { type FatalKind, KernelStop, type MmProblem } from './problem.ts';
import { MemoryTypes } from './tables/memory-types.ts';
import type { FileOps } from './vm-ops.ts';
import { Vma, type VmaFields } from './vma.ts';

/** Kernel configuration that changes what is seen. The defaults are those of a distribution kernel on x86-64. */
export interface SystemConfig {
  /** CONFIG_DEBUG_VM: VM_BUG_ON and VM_WARN_ON are compiled in. */
  readonly debugVm: boolean;
  /** CONFIG_LOCKDEP: lock assertions are compiled in. */
  readonly lockdep: boolean;
  /** CONFIG_DEBUG_ATOMIC_SLEEP: calls that may sleep look whether they may. */
  readonly atomicSleep: boolean;
  /** CONFIG_HAVE_IOREMAP_PROT: `vm_ops->access` is used. */
  readonly ioremapProt: boolean;
  /** CONFIG_MEM_SOFT_DIRTY. */
  readonly softDirty: boolean;
  /** `init_on_alloc=1`: every page and object is zeroed when it is handed out. */
  readonly initOnAlloc: boolean;
  /** Transparent huge pages: `hugepage_init` leaves them off on machines with less than 512 MiB. */
  readonly hugePages: boolean;
  /** CONFIG_NUMA_BALANCING: entries without rights are taken for marks of the kernel. */
  readonly numaBalancing: boolean;
  /** The processor has the L1TF bug and programs run without CAP_SYS_ADMIN. */
  readonly l1tf: boolean;
  readonly regions?: readonly Region[];
}

export const defaultConfig: SystemConfig = {
  debugVm: false,
  lockdep: false,
  atomicSleep: false,
  ioremapProt: true,
  softDirty: true,
  initOnAlloc: false,
  hugePages: true,
  numaBalancing: true,
  l1tf: false,
};

/** A call into the driver, for the events. */
export interface CallbackInfo {
  readonly slot: string;
  readonly name: string;
  readonly lock: string;
  readonly vma?: VmaView;
}

/** A machine that runs one kernel version. */
export class System {
  readonly version: KernelVersion;
  readonly config: SystemConfig;
  readonly memory: PhysicalMemory;
  readonly memoryTypes = new MemoryTypes();
  readonly log = new EventLog();
  readonly processes: Mm[] = [];
  readonly files: MmFile[] = [];
  /** Lockdep watches: the first thing that it reports, an oops and a bad page end that until the next boot. */
  lockdepWatches: boolean;
  #nextId = 1;
  #problems: MmProblem[] = [];
  #warnedOnce = new Set<string>();

  constructor(version: KernelVersion, config: Partial<SystemConfig> = {}) {
    this.version = version;
    this.config = { ...defaultConfig, ...config };
    this.memory = new PhysicalMemory(this.config.regions);
    this.lockdepWatches = this.config.lockdep;
  }

  /** A number that nothing else of this machine has. */
  newId(): number {
    return this.#nextId++;
  }

  /** Starts a process with an empty address space. */
  createProcess(parent?: Mm): Mm {
    const mm = new Mm(this, this.newId());
    this.processes.push(mm);
    this.log.add({ kind: 'process-created', mm: mm.id, ...(parent ? { parent: parent.id } : {}) });
    return mm;
  }

  /** The address space object of an inode; opens of one device share it. */
  createAddressSpace(): AddressSpace {
    return { id: this.newId(), vmas: new Set() };
  }

  /** Opens a device file: one descriptor, one reference. */
  openFile(options: {
    readonly name: string;
    readonly ops: FileOps;
    readonly read: boolean;
    readonly write: boolean;
    readonly mapping?: AddressSpace;
    readonly unsignedOffset?: boolean;
    readonly noexec?: boolean;
    readonly ofKernel?: boolean;
    readonly flags?: number;
  }): MmFile {
    const file: MmFile = {
      id: this.newId(),
      name: options.name,
      mode: { read: options.read, write: options.write },
      ops: options.ops,
      mapping: options.mapping ?? this.createAddressSpace(),
      unsignedOffset: options.unsignedOffset ?? false,
      noexec: options.noexec ?? false,
      ofKernel: options.ofKernel ?? false,
      flags: options.flags ?? 0,
      position: 0n,
      descriptors: 1,
      references: 1,
      released: false,
      private_data: undefined,
    };
    this.files.push(file);
    this.log.add({ kind: 'file-opened', file: file.id, name: file.name });
    return file;
  }

  /** A vma object that is in no tree yet. */
  newVma(fields: Omit<VmaFields, 'vm_private_data'>): Vma {
    return new Vma(this.newId(), fields);
  }

  /** Records a problem and goes on. One that continues the last over the next pages only makes that one longer. */
  report(problem: MmProblem): void {
    const last = this.#problems.at(-1);
    if (last && continues(last, problem)) {
      this.#problems[this.#problems.length - 1] = { ...last, pages: (last.pages ?? 1) + (problem.pages ?? 1) };
      return;
    }
    this.#problems.push(problem);
    this.log.add({ kind: 'problem', problem });
    if (endsLockdep.has(problem.kind) && problem.kernelLog !== undefined) this.lockdepWatches = false;
  }

  /** `WARN_ON_ONCE`: the kernel warns the first time only. */
  warnOnce(problem: MmProblem): void {
    const key = `${problem.where.function}:${problem.message}`;
    if (this.#warnedOnce.has(key)) return;
    this.#warnedOnce.add(key);
    this.report(problem);
  }

  /** Records a problem and ends the running kernel path. */
  stop(problem: MmProblem & { readonly kind: FatalKind }): never {
    this.report(problem);
    throw new KernelStop(problem);
  }

  /** The problems since the last call. */
  takeProblems(): readonly MmProblem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /** Runs a driver's callback between its two events. */
  callback<Result>(info: CallbackInfo, run: () => Result): Result {
    this.log.add({ kind: 'callback-entered', ...info });
    const result = run();
    const value = typeof result === 'number' || typeof result === 'bigint' ? { result: BigInt(result) } : {};
    this.log.add({ kind: 'callback-left', slot: info.slot, name: info.name, ...value });
    return result;
  }

  /** The allocation with this number. */
  allocation(id: number): Allocation | undefined {
    return this.memory.allocations.find((each) => each.id === id);
  }
}

/** What taints the kernel so that lockdep trusts its locks no longer (`add_taint(…, LOCKDEP_NOW_UNRELIABLE)`). */
const endsLockdep: ReadonlySet<MmProblem['kind']> = new Set(['bug', 'oops', 'bad-page-state', 'bad-page-map']);

/** Whether a problem is the one before it, for the pages that follow. */
function continues(last: MmProblem, next: MmProblem): boolean {
  if (last.pfn === undefined || next.pfn === undefined) return false;
  const same = last.kind === next.kind && last.vmaId === next.vmaId && last.where.function === next.where.function;
  return same && last.pfn + BigInt(last.pages ?? 1) === next.pfn;
}
