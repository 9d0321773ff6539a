/**
 * What macros and enumerators of the kernel's headers are worth on x86-64 with 4 KiB pages, by C type. Those that drivers
 * use often, not all; vma flags, fault results and fault flags are facts, error numbers are in `errno.ts`. Data only.
 */
import type { Since } from './row.ts';

/** The C types that constants have, as basic types are spelled. */
export type ConstantType = 'int' | 'unsigned int' | 'long' | 'unsigned long' | 'unsigned long long' | 'pointer';

type Table = Readonly<Record<string, Since<bigint>>>;

const pages: Table = {
  PAGE_SIZE: 4096n, PAGE_MASK: 0xffff_ffff_ffff_f000n, PMD_SIZE: 0x20_0000n, PMD_MASK: 0xffff_ffff_ffe0_0000n, PUD_SIZE: 0x4000_0000n,
  HPAGE_SIZE: 0x20_0000n, HPAGE_PMD_SIZE: 0x20_0000n, TASK_SIZE: 0x7fff_ffff_f000n, PAGE_OFFSET: 0xffff_8880_0000_0000n,
}; // biome-ignore format: a table

const limitsUnsignedLong: Table = {
  ULONG_MAX: 0xffff_ffff_ffff_ffffn,
  SIZE_MAX: 0xffff_ffff_ffff_ffffn,
  UINTPTR_MAX: 0xffff_ffff_ffff_ffffn,
};

/** Attributes of the DMA interface: `DMA_ATTR_*` bits are unsigned long since 4.8. */
const dmaAttributes: Table = {
  DMA_ATTR_WEAK_ORDERING: 0x2n, DMA_ATTR_WRITE_COMBINE: 0x4n, DMA_ATTR_NO_KERNEL_MAPPING: 0x10n, DMA_ATTR_SKIP_CPU_SYNC: 0x20n,
  DMA_ATTR_FORCE_CONTIGUOUS: 0x40n, DMA_ATTR_ALLOC_SINGLE_PAGES: 0x80n, DMA_ATTR_NO_WARN: 0x100n, DMA_ATTR_PRIVILEGED: 0x200n,
}; // biome-ignore format: a table

/** Flags of vmalloc areas: what vmap() and __vmalloc_node_range() take. */
const vmallocFlags: Table = { VM_IOREMAP: 1n, VM_ALLOC: 2n, VM_MAP: 4n, VM_DMA_COHERENT: 16n };

const shifts: Table = {
  PAGE_SHIFT: 12n, PMD_SHIFT: 21n, PUD_SHIFT: 30n, HPAGE_SHIFT: 21n, HPAGE_PMD_SHIFT: 21n, HPAGE_PMD_ORDER: 9n, PMD_ORDER: 9n, PUD_ORDER: 18n,
  BITS_PER_LONG: 64n, BITS_PER_BYTE: 8n, MAX_ORDER: { '2.4': 11n, '6.4': 10n }, MAX_PAGE_ORDER: 10n, HZ: 250n, NUMA_NO_NODE: -1n, PTRS_PER_PTE: 512n,
}; // biome-ignore format: a table

const limits: Table = {
  INT_MAX: 0x7fff_ffffn, INT_MIN: -0x8000_0000n, S32_MAX: 0x7fff_ffffn, U16_MAX: 0xffffn, S16_MAX: 0x7fffn, U8_MAX: 0xffn, S8_MAX: 0x7fn,
  USHRT_MAX: 0xffffn, UCHAR_MAX: 0xffn, PATH_MAX: 4096n, true: 1n, false: 0n,
}; // biome-ignore format: a table

/** Arguments of mmap, mprotect, mremap and madvise. */
const mmapArguments: Table = {
  PROT_NONE: 0n, PROT_READ: 1n, PROT_WRITE: 2n, PROT_EXEC: 4n, MAP_SHARED: 1n, MAP_PRIVATE: 2n, MAP_SHARED_VALIDATE: 3n, MAP_TYPE: 0xfn,
  MAP_FIXED: 0x10n, MAP_ANONYMOUS: 0x20n, MAP_GROWSDOWN: 0x100n, MAP_LOCKED: 0x2000n, MAP_NORESERVE: 0x4000n, MAP_POPULATE: 0x8000n,
  MAP_NONBLOCK: 0x1_0000n, MAP_SYNC: 0x8_0000n, MAP_FIXED_NOREPLACE: 0x10_0000n, MREMAP_MAYMOVE: 1n, MREMAP_FIXED: 2n, MREMAP_DONTUNMAP: 4n,
  MADV_DONTNEED: 4n, MADV_FREE: 8n, MADV_REMOVE: 9n, MADV_DONTFORK: 10n, MADV_DOFORK: 11n, MADV_HUGEPAGE: 14n, MADV_NOHUGEPAGE: 15n,
  MADV_DONTDUMP: 16n, MADV_DODUMP: 17n, MADV_WIPEONFORK: 18n, MADV_POPULATE_READ: 22n, MADV_POPULATE_WRITE: 23n,
}; // biome-ignore format: a table

const files: Table = {
  O_RDONLY: 0n, O_WRONLY: 1n, O_RDWR: 2n, O_ACCMODE: 3n, O_CREAT: 0x40n, O_EXCL: 0x80n, O_TRUNC: 0x200n, O_APPEND: 0x400n, O_NONBLOCK: 0x800n,
  O_NDELAY: 0x800n, O_DSYNC: 0x1000n, O_SYNC: { '2.4': 0x1000n, '2.6.33': 0x10_1000n }, O_DIRECT: 0x4000n, O_LARGEFILE: 0x8000n, O_CLOEXEC: 0x8_0000n,
  SEEK_SET: 0n, SEEK_CUR: 1n, SEEK_END: 2n, S_IFMT: 0o170000n, S_IFREG: 0o100000n, S_IFBLK: 0o60000n, S_IFDIR: 0o40000n, S_IFCHR: 0o20000n,
  S_IRWXU: 0o700n, S_IRUSR: 0o400n, S_IWUSR: 0o200n, S_IXUSR: 0o100n, S_IRWXG: 0o70n, S_IRGRP: 0o40n, S_IWGRP: 0o20n, S_IXGRP: 0o10n, S_IRWXO: 7n,
  S_IROTH: 4n, S_IWOTH: 2n, S_IXOTH: 1n, S_IRUGO: 0o444n, S_IWUGO: 0o222n, S_IXUGO: 0o111n, S_IRWXUGO: 0o777n,
}; // biome-ignore format: a table

/** Units of time. */
const times: Table = {
  MSEC_PER_SEC: 1000n, USEC_PER_MSEC: 1000n, NSEC_PER_USEC: 1000n, NSEC_PER_MSEC: 1_000_000n, USEC_PER_SEC: 1_000_000n, NSEC_PER_SEC: 1_000_000_000n,
  MAX_SCHEDULE_TIMEOUT: 0x7fff_ffff_ffff_ffffn, CLOCK_REALTIME: 0n, CLOCK_MONOTONIC: 1n, CLOCK_BOOTTIME: 7n, HRTIMER_MODE_ABS: 0n, HRTIMER_MODE_REL: 1n,
  HRTIMER_NORESTART: 0n, HRTIMER_RESTART: 1n,
}; // biome-ignore format: a table

/** What a command number of ioctl(2) says of its argument. */
const ioctlDirections: Table = {
  _IOC_NONE: 0n, _IOC_WRITE: 1n, _IOC_READ: 2n, IOC_IN: 0x4000_0000n, IOC_OUT: 0x8000_0000n, IOC_INOUT: 0xc000_0000n, IOCSIZE_MASK: 0x3fff_0000n,
  IOCSIZE_SHIFT: 16n,
}; // biome-ignore format: a table

/** What poll(2) is told. */
const pollBits: Table = {
  EPOLLIN: 1n, EPOLLPRI: 2n, EPOLLOUT: 4n, EPOLLERR: 8n, EPOLLHUP: 0x10n, EPOLLNVAL: 0x20n, EPOLLRDNORM: 0x40n, EPOLLRDBAND: 0x80n, EPOLLWRNORM: 0x100n,
  EPOLLWRBAND: 0x200n, EPOLLRDHUP: 0x2000n, POLLIN: 1n, POLLPRI: 2n, POLLOUT: 4n, POLLERR: 8n, POLLHUP: 0x10n, POLLNVAL: 0x20n, POLLRDNORM: 0x40n,
  POLLRDBAND: 0x80n, POLLWRNORM: 0x100n, POLLWRBAND: 0x200n,
}; // biome-ignore format: a table

const devices: Table = {
  THIS_MODULE: 1n, IORESOURCE_IO: 0x100n, IORESOURCE_MEM: 0x200n, IORESOURCE_IRQ: 0x400n, IORESOURCE_DMA: 0x800n, IORESOURCE_PREFETCH: 0x2000n,
  IORESOURCE_READONLY: 0x4000n, IORESOURCE_CACHEABLE: 0x8000n, IORESOURCE_MEM_64: 0x10_0000n, PCI_STD_NUM_BARS: 6n, PCI_ROM_RESOURCE: 6n,
  MISC_DYNAMIC_MINOR: 255n, UIO_MEM_NONE: 0n, UIO_MEM_PHYS: 1n, UIO_MEM_LOGICAL: 2n, UIO_MEM_VIRTUAL: 3n, UIO_MEM_IOVA: 4n, UIO_MEM_DMA_COHERENT: 5n,
  MAX_UIO_MAPS: 5n, MEMREMAP_WB: 1n, MEMREMAP_WT: 2n, MEMREMAP_WC: 4n, UIO_IRQ_CUSTOM: -1n, UIO_IRQ_NONE: 0n, DMA_BIDIRECTIONAL: 0n, DMA_TO_DEVICE: 1n, DMA_FROM_DEVICE: 2n, DMA_NONE: 3n,
  IRQF_TRIGGER_NONE: 0n, IRQF_TRIGGER_RISING: 1n, IRQF_TRIGGER_FALLING: 2n, IRQF_TRIGGER_HIGH: 4n, IRQF_TRIGGER_LOW: 8n, IRQF_SHARED: 0x80n,
  IRQF_ONESHOT: 0x2000n, IRQF_NO_SUSPEND: 0x4000n, IRQ_NONE: 0n, IRQ_HANDLED: 1n, IRQ_WAKE_THREAD: 2n,
  VFIO_PCI_BAR0_REGION_INDEX: 0n, VFIO_PCI_BAR1_REGION_INDEX: 1n, VFIO_PCI_BAR2_REGION_INDEX: 2n, VFIO_PCI_BAR3_REGION_INDEX: 3n,
  VFIO_PCI_BAR4_REGION_INDEX: 4n, VFIO_PCI_BAR5_REGION_INDEX: 5n, VFIO_PCI_ROM_REGION_INDEX: 6n, VFIO_PCI_CONFIG_REGION_INDEX: 7n,
  VFIO_PCI_VGA_REGION_INDEX: 8n, VFIO_PCI_NUM_REGIONS: 9n, TTM_BO_VM_NUM_PREFAULT: 16n, VIDEO_MAX_FRAME: 32n, VIDEO_MAX_PLANES: 8n, MINORBITS: 20n, MINORMASK: 0xf_ffffn,
  TASK_RUNNING: 0n, TASK_INTERRUPTIBLE: 1n, TASK_UNINTERRUPTIBLE: 2n, CAP_SYS_RAWIO: 17n, CAP_SYS_ADMIN: 21n,
}; // biome-ignore format: a table

/** Arguments of get_user_pages and its relatives; renumbered in 6.3. */
const gupFlags: Table = {
  FOLL_WRITE: 1n, FOLL_FORCE: { '2.6.0': 0x10n, '6.3': 8n }, FOLL_NOWAIT: { '2.6.39': 0x20n, '6.3': 0x10n }, FOLL_LONGTERM: { '4.20': 0x1_0000n, '6.3': 0x100n },
}; // biome-ignore format: a table

const sizes: Table = {
  SZ_1: 1n, SZ_2: 2n, SZ_4: 4n, SZ_8: 8n, SZ_16: 16n, SZ_32: 32n, SZ_64: 64n, SZ_128: 128n, SZ_256: 256n, SZ_512: 512n, SZ_1K: 1n << 10n,
  SZ_2K: 1n << 11n, SZ_4K: 1n << 12n, SZ_8K: 1n << 13n, SZ_16K: 1n << 14n, SZ_32K: 1n << 15n, SZ_64K: 1n << 16n, SZ_128K: 1n << 17n,
  SZ_256K: 1n << 18n, SZ_512K: 1n << 19n, SZ_1M: 1n << 20n, SZ_2M: 1n << 21n, SZ_4M: 1n << 22n, SZ_8M: 1n << 23n, SZ_16M: 1n << 24n,
  SZ_32M: 1n << 25n, SZ_64M: 1n << 26n, SZ_128M: 1n << 27n, SZ_256M: 1n << 28n, SZ_512M: 1n << 29n, SZ_1G: 1n << 30n,
}; // biome-ignore format: a table

const largeSizes: Table = {
  SZ_4G: 1n << 32n, SZ_8G: 1n << 33n, SZ_16G: 1n << 34n, SZ_32G: 1n << 35n, SZ_64G: 1n << 36n,
}; // biome-ignore format: a table

/** Allocation flags; the bits are those of 4.20 and later. */
const allocationFlags: Table = {
  GFP_KERNEL: 0xcc0n, GFP_ATOMIC: { '2.4': 0xa20n, '6.3': 0x820n }, GFP_USER: 0x10_0cc0n, GFP_HIGHUSER: 0x10_0cc2n, GFP_DMA: 1n, GFP_DMA32: 4n,
  GFP_NOWAIT: { '2.4': 0x800n, '6.8': 0x2800n }, GFP_NOIO: 0xc00n, GFP_NOFS: 0xc40n, GFP_KERNEL_ACCOUNT: 0x40_0cc0n, __GFP_DMA: 1n, __GFP_HIGHMEM: 2n,
  __GFP_DMA32: 4n, __GFP_MOVABLE: 8n, __GFP_HIGH: 0x20n, __GFP_IO: 0x40n, __GFP_FS: 0x80n, __GFP_ZERO: 0x100n, __GFP_DIRECT_RECLAIM: 0x400n,
  __GFP_KSWAPD_RECLAIM: 0x800n, __GFP_RECLAIM: 0xc00n, __GFP_NOWARN: 0x2000n, __GFP_RETRY_MAYFAIL: 0x4000n, __GFP_NOFAIL: 0x8000n,
  __GFP_NORETRY: 0x1_0000n, __GFP_COMP: 0x4_0000n, __GFP_HARDWALL: 0x10_0000n, __GFP_THISNODE: 0x20_0000n, __GFP_ACCOUNT: 0x40_0000n,
}; // biome-ignore format: a table

/** How a file is open: `file->f_mode`. */
const fileModes: Table = {
  FMODE_READ: 1n, FMODE_WRITE: 2n, FMODE_LSEEK: 4n, FMODE_PREAD: 8n, FMODE_PWRITE: 0x10n, FMODE_EXEC: 0x20n, FMODE_UNSIGNED_OFFSET: 0x2000n,
  FOP_MMAP_SYNC: { '6.10': 4n }, FOP_UNSIGNED_OFFSET: { '6.12': 0x20n },
}; // biome-ignore format: a table

const limitsUnsignedInt: Table = { UINT_MAX: 0xffff_ffffn, U32_MAX: 0xffff_ffffn, SZ_2G: 1n << 31n, IORESOURCE_BUSY: 0x8000_0000n };

const limitsWide: Table = {
  U64_MAX: 0xffff_ffff_ffff_ffffn, ULLONG_MAX: 0xffff_ffff_ffff_ffffn, PHYS_ADDR_MAX: 0xffff_ffff_ffff_ffffn, S64_MAX: 0x7fff_ffff_ffff_ffffn,
  LLONG_MAX: 0x7fff_ffff_ffff_ffffn, RESOURCE_SIZE_MAX: 0xffff_ffff_ffff_ffffn, DMA_MAPPING_ERROR: 0xffff_ffff_ffff_ffffn,
}; // biome-ignore format: a table

/** Protections of page table entries on x86-64 (`pgprot_t`), by the rights of user space. */
const protections: Table = {
  PAGE_NONE: 0x8000_0000_0000_0120n, PAGE_SHARED: 0x8000_0000_0000_0027n, PAGE_READONLY: 0x8000_0000_0000_0025n, PAGE_COPY: 0x8000_0000_0000_0025n,
  PAGE_COPY_NOEXEC: 0x8000_0000_0000_0025n, PAGE_SHARED_EXEC: 0x27n, PAGE_READONLY_EXEC: 0x25n, PAGE_COPY_EXEC: 0x25n, PAGE_KERNEL: 0x8000_0000_0000_0063n,
  _PAGE_PRESENT: 1n, _PAGE_RW: 2n, _PAGE_USER: 4n, _PAGE_PWT: 8n, _PAGE_PCD: 0x10n, _PAGE_ACCESSED: 0x20n, _PAGE_DIRTY: 0x40n, _PAGE_PAT: 0x80n,
  _PAGE_GLOBAL: 0x100n, _PAGE_PROTNONE: 0x100n, _PAGE_SPECIAL: 0x200n, _PAGE_NX: 1n << 63n,
}; // biome-ignore format: a table

/** What may stand beside a pfn in `pfn_t`, until 6.16. */
const pfnFlags: Table = { PFN_SG_CHAIN: 1n << 63n, PFN_SG_LAST: 1n << 62n, PFN_DEV: 1n << 61n, PFN_MAP: 1n << 60n, PFN_SPECIAL: 1n << 59n };

const limitsLong: Table = {
  LONG_MAX: 0x7fff_ffff_ffff_ffffn,
  LONG_MIN: -0x8000_0000_0000_0000n,
  MAX_SCHEDULE_TIMEOUT: 0x7fff_ffff_ffff_ffffn,
};

/** What nopage handlers return for no page: NOPAGE_SIGBUS is NULL. */
const nopageResults: Table = {
  NOPAGE_SIGBUS: 0n, NOPAGE_OOM: 0xffff_ffff_ffff_ffffn, NOPAGE_REFAULT: { '2.6.20': 0xffff_ffff_ffff_fffen },
}; // biome-ignore format: a table

/** What nopfn handlers return for no frame. */
const nopfnResults: Table = {
  NOPFN_SIGBUS: { '2.6.19': 0xffff_ffff_ffff_ffffn }, NOPFN_OOM: { '2.6.19': 0xffff_ffff_ffff_fffen },
  NOPFN_REFAULT: { '2.6.22': 0xffff_ffff_ffff_fffdn },
}; // biome-ignore format: a table

export const constantTables: readonly (readonly [ConstantType, Table])[] = [
  ['pointer', nopageResults],
  ['unsigned long', { ...nopfnResults, ...pages, ...limitsUnsignedLong, ...dmaAttributes, ...vmallocFlags, ...protections }],
  ['int', { ...shifts, ...limits, ...mmapArguments, ...files, ...devices, ...gupFlags, ...sizes }],
  ['unsigned int', { ...ioctlDirections, ...pollBits, ...allocationFlags, ...fileModes, ...limitsUnsignedInt }],
  ['unsigned long long', { ...limitsWide, ...largeSizes, ...pfnFlags }],
  ['long', { ...limitsLong, ...times }],
];
