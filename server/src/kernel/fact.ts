/**
 * What one fact about Linux is: a call, a flag, a handler slot, a field, a lock, a protection helper, a type or an
 * allocator, with the versions on which it holds. Types only: the tables are in `facts/`, the look-ups in `lookup.ts`.
 */
import type { KernelVersion, VersionRange } from './version.ts';

/** A value that holds on a range of versions. */
export interface Ranged<Value> {
  readonly range: VersionRange;
  readonly value: Value;
}

/**
 * What a parameter is to a mapping. `address` is an address of the program, `kernel-address` one of the kernel, both in
 * bytes; `flags` are vma flags, `gfp` those of an allocation.
 */
export type ParameterRole =
  | 'vma'
  | 'vmf'
  | 'desc'
  | 'mm'
  | 'address'
  | 'kernel-address'
  | 'physical-address'
  | 'dma-address'
  | 'pfn'
  | 'size'
  | 'count'
  | 'order'
  | 'page'
  | 'pages'
  | 'prot'
  | 'pgoff'
  | 'flags'
  | 'gfp'
  | 'file'
  | 'device';

/** One parameter of a prototype; `name` is empty where the prototype gives none. */
export interface Parameter {
  readonly name: string;
  /** As in C: `struct vm_area_struct *`. */
  readonly type: string;
  readonly role?: ParameterRole;
}

/** How something is called on a range of versions. */
export interface Prototype {
  readonly range: VersionRange;
  /** The C text, or a short description where there is no prototype (`page flag`). */
  readonly text: string;
  /** The type of the result, as in C; absent where `text` is no prototype. */
  readonly result?: string;
  /** Empty where `text` is no prototype, or where it takes no argument. */
  readonly parameters: readonly Parameter[];
  /** Indices of the parameters that are the vma, the `struct vm_fault` and the `struct vm_area_desc`. */
  readonly vma?: number;
  readonly vmf?: number;
  readonly desc?: number;
}

/** What must hold for a call, as sentences for people; the machine's version are the typed members of each kind. */
export interface Requirements {
  readonly lock?: string;
  readonly vma?: string;
  readonly page?: string;
  readonly range?: string;
  readonly context?: string;
}

/** `verified`: read in the source of the kernels named in `source`. `partial`: some statement is general knowledge. */
export type FactConfidence = 'verified' | 'partial';

interface FactBase {
  /** The name in C; of a slot `file_operations.mmap`, of a type `struct vm_fault`. Unique over all facts. */
  readonly name: string;
  /** Other names under which this fact is found. */
  readonly aliases: readonly string[];
  /** From here on it is there for certain; absent: older than everything described. */
  readonly introduced?: KernelVersion;
  /** Present when the first version is not known exactly: it may be there from this version on. */
  readonly introducedEarliest?: KernelVersion;
  /** From here on it is gone for certain; absent: still there in the newest kernel described. */
  readonly removed?: KernelVersion;
  /** Present when the last version is not known exactly: it may be gone from this version on. */
  readonly removedEarliest?: KernelVersion;
  /** What to use instead; may be a phrase. */
  readonly replacedBy?: string;
  /** The name to write instead, where the same arguments mean the same; the result may differ (`vmf_insert_pfn`). */
  readonly replacement?: string;
  /** Older kernels knew it by the name of another fact, or nobody should use it any more. */
  readonly obsolete: boolean;
  readonly header?: string;
  readonly requires: Requirements;
  readonly does: readonly string[];
  readonly returns: readonly { readonly value: string; readonly when: string }[];
  /** BUG, WARN and similar checks in the kernel, and when they trip. */
  readonly asserts: readonly { readonly macro: string; readonly when: string }[];
  readonly notes: readonly string[];
  readonly source: readonly string[];
  readonly confidence: FactConfidence;
}

/**
 * The mmap lock that a call needs. `write` and `read`: held at least so. `notHeld`: the call takes it or may fault, so
 * holding it deadlocks. `none`: the call does not care.
 */
export type LockNeed = 'write' | 'read' | 'notHeld' | 'none';

interface CallableBase extends FactBase {
  readonly form: 'function' | 'macro';
  readonly prototypes: readonly Prototype[];
  /** The mmap lock needed; absent where the facts do not say. */
  readonly lock?: LockNeed;
  /** With this vma flag already set, the read side is enough (`VM_MIXEDMAP` for `vm_insert_page`). */
  readonly readLockWithFlag?: string;
  /** Index of the vma in the newest prototype; older ones: `prototypeAt(...)?.vma`. */
  readonly vmaArgument?: number;
  /** `EXPORT_SYMBOL`, `EXPORT_SYMBOL_GPL`, or a phrase. */
  readonly exported?: string;
}

/** A mapping call or any other function or macro. */
export interface CallFact extends CallableBase {
  readonly kind: 'call';
  /** Whether the place of physical memory is given as a frame number or in bytes. */
  readonly argsUnit?: 'pfn' | 'bytes';
  /** The vma flags that the call sets, by version. */
  readonly setsFlags: readonly Ranged<readonly string[]>[];
  /** The callee compares the vma with the object behind it. */
  readonly boundsChecked?: boolean;
  /** The pages mapped are counted: get_page, mapcount, rss. */
  readonly refcounts?: boolean;
  /** The mapping takes a page reference of its own; the caller keeps the one it has. */
  readonly takesReference?: boolean;
  /** The result is a vm_fault_t, not an errno. */
  readonly returnsVmFault: boolean;
  /** A function of a subsystem that fits into an mmap slot as it is (`drm_gem_mmap`). */
  readonly isHandler: boolean;
}

/** What a kind of memory is, so that it is known how it may be mapped. */
export type MemoryKind = 'slab' | 'pages' | 'linear' | 'vmalloc' | 'slab-or-vmalloc' | 'iomem' | 'dma' | 'module' | 'stack';

/** A function that yields memory, or a kind of storage that has no function (`stack variable`). */
export interface AllocatorFact extends CallableBase {
  readonly kind: 'allocator';
  readonly memory: {
    readonly kind: MemoryKind;
    readonly zeroed: boolean;
    /** `pointer`: kernel address. `page`: struct page *. `address`: kernel address as unsigned long. `iomem`: __iomem pointer. */
    readonly result: 'pointer' | 'page' | 'address' | 'iomem' | 'none';
    /** How its pages are counted, as a phrase. */
    readonly pageRefcount: string;
    /** The calls that map it rightly, as phrases. */
    readonly mapWith: readonly string[];
    /** The name of the function that gives it back. */
    readonly freedBy?: string;
  };
}

/** A function or macro that takes, gives back or checks a lock. */
export interface LockFact extends CallableBase {
  readonly kind: 'lock';
  /** `mmap`: the mm's lock, by whatever name. `vma`: the per-VMA lock. `rwsem`: any rw_semaphore. `bkl`: the big kernel lock. */
  readonly of: 'mmap' | 'vma' | 'rwsem' | 'bkl';
  readonly effect: 'take' | 'release' | 'downgrade' | 'assert';
  /** Absent: both sides, or whichever is held. */
  readonly side?: 'read' | 'write';
  /** The result by which one sees that the lock was taken. */
  readonly takenWhen: 'always' | 'zero' | 'nonzero';
}

/** A helper on page protections. */
export interface PgprotFact extends CallableBase {
  readonly kind: 'pgprot';
}

export interface FlagFact extends FactBase {
  readonly kind: 'flag';
  /** `vma`: vma->vm_flags. `vm-fault`: results of fault handlers. `fault-flag`: vmf->flags. `vmalloc`: vm_struct->flags. */
  readonly family: 'vma' | 'vm-fault' | 'fault-flag' | 'vmalloc';
  /** The bits on x86-64 by version; no entry where the flag has no bit there or it is not known, and none for a mask. */
  readonly values: readonly Ranged<bigint>[];
  /** The flags that a mask is made of, by version; empty for a single flag. */
  readonly mask: readonly Ranged<readonly string[]>[];
  /** The two letters in the VmFlags line of /proc/PID/smaps. */
  readonly smaps?: string;
  /** First version whose smaps knows the letters; absent: as long as the flag and smaps are there. */
  readonly smapsSince?: KernelVersion;
  /** Who sets it: calls, system calls, `driver`. */
  readonly setBy: readonly string[];
}

/** What a handler is for; the slot decides it, and with it the parameters and the locks held on entry. */
export type HandlerKind =
  | 'mmap'
  | 'mmap_prepare'
  | 'fault'
  | 'huge_fault'
  | 'page_mkwrite'
  | 'pfn_mkwrite'
  | 'map_pages'
  | 'access'
  | 'open'
  | 'close'
  | 'may_split'
  | 'mremap'
  | 'mprotect'
  | 'mapped'
  | 'nopage'
  | 'nopfn'
  | 'populate'
  | 'name'
  | 'find_special_page'
  | 'get_unmapped_area'
  | 'mmap_capabilities'
  | 'other';

/** The mmap lock with which a handler is entered. `read`: or the per-VMA lock. */
export type EntryLock = 'mmap-write' | 'mmap-read' | 'none';

export interface SlotFact extends FactBase {
  readonly kind: 'slot';
  /** The struct tag: `file_operations`. */
  readonly container: string;
  /** The member: `mmap`. */
  readonly slot: string;
  readonly handlerKind: HandlerKind;
  /** The text is the member's declaration; the parameters are the handler's. */
  readonly prototypes: readonly Prototype[];
  /** Index of the vmf, vm_area_desc or, without these, the vma in the newest prototype; older ones: `subjectIndex`. */
  readonly parameter?: number;
  readonly entryLock: EntryLock;
  /** The subsystem has compared the vma with the object before it calls the handler. */
  readonly boundsCheckedByCore: boolean;
  /** May flags that the subsystem clears on the vma where the access was not asked for: `VM_MAYWRITE`. */
  readonly mayFlagsCleared: readonly string[];
}

/** A member of a struct, or a page flag. */
export interface FieldFact extends FactBase {
  readonly kind: 'field';
  /** The struct tag. */
  readonly container: string;
  readonly field: string;
  readonly prototypes: readonly Prototype[];
  /** The ops table that the member points at (`file_operations` for `miscdevice.fops`). */
  readonly pointsTo?: string;
}

/** A struct, typedef, enum or well-known object. */
export interface TypeFact extends FactBase {
  readonly kind: 'type';
  readonly prototypes: readonly Prototype[];
}

/** Everything that can be called. */
export type CallableFact = CallFact | AllocatorFact | LockFact | PgprotFact;

export type Fact = CallableFact | FlagFact | SlotFact | FieldFact | TypeFact;

/** Whether something exists on a version; `unknown-boundary`: it came or went about then. */
export type Availability = 'yes' | 'not-yet' | 'removed' | 'unknown-boundary';
