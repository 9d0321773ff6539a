/**
 * What a scenario says, as data: a user program's steps, what is assumed of the driver, and what is expected. Plain
 * readonly data; knows neither its text (`parse.ts`, `format.ts`) nor how it runs (`simulation/run/`).
 */
import type { KernelVersion } from '../../kernel/version.ts';
import type { SourceLine } from '../../protocol/trace.ts';

/** An address in the user program: a mapping's name and an offset, or a number. Offsets in bytes. */
export interface UserAddress {
  readonly mapping?: string;
  readonly offset: bigint;
  /** The offset counts from the mapping's end: `a.end-1p`. */
  readonly fromEnd?: boolean;
}

/** The number at a user address: `u32(a+4)`, little endian. */
export interface Load {
  readonly kind: 'load';
  readonly bytes: NumberWidth;
  readonly address: UserAddress;
}

export type NumberWidth = 1 | 2 | 4 | 8;

/** A number that may be known only when the statement runs: an address, or what memory holds. */
export type Amount = bigint | Load | { readonly kind: 'address'; readonly address: UserAddress };

/** A piece of the bytes that a program hands to the kernel, in order and without padding. */
export type DataField =
  | { readonly kind: 'number'; readonly bytes: NumberWidth; readonly value: Amount }
  /** One byte for each character below U+0100; no terminating NUL. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'zero'; readonly length: bigint };

/** The letters after `prot`; all absent is `PROT_NONE`. */
export interface Protection {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

export type OpenMode = 'rw' | 'ro' | 'wo';

/** `O_SYNC`, `O_DIRECT`, … in lower case without `O_`. */
export type OpenFlag = 'sync' | 'direct' | 'nonblock' | 'append' | 'excl';

/** How memory is reached; `words` of the forms in `access-ways.ts`. */
export type AccessWay = 'cpu' | 'threads' | 'syscall' | 'ptrace' | 'mem' | 'process_vm' | 'direct';

/** `MAP_*` flags beyond the sharing, `fixed`, `populate` and `locked`, in lower case without `MAP_`. */
export type MapFlag = 'nonblock' | 'noreserve' | 'growsdown' | 'sync' | 'stack' | 'hugetlb';

/** Something that a program can see after a statement. */
export type Expectation =
  | { readonly kind: 'ok' }
  /** Whatever happens is right; for accesses, which are expected to work when nothing is said. */
  | { readonly kind: 'any' }
  /** `EINVAL`, …: the statement fails with this. */
  | { readonly kind: 'errno'; readonly name: string }
  /** `SIGBUS`, `SIGSEGV` or `SIGKILL`. */
  | { readonly kind: 'signal'; readonly name: string }
  /** The statement never ends: a deadlock, or a fault that comes again and again. */
  | { readonly kind: 'hang' }
  /** What a `read` gives. */
  | { readonly kind: 'value'; readonly value: bigint }
  /** What a system call returns: a number of bytes, the result of an ioctl. */
  | { readonly kind: 'returns'; readonly value: bigint }
  /** The bytes that a statement gave are these, or begin with them. */
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  /** All bytes that a statement gave are 0. */
  | { readonly kind: 'zero' }
  /** The bytes that a statement gave are those at this address now. */
  | { readonly kind: 'same'; readonly address: UserAddress }
  /** What memory holds, looked at without an access: `u32(a+4) = 7`. */
  | { readonly kind: 'memory'; readonly load: Load; readonly value: bigint }
  /** The statement runs into a problem of this kind, such as `kernel-bug`; without a kind, into any. */
  | { readonly kind: 'problem'; readonly problem?: string }
  | { readonly kind: 'no-problem' }
  /** The kernel's log has a line with this text since the scenario began, or has none. */
  | { readonly kind: 'message' | 'no-message'; readonly text: string }
  /** The result of the statement that made or last changed a mapping, or opened a file. */
  | { readonly kind: 'result'; readonly mapping: string; readonly of: Expectation }
  /** Two-letter codes as in smaps, in any order: exactly these, at least these, none of these. */
  | { readonly kind: 'vmflags'; readonly mapping: string; readonly codes: readonly string[]; readonly relation?: 'has' | 'lacks' }
  /** `vm_flags` by kernel name. */
  | { readonly kind: 'flags'; readonly mapping: string; readonly names: readonly string[]; readonly relation: 'has' | 'lacks' }
  /** In bytes: `Rss` of smaps, the offset column of maps, what a core dump has of the mapping. */
  | { readonly kind: 'rss' | 'offset' | 'dumped'; readonly mapping: string; readonly bytes: bigint }
  /** How many vmas lie in the range of the mapping. */
  | { readonly kind: 'vmas'; readonly mapping: string; readonly count: bigint }
  /** The rights column of maps: `rw-s`. */
  | { readonly kind: 'perms'; readonly mapping: string; readonly perms: string }
  /** How often the driver's function in a slot has run: `open`, `close`, `fault`, … */
  | { readonly kind: 'count'; readonly slot: string; readonly count: bigint }
  | { readonly kind: 'refcount' | 'mapcount'; readonly address: UserAddress; readonly count: bigint }
  /** Whether a page table entry maps the address, as pagemap tells. */
  | { readonly kind: 'present'; readonly address: UserAddress; readonly present: boolean };

/** A range of a statement; without `length` to the end of its mapping. Bytes. */
interface AddressRange {
  readonly address: UserAddress;
  readonly length?: bigint;
}

/** What a statement does; `len` and offsets in bytes. */
export type Action =
  | { readonly kind: 'kernel'; readonly version: KernelVersion }
  /** The C file that the scenario is about, relative to the scenario's; what runs folders of scenarios reads it. */
  | { readonly kind: 'driver'; readonly file: string; readonly handler?: string }
  /** Replaced by the statements of the file while the text is read. */
  | { readonly kind: 'include'; readonly file: string }
  /** `value` is a number, or a function's or object's name as written. */
  | { readonly kind: 'assume'; readonly path: string; readonly value: bigint }
  | FileAction
  | MappingAction
  | AccessAction
  /** A child is a copy, a thread shares the address space and the files. */
  | { readonly kind: 'fork' | 'thread'; readonly child: string }
  /** The driver's `nth` call of this name from here on fails. */
  | { readonly kind: 'fail'; readonly call: string; readonly nth: bigint }
  | { readonly kind: 'exit' | 'unplug' | 'rmmod' | 'pressure' }
  /** `filter`: the bits of /proc/PID/coredump_filter, when they are not the usual ones. */
  | { readonly kind: 'coredump'; readonly filter?: bigint }
  | { readonly kind: 'expect'; readonly expectation: Expectation };

/** What is done with a file descriptor. An absent `file` is the one that the process opened last. */
export type FileAction =
  | { readonly kind: 'open'; readonly mode: OpenMode; readonly file?: string; readonly flags?: readonly OpenFlag[] }
  /** `file` names the new descriptor. */
  | { readonly kind: 'dup'; readonly file: string; readonly of?: string }
  | { readonly kind: 'close'; readonly of?: string }
  | {
      readonly kind: 'ioctl';
      /** A name of the driver's files, or a number. */
      readonly command: string | bigint;
      readonly argument?: Amount;
      /** The argument is the address of these bytes; `buffer` names them for later statements. */
      readonly data?: readonly DataField[];
      readonly buffer?: string;
      readonly of?: string;
    }
  /** read(2) into a buffer of the program, or to an address; without `offset` at the file's position. */
  | {
      readonly kind: 'pread';
      readonly length: bigint;
      readonly into?: UserAddress;
      readonly offset?: bigint;
      readonly buffer?: string;
      readonly of?: string;
    }
  | {
      readonly kind: 'pwrite';
      /** Bytes of the program, or `length` bytes at an address. */
      readonly data?: readonly DataField[];
      readonly from?: UserAddress;
      readonly length?: bigint;
      readonly offset?: bigint;
      readonly of?: string;
    }
  | { readonly kind: 'lseek'; readonly offset: bigint; readonly whence: 'set' | 'cur' | 'end'; readonly of?: string }
  | { readonly kind: 'poll'; readonly of?: string };

/** What is done with mappings. */
export type MappingAction =
  | {
      readonly kind: 'mmap';
      readonly mapping: string;
      readonly length: bigint;
      readonly offset: Amount;
      readonly protection: Protection;
      readonly sharing: 'shared' | 'private' | 'shared_validate';
      readonly fixedAt?: UserAddress;
      /** With `fixedAt`: refuse to replace what is mapped there. */
      readonly noReplace?: boolean;
      /** Where the program would like the mapping. */
      readonly hint?: UserAddress;
      readonly populate: boolean;
      readonly locked: boolean;
      readonly anonymous?: boolean;
      readonly flags?: readonly MapFlag[];
      readonly of?: string;
    }
  | ({ readonly kind: 'mprotect'; readonly protection: Protection } & AddressRange)
  | {
      readonly kind: 'mremap';
      /** The name of the new place, where the old one stays under its own. */
      readonly mapping?: string;
      readonly address: UserAddress;
      /** Absent: the mapping's own length. */
      readonly oldLength?: bigint;
      readonly length: bigint;
      readonly mayMove: boolean;
      readonly fixedAt?: UserAddress;
      readonly dontUnmap: boolean;
    }
  | ({ readonly kind: 'munmap' | 'munlock' | 'mincore' } & AddressRange)
  | ({ readonly kind: 'mlock'; readonly onFault?: boolean } & AddressRange)
  | { readonly kind: 'mlockall'; readonly flags: readonly ('current' | 'future' | 'onfault')[] }
  | { readonly kind: 'munlockall' }
  | ({ readonly kind: 'madvise'; readonly advice: string } & AddressRange)
  | ({ readonly kind: 'msync'; readonly flags: readonly ('sync' | 'async' | 'invalidate')[] } & AddressRange)
  | ({ readonly kind: 'remap_file_pages'; readonly offset: bigint } & AddressRange);

/** How memory is reached. An absent `way` is the processor; `of` names the process whose memory it is. */
export type AccessAction =
  | {
      readonly kind: 'read';
      readonly address: UserAddress;
      readonly length: bigint;
      readonly way?: AccessWay;
      readonly of?: string;
    }
  | {
      readonly kind: 'write';
      readonly address: UserAddress;
      readonly value?: bigint;
      /** Bytes of `value`, 4 when absent; beyond 8 its lowest byte is repeated. */
      readonly length?: bigint;
      /** Instead of `value`. */
      readonly data?: readonly DataField[];
      readonly way?: AccessWay;
      readonly of?: string;
    }
  /** Runs the code at the address. */
  | { readonly kind: 'exec'; readonly address: UserAddress }
  /** Takes references on the pages, as a device that transfers to or from them does; `unpin` gives them back. */
  | { readonly kind: 'pin'; readonly pin: string; readonly address: UserAddress; readonly length?: bigint; readonly write: boolean }
  | { readonly kind: 'unpin'; readonly pin: string };

/** One line of a scenario. */
export interface Statement {
  /** From 1; of the `include` line for a statement of an included file. */
  readonly line: number;
  /** The line without its comment. */
  readonly text: string;
  /** The child that does it; absent for the program itself. */
  readonly process?: string;
  readonly action: Action;
  /** Written behind the statement. */
  readonly expectation?: Expectation;
  /** Where it stands, when that is another file than the scenario's. */
  readonly source?: SourceLine;
}

export interface Scenario {
  readonly statements: readonly Statement[];
  /** As `kernel` says, when it does. */
  readonly version?: KernelVersion;
}

/** Something in a scenario's text that cannot be run; lines and columns from 1. */
export interface ScenarioProblem {
  readonly line: number;
  readonly column: number;
  /** Of the words that are wrong, in UTF-16 units. */
  readonly length: number;
  readonly message: string;
  /** The included file that has the line, and the line of the scenario itself that includes it. */
  readonly file?: string;
  readonly includedAt?: number;
}
