/**
 * The names of Linux that stand for numbers in driver code, on x86-64 with 4 KiB pages: what a macro or enumerator of the
 * kernel's headers is worth. Vma flags and fault results follow the version; the rest has been stable since 2.6.
 */
import { errnos } from './errno.ts';
import { flagValue } from './lookup.ts';
import { atLeast, type KernelVersion } from './version.ts';

export const PAGE_SHIFT = 12n;
export const PAGE_SIZE = 4096n;

/** `type` is the C type of the name, as basic types are spelled. */
export interface KernelConstant {
  readonly value: bigint;
  readonly type: 'int' | 'unsigned int' | 'long' | 'unsigned long' | 'unsigned long long' | 'pointer';
}

const unsignedLongs: Readonly<Record<string, bigint>> = {
  PAGE_SIZE: 4096n, PAGE_MASK: 0xffff_ffff_ffff_f000n, PMD_SIZE: 0x20_0000n, PMD_MASK: 0xffff_ffff_ffe0_0000n, HPAGE_SIZE: 0x20_0000n,
  HPAGE_PMD_SIZE: 0x20_0000n, PUD_SIZE: 0x4000_0000n, TASK_SIZE: 0x7fff_ffff_f000n, ULONG_MAX: 0xffff_ffff_ffff_ffffn, SIZE_MAX: 0xffff_ffff_ffff_ffffn,
  DMA_ATTR_WRITE_COMBINE: 4n, DMA_ATTR_NO_KERNEL_MAPPING: 16n, VM_MAP: 4n, VM_IOREMAP: 1n, VM_USERMAP: 8n,
}; // biome-ignore format: a table

const ints: Readonly<Record<string, bigint>> = {
  PAGE_SHIFT: 12n, PMD_SHIFT: 21n, PUD_SHIFT: 30n, HPAGE_SHIFT: 21n, BITS_PER_LONG: 64n, BITS_PER_BYTE: 8n, INT_MAX: 0x7fff_ffffn, INT_MIN: -0x8000_0000n,
  S32_MAX: 0x7fff_ffffn, U16_MAX: 0xffffn, U8_MAX: 0xffn, HZ: 250n, NUMA_NO_NODE: -1n, MAX_ORDER: 10n, MAX_PAGE_ORDER: 10n, true: 1n, false: 0n,
  THIS_MODULE: 1n, PROT_READ: 1n, PROT_WRITE: 2n, PROT_EXEC: 4n, MAP_SHARED: 1n, MAP_PRIVATE: 2n, O_RDONLY: 0n, O_WRONLY: 1n, O_RDWR: 2n, O_SYNC: 0x10_1000n,
  O_DSYNC: 0x1000n, O_NONBLOCK: 0x800n, O_ACCMODE: 3n, FAULT_FLAG_WRITE: 1n, FAULT_FLAG_MKWRITE: 2n, FAULT_FLAG_ALLOW_RETRY: 4n, FAULT_FLAG_RETRY_NOWAIT: 8n,
  FAULT_FLAG_KILLABLE: 16n, FAULT_FLAG_TRIED: 32n, FAULT_FLAG_USER: 64n, IORESOURCE_IO: 0x100n, IORESOURCE_MEM: 0x200n, PCI_STD_NUM_BARS: 6n,
  SEEK_SET: 0n, SEEK_CUR: 1n, SEEK_END: 2n, UIO_MEM_NONE: 0n, UIO_MEM_PHYS: 1n, UIO_MEM_LOGICAL: 2n, UIO_MEM_VIRTUAL: 3n, UIO_MEM_IOVA: 4n, MAX_UIO_MAPS: 5n, MISC_DYNAMIC_MINOR: 255n,
  DMA_BIDIRECTIONAL: 0n, DMA_TO_DEVICE: 1n, DMA_FROM_DEVICE: 2n, DMA_NONE: 3n, GFP_KERNEL: 0xcc0n, GFP_ATOMIC: 0x820n, GFP_USER: 0x100cc0n,
  GFP_HIGHUSER: 0x100cc2n, GFP_DMA: 1n, GFP_DMA32: 4n, GFP_NOWAIT: 0x800n, GFP_NOIO: 0xc00n, GFP_NOFS: 0xc40n, GFP_KERNEL_ACCOUNT: 0x400cc0n, __GFP_ZERO: 0x100n,
  __GFP_COMP: 0x4_0000n, __GFP_NOWARN: 0x2000n, __GFP_NORETRY: 0x1_0000n, __GFP_HIGHMEM: 2n, __GFP_DMA32: 4n, __GFP_RETRY_MAYFAIL: 0x4000n, __GFP_NOFAIL: 0x8000n,
}; // biome-ignore format: a table

const modes: Readonly<Record<string, bigint>> = { FMODE_READ: 1n, FMODE_WRITE: 2n, FMODE_LSEEK: 4n, FMODE_EXEC: 0x20n, UINT_MAX: 0xffff_ffffn, U32_MAX: 0xffff_ffffn, S_IRUGO: 0o444n, S_IWUSR: 0o200n }; // biome-ignore format: a table

const wide: Readonly<Record<string, bigint>> = { U64_MAX: 0xffff_ffff_ffff_ffffn, ULLONG_MAX: 0xffff_ffff_ffff_ffffn, PHYS_ADDR_MAX: 0xffff_ffff_ffff_ffffn, S64_MAX: 0x7fff_ffff_ffff_ffffn }; // biome-ignore format: a table

const longs: Readonly<Record<string, bigint>> = { LONG_MAX: 0x7fff_ffff_ffff_ffffn, LONG_MIN: -0x8000_0000_0000_0000n, MAX_SCHEDULE_TIMEOUT: 0x7fff_ffff_ffff_ffffn }; // biome-ignore format: a table

/** `vm_fault_t` since 4.17 (include/linux/mm_types.h); the bits were the same in include/linux/mm.h before, from 2.6.23 on. */
export const vmFaultBits: Readonly<Record<string, number>> = {
  VM_FAULT_OOM: 0x1, VM_FAULT_SIGBUS: 0x2, VM_FAULT_MAJOR: 0x4, VM_FAULT_HWPOISON: 0x10, VM_FAULT_HWPOISON_LARGE: 0x20, VM_FAULT_SIGSEGV: 0x40,
  VM_FAULT_NOPAGE: 0x100, VM_FAULT_LOCKED: 0x200, VM_FAULT_RETRY: 0x400, VM_FAULT_FALLBACK: 0x800, VM_FAULT_DONE_COW: 0x1000, VM_FAULT_NEEDDSYNC: 0x2000,
  VM_FAULT_COMPLETED: 0x4000, VM_FAULT_ERROR: 0x873, VM_FAULT_MINOR: 0,
}; // biome-ignore format: a table

/** What the C name `name` is worth in `version`; `undefined` for a name that is not in the tables. */
export function kernelConstant(name: string, version: KernelVersion): KernelConstant | undefined {
  if (name === 'NULL') return { value: 0n, type: 'pointer' };
  const flag = flagValue(name, version);
  if (flag !== undefined) return { value: flag, type: 'unsigned long' };
  const fault = vmFaultBits[name];
  if (fault !== undefined) return { value: BigInt(fault), type: atLeast(version, 4, 17) ? 'unsigned int' : 'int' };
  const errno = errnos[name];
  if (errno !== undefined) return { value: BigInt(errno), type: 'int' };
  const rows = [['unsigned long', unsignedLongs], ['int', ints], ['unsigned int', modes], ['unsigned long long', wide], ['long', longs]] as const; // biome-ignore format: a table
  for (const [type, table] of rows) {
    const value = Object.hasOwn(table, name) ? table[name] : undefined;
    if (value !== undefined) return { value, type };
  }
  return undefined;
}
